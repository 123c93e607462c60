import { DAY, instant } from '../../../../../shared/trust/time.js';
import type { LevelMapping, Recognition, Treatment } from '../../../../../shared/trust/types.js';
import { dayBegins, dayEnds, dayOf, lastDay } from '../../parts/china-time.js';
import { draftOfScope, EMPTY_SCOPE, limits, type ScopeDraft } from '../scope/draft.js';

/** A recognition as it is being filled in, the way a memorandum is read. */
export interface RecognitionDraft {
  subject: string;
  legalName: string;
  /** DID of the one institution that is recognised, or nothing for all of the subject's. */
  institution: string;
  rootDigest: string;
  treatments: readonly Treatment[];
  mapping: readonly LevelMapping[];
  scope: ScopeDraft;
  from: string;
  until: string;
  issuedFrom: string;
  issuedUntil: string;
  expiryEffect: 'grandfather' | 'lapse';
  /** Steps of onward recognition, `0` for none. */
  onward: string;
  memorandumName: string;
  memorandumId: string;
  memorandumDigest: string;
  isUrgent: boolean;
  urgentReason: string;
}

export const TREATMENTS: readonly Treatment[] = [
  'full',
  'deemed-level',
  'exempt-theory',
  'exempt-safety-training',
  'apply-next-level',
];

const EMPTY: RecognitionDraft = {
  subject: '',
  legalName: '',
  institution: '',
  rootDigest: '',
  treatments: [],
  mapping: [],
  scope: EMPTY_SCOPE,
  from: '',
  until: '',
  issuedFrom: '',
  issuedUntil: '',
  expiryEffect: 'grandfather',
  onward: '0',
  memorandumName: '',
  memorandumId: '',
  memorandumDigest: '',
  isUrgent: false,
  urgentReason: '',
};

/** An empty form, or one with what a recognition says that is to be replaced. */
export function draftOf(row?: Recognition): RecognitionDraft {
  const [action] = row?.actions ?? [];
  if (!row || !action) return EMPTY;
  const onward = row.actions.find((one) => one.action === 'recognize')?.onward?.maxDepth ?? 0;
  const { from, until } = action.certificateIssued ?? {};
  return {
    ...EMPTY,
    subject: row.homeAuthority ?? row.subject,
    legalName: row.legalName,
    institution: row.homeAuthority === undefined ? '' : row.subject,
    treatments: action.treatment ?? [],
    mapping: action.levelMapping ?? [],
    scope: draftOfScope(action.scope),
    until: lastDay(action.validUntil),
    issuedFrom: from === undefined ? '' : dayOf(instant(from)),
    issuedUntil: lastDay(until),
    expiryEffect: action.expiryEffect ?? 'grandfather',
    onward: String(onward),
    memorandumName: row.memorandum?.name ?? '',
    memorandumId: row.memorandum?.id ?? '',
    memorandumDigest: row.memorandum?.digestMultibase ?? '',
  };
}

const given = (name: string, value: string | undefined): object =>
  value === undefined || value === '' ? {} : { [name]: value };

/** What the form says to the registry. @param own DID of the authority that recognises */
export function recognitionInput(draft: RecognitionDraft, own: string, replaces?: Recognition): object {
  const isOne = draft.institution !== '';
  const window = { ...given('from', dayBegins(draft.issuedFrom)), ...given('until', dayEnds(draft.issuedUntil)) };
  const action = {
    ...given('validFrom', dayBegins(draft.from)),
    ...given('validUntil', dayEnds(draft.until)),
    scope: {
      ...limits(draft.scope),
      ...(replaces?.actions[0]?.scope.institutions && { institutions: replaces.actions[0].scope.institutions }),
    },
    treatment: TREATMENTS.filter((item) => draft.treatments.includes(item)),
    expiryEffect: draft.expiryEffect,
    ...(Object.keys(window).length > 0 && { certificateIssued: window }),
    ...(draft.mapping.length > 0 && { levelMapping: draft.mapping }),
  };
  const depth = Number(draft.onward);
  return {
    subject: isOne ? draft.institution : draft.subject,
    legalName: draft.legalName,
    ...(isOne && { homeAuthority: draft.subject }),
    ...given('rootDigest', draft.rootDigest.trim()),
    actions: [
      { action: isOne ? 'issue' : 'accredit', ...action },
      ...(depth > 0 && !isOne ? [{ action: 'recognize', ...action, onward: { maxDepth: depth } }] : []),
    ],
    ...(draft.memorandumName !== '' && {
      memorandum: {
        id: draft.memorandumId.trim(),
        name: draft.memorandumName.trim(),
        ...given('digestMultibase', draft.memorandumDigest),
        party: [own, draft.subject],
      },
    }),
    ...(replaces && { supersedes: [replaces.id] }),
    ...(draft.isUrgent && { urgent: true, urgentReason: draft.urgentReason.trim() }),
  };
}

/** Says the form enough to be judged? */
export function isEnough(draft: RecognitionDraft): boolean {
  return (
    draft.subject.startsWith('did:web:') &&
    draft.legalName.trim() !== '' &&
    draft.treatments.length > 0 &&
    (!draft.treatments.includes('deemed-level') || draft.mapping.length > 0) &&
    (draft.memorandumName === '' || draft.memorandumId.trim() !== '') &&
    (!draft.isUrgent || draft.urgentReason.trim() !== '')
  );
}

/** The first day on which every verifier has learned of a narrowing: seven days, and the time until the next publication. */
export function earliestNarrowing(now: number): string {
  return dayOf(now + 8 * DAY);
}
