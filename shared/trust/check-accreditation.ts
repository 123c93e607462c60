import { provenBefore, checkEvents } from './check-events.js';
import { failure, reason, type Failure, type Findings } from './judgement.js';
import type { TrustPolicy } from './policy.js';
import { outsideScope, scopeQuestion, type ScopeQuestion } from './scope.js';
import { DAY, instant, within } from './time.js';
import type { TrustView } from './trust-view.js';
import type { Accreditation, CertificateFacts, RecognizedAction, Reason } from './types.js';

/**
 * What is known of the numbers an institution gave out (TRUST §5.3). Passed in; without it, serials and quotas are not judged.
 */
export interface IssuanceCounts {
  /** Is the serial of this certificate inside the declared range of its month? Undefined = no declaration for it. */
  serialInRange(facts: CertificateFacts): boolean | undefined;
  /** How many the institution issued in the quota period of this certificate. */
  issuedInPeriod(facts: CertificateFacts, per: 'year' | 'month'): number;
  /** Was the assessment batch filed with the authority (DOMAIN M20)? Undefined = not known. */
  batchFiled?(facts: CertificateFacts): boolean | undefined;
}

/** What every judgement works with. */
export interface JudgeContext {
  view: TrustView;
  policy: TrustPolicy;
  /** Milliseconds; never before the newest instant the anchor's data speaks of. */
  now: number;
  counts: IssuanceCounts | undefined;
  /** Key material that verified the signature, when it is known. */
  keyMaterial: string | undefined;
}

const NOTHING: Findings = { failures: [], warnings: [] };
const AT_ISSUE = 1;
const SCOPE = 2;
const KEY = 4;
const COUNT = 5;
const CANDIDATE = 6;
const LOG = 7;

/**
 * Judges one accreditation against a certificate: in force on some of the day of issue and at the instant of signing, scope, key, events, serial and quota, candidate, log proof
 * (TRUST §2.5, §2.6-4). One of its actions must satisfy all; the best failing one explains the refusal.
 * @param question the facts as asked of this accreditation's scopes
 */
export function checkAccreditation(
  facts: CertificateFacts,
  row: Accreditation,
  context: JudgeContext,
  question = scopeQuestion(facts, row),
): Findings {
  const key = checkKey(facts, row, context);
  const times = { issuedAt: instant(facts.issuedAt), signedAt: instant(facts.signedAt) };
  const published = context.view.eventsBy(row.authority, row.institution);
  let best: Findings | undefined;
  for (const action of row.actions) {
    const own = checkAction(facts, times, question, row, action, context);
    const events =
      published.length === 0
        ? NOTHING
        : checkEvents(facts, published, { statement: row.id, begins: instant(action.validFrom) }, context.now);
    const found = {
      failures: joined(own.failures, events.failures, key.failures),
      warnings: joined(events.warnings, key.warnings, own.warnings),
    };
    if (found.failures.length === 0) return found;
    if (best === undefined || furthest(found) > furthest(best)) best = found;
  }
  return best ?? { failures: [failure('ACTION_NOT_GRANTED', SCOPE, row.id)], warnings: [] };
}

/** The lists one after the other; most are empty. */
function joined<T>(a: T[], b: T[], c: T[]): T[] {
  return a.length + b.length + c.length === 0 ? [] : [...a, ...b, ...c];
}

/** How far a candidate came before its first failure. */
function furthest(found: Findings): number {
  return found.failures.reduce((least, item) => Math.min(least, item.stage), Infinity);
}

function checkAction(
  facts: CertificateFacts,
  { issuedAt, signedAt }: { issuedAt: number; signedAt: number },
  question: ScopeQuestion,
  row: Accreditation,
  action: RecognizedAction,
  { view, policy, now, counts }: JudgeContext,
): Findings {
  const failures: Failure[] = [];
  const warnings: Reason[] = [];
  const fail = (code: string, stage: number): number => failures.push(failure(code, stage, row.id));
  const begins = instant(action.validFrom);
  const ends = Math.min(
    action.validUntil === undefined ? Infinity : instant(action.validUntil),
    view.endOf(row.authority, row.id) ?? Infinity,
  );
  if (issuedAt + DAY <= begins || issuedAt >= ends || !within(signedAt, begins, ends))
    fail('ACCREDITATION_NOT_IN_FORCE_AT_ISSUE', AT_ISSUE);
  if (action.action !== 'issue') fail('ACTION_NOT_GRANTED', SCOPE);
  for (const code of outsideScope(action.scope, question, 'nothing')) fail(code, SCOPE);

  const inRange = counts?.serialInRange(facts);
  if (inRange === false) fail('SERIAL_OUTSIDE_DECLARED_RANGE', COUNT);
  if (counts?.batchFiled?.(facts) === false) fail('BATCH_NOT_FILED', COUNT);
  const { quota } = action.scope;
  if (quota && counts && counts.issuedInPeriod(facts, quota.per) > quota.limit)
    warnings.push(reason('QUOTA_EXCEEDED', row.id));

  const candidate = candidateProblem(facts, row, action, view);
  if (candidate !== undefined) fail(candidate, CANDIDATE);

  const required = action.requireLogProof === true || policy.requireLogProofKinds.includes(facts.kind);
  if (required && facts.provenBy === undefined) {
    if (now < issuedAt + policy.logGraceDays * DAY) warnings.push(reason('LOG_PENDING', row.id));
    else fail('LOG_PROOF_REQUIRED', LOG);
  }
  return { failures, warnings };
}

function checkKey(facts: CertificateFacts, row: Accreditation, { view, now, keyMaterial }: JudgeContext): Findings {
  const key = view.keysOf(row.authority)(facts.verificationMethod);
  const sameMaterial = keyMaterial === undefined || keyMaterial === key?.publicKeyMultibase;
  const signedAt = instant(facts.signedAt);
  if (
    key?.controller !== facts.issuer ||
    !sameMaterial ||
    !within(signedAt, instant(key.validFrom), key.validUntil === undefined ? undefined : instant(key.validUntil))
  )
    return {
      failures: [failure('KEY_NOT_VALID_AT_ISSUE', KEY, facts.verificationMethod), ...compromise()],
      warnings: [],
    };
  const compromised = compromise();
  if (compromised.length > 0) return { failures: compromised, warnings: [] };
  return key.compromisedSince === undefined
    ? NOTHING
    : { failures: [], warnings: [reason('KEY_LATER_COMPROMISED', key.id)] };

  function compromise(): Failure[] {
    if (key?.compromisedSince === undefined) return [];
    const since = instant(key.compromisedSince);
    return since <= now && !provenBefore(facts, since) ? [failure('KEY_COMPROMISED', KEY, key.id)] : [];
  }
}

/** Whose people may the institution assess? (DOMAIN M24, AC-24a–e) */
function candidateProblem(
  facts: CertificateFacts,
  row: Accreditation,
  action: RecognizedAction,
  view: TrustView,
): string | undefined {
  const { candidates } = action.scope;
  if (candidates === 'public') return undefined;
  const employer = facts.candidateEmployer;
  if (employer === undefined) return 'CANDIDATE_EMPLOYER_UNKNOWN';
  if (employer.uscc === row.unifiedSocialCreditCode) return undefined;
  if (candidates !== 'supply-chain') return 'CANDIDATE_NOT_OWN_EMPLOYEE';
  const issuedAt = instant(facts.issuedAt);
  const member = view
    .supplyChainOf(row.authority, row.institution)
    .some(
      (item) =>
        item.supplier.uscc === employer.uscc &&
        (employer.supplyChainAgreement === undefined || employer.supplyChainAgreement === item.agreement) &&
        within(
          issuedAt,
          instant(item.validFrom),
          item.validUntil === undefined ? undefined : instant(item.validUntil),
        ) &&
        outsideScope(item.scope ?? {}, scopeQuestion(facts, row), 'all').length === 0,
    );
  return member ? undefined : 'CANDIDATE_NOT_IN_SUPPLY_CHAIN';
}
