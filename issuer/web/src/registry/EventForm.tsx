import { useState } from 'preact/hooks';
import type { RegistryEvent } from '../../../../shared/trust/types.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';
import { SelectField, TextField } from '../parts/index.js';
import { dayBegins, dayEnds } from '../parts/china-time.js';
import { StatementEnd } from './StatementEnd.js';
import { UrgentFields } from './UrgentFields.js';
import type { Desk } from './use-desk.js';
import { useWrite } from './use-write.js';

/** What an authority can say against an institution, another authority, a key or its own statement. */
export type EventKind = RegistryEvent['event'];

const CAUSES = ['administrative', 'integrity'] as const;
const REASONS = ['superseded', 'compromised'] as const;

/** Suspends, withdraws, voids, revokes a key or a statement, or denies; says what follows before it is proposed. */
export function EventForm({
  desk,
  about,
  event,
  keys = [],
  statement,
  path = `${desk.path}/events`,
  onDone,
  onClose,
}: {
  desk: Desk;
  about: { id: string; name: string };
  event: EventKind;
  /** Ids of the keys that can be revoked. */
  keys?: readonly string[];
  /** The statement that is revoked. */
  statement?: string;
  /** Where it is sent: the events, or what a finding leads to. */
  path?: string;
  onDone: () => void;
  onClose: () => void;
}) {
  const { say } = useText();
  const [draft, setDraft] = useState({
    cause: '' as (typeof CAUSES)[number] | '',
    from: '',
    until: '',
    voids: '',
    key: keys.length === 1 ? (keys[0] ?? '') : '',
    reason: '' as (typeof REASONS)[number] | '',
    since: '',
    isUrgent: false,
    urgentReason: '',
  });
  const set = (change: Partial<typeof draft>): void => setDraft({ ...draft, ...change });
  const write = useWrite(onDone);
  const ends = event === 'suspend' || event === 'deny';
  const voids = event === 'suspend' || event === 'withdraw';
  const optional = (name: string, value: string | undefined): object => (value === undefined ? {} : { [name]: value });
  const input = {
    about: about.id,
    event,
    cause: draft.cause,
    ...optional('effectiveFrom', dayBegins(draft.from)),
    ...(ends && optional('effectiveUntil', dayEnds(draft.until))),
    ...(voids && optional('voidsIssuedSince', dayBegins(draft.voids))),
    ...(event === 'key-revoked' && {
      keyId: draft.key,
      reason: draft.reason,
      ...(draft.reason === 'compromised' && optional('compromisedSince', dayBegins(draft.since))),
    }),
    ...(statement !== undefined && { statement }),
    ...(draft.isUrgent && { urgent: true, urgentReason: draft.urgentReason.trim() }),
  };
  const isEnough =
    draft.cause !== '' &&
    (event !== 'key-revoked' || (draft.key !== '' && draft.reason !== '')) &&
    (!draft.isUrgent || draft.urgentReason.trim() !== '');
  const { about: _, ...measure } = input;
  return (
    <form
      class="stack"
      onSubmit={(submitted) => {
        submitted.preventDefault();
        write.run(path, path.endsWith('/events') ? input : measure);
      }}
    >
      <div class="card issue-form">
        <h2>{say('event.title', { event: say(`event.${event}`), name: about.name })}</h2>
        <Notice kind={event === 'withdraw' ? 'care' : 'info'}>{say(`event.${event}.help`)}</Notice>
        {event === 'key-revoked' && (
          <>
            <SelectField
              label={say('fact.key')}
              value={draft.key}
              onChange={(key) => set({ key })}
              choices={keys.map((value) => ({ value, label: value.split('#')[1] ?? value }))}
              empty={say('change.choose')}
              required
              markRequired
            />
            <SelectField
              label={say('event.key-reason')}
              value={draft.reason}
              onChange={(reason) => set({ reason, ...(reason === 'compromised' && { cause: 'integrity' as const }) })}
              choices={REASONS.map((value) => ({ value, label: say(`event.reason.${value}`) }))}
              empty={say('change.choose')}
              required
              markRequired
            />
            {draft.reason === 'compromised' && (
              <TextField
                label={say('event.since')}
                help={say('event.since-help')}
                type="date"
                value={draft.since}
                onInput={(since) => set({ since })}
              />
            )}
          </>
        )}
        <SelectField
          label={say('fact.cause')}
          help={draft.cause === '' ? undefined : say(`event.cause.${draft.cause}.help`)}
          value={draft.cause}
          onChange={(cause) => set({ cause })}
          choices={CAUSES.map((value) => ({ value, label: say(`event.cause.${value}`) }))}
          empty={say('change.choose')}
          required
          markRequired
        />
        <TextField
          label={say('event.from')}
          help={say('event.from-help')}
          type="date"
          value={draft.from}
          onInput={(from) => set({ from })}
        />
        {ends && (
          <TextField
            label={say('event.until')}
            help={say('event.until-help')}
            type="date"
            value={draft.until}
            onInput={(until) => set({ until })}
          />
        )}
        {voids && (
          <TextField
            label={say('fact.voids')}
            help={say('event.voids-help')}
            type="date"
            value={draft.voids}
            onInput={(from) => set({ voids: from })}
          />
        )}
        <UrgentFields urgency={draft} onChange={set} isOffered={event === 'statement-revoked'} />
      </div>
      <StatementEnd
        desk={desk}
        preview={isEnough ? { event: input } : undefined}
        write={write}
        statement="event"
        kind="danger"
      >
        <Button onClick={onClose}>{say('app.back')}</Button>
      </StatementEnd>
    </form>
  );
}
