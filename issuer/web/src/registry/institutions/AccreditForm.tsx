import { useState } from 'preact/hooks';
import { sha256Hex } from '../../../../../shared/trust/digest.js';
import { INSTITUTION_KINDS } from '../../../../../shared/trust/statement-schema.js';
import type { Accreditation, InstitutionKind, SigningKey } from '../../../../../shared/trust/types.js';
import { digestText } from '../../../../../ui/i18n/format.js';
import { Button, FileButton, Notice } from '../../../../../ui/parts/index.js';
import { Problem } from '../../api/Problem.js';
import { useAction } from '../../api/use-action.js';
import { useText } from '../../i18n/index.js';
import { SelectField, TextField } from '../../parts/index.js';
import { dayBegins, dayEnds, dayOf, lastDay } from '../../parts/china-time.js';
import { PreviewPanel } from '../preview/index.js';
import { accreditationScope, draftOfScope, EMPTY_SCOPE } from '../scope/draft.js';
import { ScopeFields } from '../scope/ScopeFields.js';
import { useWording, type Desk } from '../use-desk.js';
import { useWrite } from '../use-write.js';
import { readKeyFile } from './key-file.js';

interface Facts {
  institution: string;
  legalName: string;
  institutionKind: InstitutionKind | '';
  institutionCode: string;
  unifiedSocialCreditCode: string;
}

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
  const [facts, setFacts] = useState<Facts>({
    institution: replaces?.institution ?? '',
    legalName: replaces?.legalName ?? '',
    institutionKind: replaces?.institutionKind ?? '',
    institutionCode: replaces?.institutionCode ?? '',
    unifiedSocialCreditCode: replaces?.unifiedSocialCreditCode ?? '',
  });
  const [action] = replaces?.actions ?? [];
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState(lastDay(action?.validUntil));
  const [scope, setScope] = useState(action ? draftOfScope(action.scope) : EMPTY_SCOPE);
  const [keys, setKeys] = useState<readonly SigningKey[]>();
  const set = (change: Partial<Facts>): void => setFacts({ ...facts, ...change });
  const takeKeys = useAction(async (file: File) => {
    const found = await readKeyFile(file, dayBegins(dayOf(Date.now())) ?? '');
    setKeys(found.keys);
    set({ institution: found.institution });
  });
  const write = useWrite(onDone);
  const { unifiedSocialCreditCode, ...needed } = facts;
  const begins = dayBegins(from);
  const ends = dayEnds(until);
  const signingKeys = keys ?? replaces?.signingKeys;
  const input = {
    ...needed,
    ...(unifiedSocialCreditCode !== '' && { unifiedSocialCreditCode }),
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
  const isEnough =
    Object.values(needed).every((text) => text !== '') && scope.kinds.length > 0 && scope.regions.length > 0;
  return (
    <form
      class="stack"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        write.run(`${desk.path}/accreditations`, input);
      }}
    >
      <div class="card issue-form">
        <h2>{say('accredit.institution')}</h2>
        <TextField
          label={say('accredit.name')}
          value={facts.legalName}
          onInput={(legalName) => set({ legalName })}
          maxLength={60}
          required
          markRequired
        />
        <SelectField
          label={say('fact.institution-kind')}
          value={facts.institutionKind}
          onChange={(institutionKind) => set({ institutionKind })}
          choices={INSTITUTION_KINDS.map((value) => ({ value, label: words.say(`institutionKind.${value}`) }))}
          empty={say('change.choose')}
          required
          markRequired
        />
        <TextField
          label={say('fact.code')}
          help={say('accredit.code-help')}
          value={facts.institutionCode}
          onInput={(institutionCode) => set({ institutionCode: institutionCode.toUpperCase() })}
          maxLength={13}
          plain
          required
          markRequired
          disabled={replaces !== undefined}
        />
        <TextField
          label={say('fact.uscc')}
          value={facts.unifiedSocialCreditCode}
          onInput={(text) => set({ unifiedSocialCreditCode: text.toUpperCase() })}
          maxLength={18}
          plain
        />
        <TextField
          label={say('accredit.did')}
          help={say('accredit.did-help')}
          value={facts.institution}
          onInput={(institution) => set({ institution: institution.trim() })}
          maxLength={300}
          plain
          required
          markRequired
          disabled={replaces !== undefined}
        />
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
      </div>
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
      <PreviewPanel desk={desk} body={isEnough ? { accredit: input } : undefined} />
      <Problem error={write.error} />
      <div class="actions">
        <Button type="submit" kind="primary" busy={write.busy}>
          {say(desk.authority?.dualControl.includes('accreditation') === true ? 'officer.propose' : 'officer.do')}
        </Button>
      </div>
    </form>
  );
}
