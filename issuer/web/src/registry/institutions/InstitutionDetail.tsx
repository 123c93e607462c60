import { useState } from 'preact/hooks';
import type { Accreditation } from '../../../../../shared/trust/types.js';
import { Button, Notice } from '../../../../../ui/parts/index.js';
import { call } from '../../api/call.js';
import { Problem } from '../../api/Problem.js';
import { useCall } from '../../api/use-call.js';
import { routeHref } from '../../app/routes.js';
import { useText } from '../../i18n/index.js';
import { EventForm, type EventKind } from '../EventForm.js';
import { KeptCard } from '../KeptCard.js';
import { keptListSchema } from '../schemas.js';
import { useWording, type Desk } from '../use-desk.js';
import { useWrite } from '../use-write.js';
import { AccreditForm } from './AccreditForm.js';

type Doing = { what: 'change'; row: Accreditation } | { what: EventKind; statement?: string };

/** One institution: its accreditations, what was said about it, and what an officer may do. */
export function InstitutionDetail({ desk, did }: { desk: Desk; did: string }) {
  const { say } = useText();
  const { path } = desk;
  const [doing, setDoing] = useState<Doing>();
  const known = useCall(
    async (signal) =>
      (await call(`${path}/statements?about=${encodeURIComponent(did)}&limit=500`, keptListSchema, { signal }))
        .statements,
    [path, did],
  );
  const statements = known.value ?? [];
  const accreditations = statements.filter(({ statement }) => statement.kind === 'accreditation');
  const others = statements.filter(({ statement }) => statement.kind !== 'accreditation');
  const name = accreditations.at(-1)?.subject.name ?? did;
  const words = useWording(new Map([...desk.names, [did, name]]));
  const done = (): void => {
    setDoing(undefined);
    known.again();
  };
  const keys = useWrite(done);
  const isOfficer = desk.roles.includes('officer');
  const current = accreditations
    .filter(({ state }) => state !== 'ended')
    .map(({ statement }) => statement.row as Accreditation);
  return (
    <section class="stack">
      <p>
        <a href={routeHref('institutions')}>{say('institutions.back')}</a>
      </p>
      <h1>{name}</h1>
      <p class="soft mono">{did}</p>
      <Problem error={desk.error ?? known.error ?? keys.error} />
      {known.value && accreditations.length === 0 && <Notice>{say('institutions.none')}</Notice>}
      {isOfficer && doing === undefined && current.length > 0 && (
        <div class="actions">
          {(['suspend', 'withdraw', 'key-revoked'] as const).map((what) => (
            <Button key={what} kind={what === 'suspend' ? 'plain' : 'danger'} onClick={() => setDoing({ what })}>
              {say(`event.${what}`)}
            </Button>
          ))}
        </div>
      )}
      {doing && doing.what !== 'change' && (
        <EventForm
          desk={desk}
          about={{ id: did, name }}
          event={doing.what}
          keys={[...new Set(current.flatMap(({ signingKeys }) => signingKeys.map(({ id }) => id)))]}
          {...(doing.statement !== undefined && { statement: doing.statement })}
          onDone={done}
          onClose={() => setDoing(undefined)}
        />
      )}
      {doing?.what === 'change' && (
        <div class="stack">
          <h2>{say('accredit.change')}</h2>
          <Notice>{say('accredit.change-help')}</Notice>
          <AccreditForm desk={desk} replaces={doing.row} onDone={done} />
          <div class="actions">
            <Button onClick={() => setDoing(undefined)}>{say('app.back')}</Button>
          </div>
        </div>
      )}
      {doing === undefined &&
        accreditations.toReversed().map((kept) => (
          <KeptCard key={kept.id} kept={kept} words={words}>
            {isOfficer && kept.state !== 'ended' && kept.replacedBy === undefined && (
              <div class="actions">
                <Button onClick={() => setDoing({ what: 'change', row: kept.statement.row as Accreditation })}>
                  {say('accredit.change')}
                </Button>
                <Button
                  busy={keys.busy}
                  onClick={() => keys.run(`${path}/accreditations/${encodeURIComponent(kept.id)}/keys`, {})}
                >
                  {say('accredit.take-keys')}
                </Button>
                <Button kind="danger" onClick={() => setDoing({ what: 'statement-revoked', statement: kept.id })}>
                  {say('event.statement-revoked')}
                </Button>
              </div>
            )}
          </KeptCard>
        ))}
      {others.length > 0 && <h2>{say('institutions.events')}</h2>}
      {others.toReversed().map((kept) => (
        <KeptCard key={kept.id} kept={kept} words={words} />
      ))}
    </section>
  );
}
