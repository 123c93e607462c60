import type { CertificateDraft } from '../exam-result.js';
import type { CountedFacts } from '../supervision/certificate-cells.js';
import type { StoredRow } from './batch-tables.js';
import { coverFacts, type CoverFacts } from './cover-facts.js';

/** What is asked of a row again when its turn comes, or what it is counted by, beyond {@link CoverFacts}. */
interface SeenFacts {
  /** Date of the assessment. */
  date: string;
  expiresOn?: string | undefined;
  occupationName?: string | undefined;
  /** Where the assessment was held, as far as the row says. */
  region?: string | undefined;
}

/**
 * Everything rows share that is asked of them when they are issued, so that no draft is read for it. `seen` is missing where the draft has
 * to be read: in kinds that are counted by other things, and in batches of earlier releases.
 */
export interface RowFacts {
  cover: CoverFacts;
  seen?: SeenFacts | undefined;
}

/** As stored: earlier releases read the members of {@link CoverFacts} where they always stood. */
type StoredFacts = CoverFacts & { seen?: SeenFacts };

/** The facts of a draft as text. */
export function rowFactsText(draft: CertificateDraft, institutionCode: string): string {
  const cover = coverFacts(draft, institutionCode);
  if (draft.competition ?? draft.training ?? draft.appointment) return JSON.stringify(cover);
  const { assessment, occupation, expiresOn } = draft;
  const seen: SeenFacts = {
    date: assessment.date,
    expiresOn,
    occupationName: occupation?.name,
    region: assessment.region,
  };
  return JSON.stringify({ ...cover, seen } satisfies StoredFacts);
}

/** Reads what {@link rowFactsText} wrote. */
export function parseRowFacts(text: string): RowFacts {
  const { seen, ...cover } = JSON.parse(text) as StoredFacts;
  return { cover, seen };
}

/**
 * Names what {@link rowFactsText} looks at of an ordinary draft: two drafts with the same name have the same facts.
 * @returns undefined for a draft with members few have
 */
export function rowFactsName(draft: CertificateDraft): string | undefined {
  const { kind, level, occupation, assessment, expiresOn } = draft;
  if (draft.specification ?? draft.candidateEmployer ?? draft.permit) return undefined;
  if (draft.competition ?? draft.training ?? draft.appointment) return undefined;
  return [
    kind,
    level?.framework,
    level?.value,
    occupation?.catalogueEdition,
    occupation?.code,
    occupation?.name,
    assessment.standard,
    assessment.standardType,
    assessment.date,
    assessment.region,
    expiresOn,
  ].join('\n');
}

/** Whether two drafts have the same facts, as far as it shows at once: their parts are the same objects and texts. */
export function haveSameFacts(a: CertificateDraft, b: CertificateDraft): boolean {
  return (
    a.kind === b.kind &&
    a.level === b.level &&
    a.occupation === b.occupation &&
    a.specification === b.specification &&
    a.candidateEmployer === b.candidateEmployer &&
    a.permit === b.permit &&
    a.competition === b.competition &&
    a.training === b.training &&
    a.appointment === b.appointment &&
    a.expiresOn === b.expiresOn &&
    a.assessment.standard === b.assessment.standard &&
    a.assessment.standardType === b.assessment.standardType &&
    a.assessment.date === b.assessment.date &&
    a.assessment.region === b.assessment.region
  );
}

/** The dates a row is held against on the day it is issued; a row with a day of issue of its own is asked itself. */
export function datesOf(
  { draft, issued_on }: Pick<StoredRow, 'draft' | 'issued_on'>,
  { seen }: RowFacts,
): Pick<SeenFacts, 'date' | 'expiresOn'> {
  if (seen && issued_on === null) return seen;
  const { assessment, expiresOn } = JSON.parse(draft ?? '') as CertificateDraft;
  return { date: assessment.date, expiresOn };
}

/** What a row's certificate is counted by. */
export function countedFacts(
  { draft, assessment }: Pick<StoredRow, 'draft' | 'assessment'>,
  { cover, seen }: RowFacts,
  issuedOn: string,
): CountedFacts {
  if (!seen || assessment === null) return { ...(JSON.parse(draft ?? '') as CountedFacts), issuedOn };
  const { kind, level, occupation, permit, specification } = cover;
  return {
    kind,
    issuedOn,
    level,
    occupation: occupation && { ...occupation, name: seen.occupationName ?? '' },
    assessment: { ...cover.assessment, id: assessment, date: seen.date, region: seen.region },
    permit,
    specification,
  };
}
