import type { ComponentChildren } from 'preact';
import type { Wording } from '../../../../../shared/trust/explain/wording.js';
import { INSTITUTION_KINDS } from '../../../../../shared/trust/statement-schema.js';
import type { InstitutionKind } from '../../../../../shared/trust/types.js';
import { useText } from '../../i18n/index.js';
import { SelectField, TextField } from '../../parts/index.js';

/** Which institution, as a form holds it; `''` while nothing was said. */
export interface InstitutionFacts {
  /** Its DID. */
  institution: string;
  legalName: string;
  institutionKind: InstitutionKind | '';
  institutionCode: string;
  unifiedSocialCreditCode: string;
}

/** Nothing was said. */
export const NO_INSTITUTION: InstitutionFacts = {
  institution: '',
  legalName: '',
  institutionKind: '',
  institutionCode: '',
  unifiedSocialCreditCode: '',
};

/** The facts as they are sent: what need not be said and was not is left out. */
export function institutionInput({ unifiedSocialCreditCode, ...needed }: InstitutionFacts): Partial<InstitutionFacts> {
  return { ...needed, ...(unifiedSocialCreditCode !== '' && { unifiedSocialCreditCode }) };
}

/** Whether everything is said that must be. */
export function isInstitutionSaid({ unifiedSocialCreditCode: _, ...needed }: InstitutionFacts): boolean {
  return Object.values(needed).every((text) => text !== '');
}

/** The part of a form that says which institution. `isKnown`: code and DID stay as they are; `children`: what belongs with them. */
export function InstitutionFields({
  facts,
  onChange,
  words,
  isKnown = false,
  children,
}: {
  facts: InstitutionFacts;
  onChange: (facts: InstitutionFacts) => void;
  words: Wording;
  isKnown?: boolean;
  children?: ComponentChildren;
}) {
  const { say } = useText();
  const set = (change: Partial<InstitutionFacts>): void => onChange({ ...facts, ...change });
  return (
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
        disabled={isKnown}
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
        disabled={isKnown}
      />
      {children}
    </div>
  );
}
