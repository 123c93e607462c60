import { useState } from 'preact/hooks';
import { sha256Hex } from '../../../../../shared/trust/digest.js';
import type { Accreditation, SigningKey } from '../../../../../shared/trust/types.js';
import { digestText } from '../../../../../ui/i18n/format.js';
import { FileButton, Notice } from '../../../../../ui/parts/index.js';
import { Problem } from '../../api/Problem.js';
import { useAction } from '../../api/use-action.js';
import { useText } from '../../i18n/index.js';
import { TextField } from '../../parts/index.js';
import { dayBegins, dayEnds, dayOf, lastDay } from '../../parts/china-time.js';
import { accreditationScope, draftOfScope, EMPTY_SCOPE } from '../scope/draft.js';
import { ScopeFields } from '../scope/ScopeFields.js';
import { StatementEnd } from '../StatementEnd.js';
import { useWording, type Desk } from '../use-desk.js';
import { useWrite } from '../use-write.js';
import {
  InstitutionFields,
  institutionInput,
  isInstitutionSaid,
  NO_INSTITUTION,
  type InstitutionFacts,
} from './InstitutionFields.js';
import { readKeyFile } from './key-file.js';

/** Accredits an institution within a scope, or replaces an accreditation by a longer, wider or narrower one. */
export function AccreditForm({
  desk,
  replaces,
  onDone,
}: {
  desk: Desk;
  replaces?: Accreditation;
  onDone: (id: string) => void;
}) {
  const { say } = useText();
  const words = useWording(desk.names);
  const [facts, setFacts] = useState(replaces ? factsOf(replaces) : NO_INSTITUTION);
  const [action] = replaces?.actions ?? [];
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState(lastDay(action?.validUntil));
  const [scope, setScope] = useState(action ? draftOfScope(action.scope) : EMPTY_SCOPE);
  const [keys, setKeys] = useState<readonly SigningKey[]>();
  const takeKeys = useAction(async (file: File) => {
    const found = await readKeyFile(file, dayBegins(dayOf(Date.now())) ?? '');
    setKeys(found.keys);
    // The form may have been written on while the file was read.
    setFacts((now) => ({ ...now, institution: found.institution }));
  });
  const write = useWrite(onDone);
  const begins = dayBegins(from);
  const ends = dayEnds(until);
  const signingKeys = keys ?? replaces?.signingKeys;
  const input = {
    ...institutionInput(facts),
    ...(signingKeys && { signingKeys }),
    ...(replaces && { supersedes: [replaces.id] }),
    actions: [
      {
        scope: accreditationScope(scope),
        ...(begins !== undefined && { validFrom: begins }),
        ...(ends !== undefined && { validUntil: ends }),
      },
      ...(replaces?.actions.slice(1).map(({ validFrom: _, ...rest }) => rest) ?? []),
    ],
  };
  const isEnough = isInstitutionSaid(facts) && scope.kinds.length > 0 && scope.regions.length > 0;
  return (
    <form
      class="stack"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        write.run(`${desk.path}/accreditations`, input);
      }}
    >
      <InstitutionFields facts={facts} onChange={setFacts} words={words} isKnown={replaces !== undefined}>
        <div class="field">
          <strong>{say('fact.keys')}</strong>
          <p class="field-help">
            {keys
              ? say('accredit.keys-taken', { count: keys.length })
              : replaces
                ? say('accredit.keys-kept')
                : say('accredit.keys-help')}
          </p>
          {keys?.map(({ id, publicKeyMultibase }) => (
            <p key={id} class="mono">
              {id.split('#')[1]} · {digestText(sha256Hex(publicKeyMultibase).slice(0, 32))}
            </p>
          ))}
          <div class="actions">
            <FileButton
              label={say('accredit.keys-file')}
              accept=".json,application/json"
              onFiles={([file]) => file && takeKeys.run(file)}
            />
          </div>
          <Problem error={takeKeys.error} />
        </div>
      </InstitutionFields>
      <div class="card">
        <h2>{say('accredit.scope')}</h2>
        <ScopeFields draft={scope} onChange={setScope} words={words} grants />
      </div>
      <div class="card issue-form">
        <h2>{say('fact.period')}</h2>
        <TextField
          label={say('period.from')}
          help={say(replaces ? 'accredit.from-now-help' : 'accredit.from-help')}
          type="date"
          value={from}
          onInput={setFrom}
        />
        <TextField
          label={say('period.until')}
          help={say('accredit.until-help')}
          type="date"
          value={until}
          onInput={setUntil}
        />
      </div>
      {replaces && replaces.actions.length > 1 && <Notice>{say('accredit.other-actions')}</Notice>}
      <StatementEnd
        desk={desk}
        preview={isEnough ? { accredit: input } : undefined}
        write={write}
        statement="accreditation"
      />
    </form>
  );
}

function factsOf({
  institution,
  legalName,
  institutionKind,
  institutionCode,
  unifiedSocialCreditCode = '',
}: Accreditation): InstitutionFacts {
  return { institution, legalName, institutionKind, institutionCode, unifiedSocialCreditCode };
}
