import { useState } from 'preact/hooks';
import type { Recognition } from '../../../../../shared/trust/types.js';
import { Notice } from '../../../../../ui/parts/index.js';
import { useText } from '../../i18n/index.js';
import { CheckField, SelectField, TextField } from '../../parts/index.js';
import { ScopeFields } from '../scope/ScopeFields.js';
import { StatementEnd } from '../StatementEnd.js';
import { UrgentFields } from '../UrgentFields.js';
import { useWording, type Desk } from '../use-desk.js';
import { useWrite } from '../use-write.js';
import { draftOf, earliestNarrowing, isEnough, recognitionInput, TREATMENTS, type RecognitionDraft } from './draft.js';
import { MappingTable } from './MappingTable.js';
import { MemorandumFields } from './MemorandumFields.js';

const DEPTHS = ['0', '1', '2', '3'] as const;

/** Recognises another authority, or one institution of it, as the memorandum says; shows what changes while it is filled in. */
export function RecogniseForm({
  desk,
  replaces,
  onDone,
}: {
  desk: Desk;
  replaces?: Recognition;
  onDone: (id: string) => void;
}) {
  const { say } = useText();
  const words = useWording(desk.names);
  const [draft, setDraft] = useState(() => draftOf(replaces));
  const set = (change: Partial<RecognitionDraft>): void => setDraft((before) => ({ ...before, ...change }));
  const write = useWrite(onDone);
  const input = recognitionInput(draft, desk.authority?.did ?? '', replaces);
  const others = [...desk.names].filter(([did]) => did !== desk.authority?.did);
  return (
    <form
      class="stack"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        write.run(`${desk.path}/recognitions`, input);
      }}
    >
      {replaces && <Notice>{say('recognise.change-help', { earliest: earliestNarrowing(Date.now()) })}</Notice>}
      <div class="card issue-form">
        <h2>{say('recognise.whom')}</h2>
        <TextField
          label={say('recognise.did')}
          help={say('recognise.did-help')}
          value={draft.subject}
          onInput={(text) => {
            const subject = text.trim();
            const known = desk.names.get(subject);
            set({ subject, ...(known !== undefined && { legalName: known }) });
          }}
          list="known-authorities"
          maxLength={300}
          plain
          required
          markRequired
          disabled={replaces !== undefined}
        />
        <datalist id="known-authorities">
          {others.map(([did, name]) => (
            <option key={did} value={did}>
              {name}
            </option>
          ))}
        </datalist>
        <TextField
          label={say('recognise.name')}
          value={draft.legalName}
          onInput={(legalName) => set({ legalName })}
          maxLength={60}
          required
          markRequired
        />
        <TextField
          label={say('recognise.institution')}
          help={say('recognise.institution-help')}
          value={draft.institution}
          onInput={(text) => set({ institution: text.trim() })}
          maxLength={300}
          plain
          disabled={replaces !== undefined}
        />
        <TextField
          label={say('recognise.root')}
          help={say('recognise.root-help')}
          value={draft.rootDigest}
          onInput={(rootDigest) => set({ rootDigest })}
          maxLength={60}
          plain
        />
      </div>
      <MemorandumFields draft={draft} onChange={set} />
      <div class="card">
        <h2>{say('recognise.worth')}</h2>
        <fieldset class="choices">
          <legend>{say('fact.treatment')}</legend>
          <div class="choices-grid">
            {TREATMENTS.map((item) => (
              <CheckField
                key={item}
                label={words.say(`treatment.${item}`)}
                help={say(`treatment.${item}.help`)}
                checked={draft.treatments.includes(item)}
                onChange={(on) =>
                  set({ treatments: on ? [...draft.treatments, item] : draft.treatments.filter((one) => one !== item) })
                }
              />
            ))}
          </div>
        </fieldset>
        {(draft.treatments.includes('deemed-level') || draft.mapping.length > 0) && (
          <MappingTable mapping={draft.mapping} onChange={(mapping) => set({ mapping })} words={words} />
        )}
      </div>
      <details class="card">
        <summary>{say('recognise.limits')}</summary>
        <ScopeFields draft={draft.scope} onChange={(scope) => set({ scope })} words={words} grants={false} />
      </details>
      <div class="card issue-form">
        <h2>{say('fact.period')}</h2>
        <TextField
          label={say('period.from')}
          help={say('accredit.from-help')}
          type="date"
          value={draft.from}
          onInput={(from) => set({ from })}
        />
        <TextField
          label={say('period.until')}
          help={say('accredit.until-help')}
          type="date"
          value={draft.until}
          onInput={(until) => set({ until })}
        />
        <SelectField
          label={say('recognise.expiry')}
          value={draft.expiryEffect}
          onChange={(expiryEffect) => set({ expiryEffect })}
          choices={(['grandfather', 'lapse'] as const).map((value) => ({
            value,
            label: say(`recognise.expiry.${value}`),
          }))}
        />
        <TextField
          label={say('recognise.issued-from')}
          help={say('recognise.issued-help')}
          type="date"
          value={draft.issuedFrom}
          onInput={(issuedFrom) => set({ issuedFrom })}
        />
        <TextField
          label={say('recognise.issued-until')}
          type="date"
          value={draft.issuedUntil}
          onInput={(issuedUntil) => set({ issuedUntil })}
        />
        <SelectField
          label={say('fact.onward')}
          help={say('recognise.onward-help')}
          value={draft.onward}
          onChange={(onward) => set({ onward })}
          choices={DEPTHS.map((value) => ({ value, label: say(`recognise.onward.${value}`) }))}
          disabled={draft.institution !== ''}
        />
        <UrgentFields urgency={draft} onChange={set} isOffered={replaces !== undefined} />
      </div>
      <StatementEnd
        desk={desk}
        preview={isEnough(draft) ? { recognise: input } : undefined}
        write={write}
        statement="recognition"
      />
    </form>
  );
}
