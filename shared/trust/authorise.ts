import { checkAccreditation, type IssuanceCounts, type JudgeContext } from './check-accreditation.js';
import { distinct, reason, reasonsOf, type Failure } from './judgement.js';
import { trustPolicy, type TrustPolicy } from './policy.js';
import { DAY, instant } from './time.js';
import type { TrustView } from './trust-view.js';
import type { Accreditation, Answer, Authorisation, CertificateFacts, Reason } from './types.js';

/**
 * Was the issuer accredited, on the day of issue, by the authority its certificate names, for this kind × occupation × level ×
 * region × candidate? Independent of any anchor; unknown when that authority's feed is not in the view.
 *
 * An accreditation replaced from its very beginning, or on the day of issue, is judged together with those that replaced it.
 *
 * The issuer asks the same question before it signs (DESIGN §8): both the date of issue and the instant of signing must lie
 * inside the accreditation. Stale data can refuse for facts that cannot be undone, and never accepts.
 * @param options `now` RFC 3339
 * @returns main reason first: `ACCREDITED`, or why not; `AUTHORITY_UNKNOWN` when the view lacks the authority's feed
 */
export function authorise(
  facts: CertificateFacts,
  view: TrustView,
  options: { now: string; policy?: Partial<TrustPolicy>; counts?: IssuanceCounts },
): Authorisation {
  const { id, authority } = facts.issuedUnder;
  const feed = view.feedOf(authority);
  const dataAsOf = feed?.issuedAt ?? null;
  const answered = (answer: Answer, reasons: readonly Reason[]): Authorisation => ({
    answer,
    reasons: distinct(reasons),
    dataAsOf,
  });
  if (!feed) return answered('unknown', [reason('AUTHORITY_UNKNOWN', authority)]);
  const policy = trustPolicy(options.policy);
  const age = view.freshness(authority, options.now, facts.kind, policy);
  const aged =
    age === 'stale' ? [reason('BUNDLE_STALE', authority)] : age === 'grace' ? [reason('STALE_GRACE', authority)] : [];
  const accreditation = view.accreditation(authority, id);
  if (accreditation?.institution !== facts.issuer)
    return answered(age === 'stale' ? 'unknown' : 'fail', [...aged, reason('ISSUER_NOT_ACCREDITED', authority)]);
  const context: JudgeContext = {
    view,
    policy,
    now: instant(options.now),
    counts: options.counts,
    keyMaterial: facts.publicKeyMultibase,
  };
  const own = { row: accreditation, ...checkAccreditation(facts, accreditation, context) };
  const found =
    own.failures.length === 0 || !isReplacedUnawares(facts, accreditation, view)
      ? own
      : successors(accreditation, view)
          .map((row) => ({ row, ...checkAccreditation(facts, row, context) }))
          .find((item) => item.failures.length === 0);
  const { row, failures, warnings } = found ?? own;
  const answer = answerOf(failures, age === 'stale');
  const reasons =
    failures.length > 0
      ? [...(answer === 'unknown' && age === 'stale' ? aged : []), ...reasonsOf(failures), ...aged, ...warnings]
      : age === 'stale'
        ? [...aged, ...warnings]
        : [reason('ACCREDITED', row.id), ...aged, ...warnings];
  return { ...answered(answer, reasons), accreditation: row };
}

/**
 * Was the accreditation replaced in a way its institution could not know when it signed: from its very beginning, or during the day of
 * issue? Whoever names one that was over before is refused.
 */
function isReplacedUnawares(
  facts: CertificateFacts,
  { id, authority, actions }: Accreditation,
  view: TrustView,
): boolean {
  const end = view.endOf(authority, id);
  if (end === undefined) return false;
  const issuedAt = instant(facts.issuedAt);
  const begins = Math.min(...actions.map(({ validFrom }) => instant(validFrom)));
  return end <= begins || (end >= issuedAt && end < issuedAt + DAY);
}

/** What replaced an accreditation, and what replaced that: the institution's accreditations one after the other. */
function successors(accreditation: Accreditation, view: TrustView): Accreditation[] {
  const replaced = new Set([accreditation.id]);
  const rows = view.accreditations(accreditation.authority, accreditation.institution);
  for (let found = true; found;) {
    const next = rows.find((row) => !replaced.has(row.id) && row.supersedes?.some((id) => replaced.has(id)) === true);
    found = next !== undefined;
    if (next) replaced.add(next.id);
  }
  return rows.filter((row) => row.id !== accreditation.id && replaced.has(row.id));
}

/** Asked by the issuer before it signs: the same function, the same answer a verifier will get. */
export const authoriseIssue = authorise;

function answerOf(failures: readonly Failure[], stale: boolean): Answer {
  if (failures.some((item) => item.weight === 'final')) return 'fail';
  if (stale) return 'unknown';
  if (failures.length === 0) return 'pass';
  return failures.some((item) => item.weight === 'refusal') ? 'fail' : 'unknown';
}
