import { levelRank } from '../certificate/level.js';
import type { IssuanceCounts, JudgeContext } from './check-accreditation.js';
import { distinct, failure, reason, reasonsOf, type Failure } from './judgement.js';
import { knownSearch, type KnownSearch } from './known-search.js';
import { judgePath, type Candidate } from './judge-path.js';
import { trustPolicy, type TrustPolicy } from './policy.js';
import { DAY, instant, rfc3339 } from './time.js';
import type { TrustView } from './trust-view.js';
import type { CertificateFacts, Decision, Freshness, Outcome, Reason, RecognitionRequest } from './types.js';

/** What `decide` is asked with. */
export interface DecideOptions {
  /** DID of the authority whose word counts for the verifier. */
  anchor: string;
  /** RFC 3339. */
  now: string;
  request?: RecognitionRequest;
  policy?: Partial<TrustPolicy>;
  counts?: IssuanceCounts;
  /** The instant the question is about, RFC 3339: what was in force then, as known now (DOMAIN AC-03). `now` unless given earlier. */
  asOf?: string;
  /** A fact about the certificate itself that ends every question, whatever the age of the data. */
  certificateProblem?: 'SIGNATURE_INVALID' | 'CERTIFICATE_REVOKED' | 'CERTIFICATE_EXPIRED';
}

/** A candidate that answers what was asked. */
interface Fit {
  candidate: Candidate;
  fits: 'holds' | 'exempts' | 'may-apply';
}

/**
 * Does the anchor recognise this certificate, under which statement, with which treatment and remaining obligations? (TRUST §2.6)
 *
 * Pure and deterministic: the same facts, view and options give the same decision. Searches down from the anchor and judges up
 * from the certificate; stale data may refuse on facts that cannot be undone, and never accepts nor concludes absence.
 */
export function decide(facts: CertificateFacts, view: TrustView, options: DecideOptions): Decision {
  const { anchor } = options;
  const policy = trustPolicy(options.policy);
  const anchorFeed = view.feedOf(anchor);
  const seen = view.seenTime === null ? -Infinity : instant(view.seenTime);
  const clock = instant(options.now);
  const now = Math.max(clock, seen);
  const at = options.asOf === undefined ? now : Math.min(now, instant(options.asOf));
  const conclude = (outcome: Outcome, reasons: readonly Reason[], more: Partial<Decision> = {}): Decision => {
    const decision: Decision = {
      outcome,
      reasons: distinct(reasons),
      treatment: more.treatment ?? [],
      obligations: more.obligations ?? [],
      entitlements: more.entitlements ?? [],
      path: more.path ?? [],
      mutual: more.mutual ?? false,
      anchor,
      evaluatedAt: options.now,
      dataAsOf: more.dataAsOf !== undefined ? more.dataAsOf : (anchorFeed?.issuedAt ?? null),
    };
    if (more.as) decision.as = more.as;
    if (more.wouldBe) decision.wouldBe = more.wouldBe;
    return decision;
  };
  if (options.certificateProblem) return conclude('not-recognised', [reason(options.certificateProblem)]);
  if (!anchorFeed) return conclude('undetermined', [reason('ANCHOR_UNKNOWN', anchor)]);
  if (clock < seen - DAY) return conclude('undetermined', [reason('CLOCK_BEHIND_BUNDLE', anchor)]);

  const nowText = now === clock ? options.now : rfc3339(now);
  const ageOf = (authorities: readonly string[]): { age: Freshness; ref: string } => {
    let worst: { age: Freshness; ref: string } = { age: 'fresh', ref: authorities[0] ?? anchor };
    for (const ref of authorities) {
      const age = view.freshness(ref, nowText, facts.kind, policy) ?? 'fresh';
      if (TIERS.indexOf(age) > TIERS.indexOf(worst.age)) worst = { age, ref };
    }
    return worst;
  };
  const search = knownSearch(facts, view, anchor, policy);
  const keyMaterial = facts.publicKeyMultibase ?? claimedKey(facts, view, search);
  const context: JudgeContext = { view, policy, now: at, counts: options.counts, keyMaterial };
  const judged = search.chains.map((chain) => judgePath(facts, chain, context));
  const failures: Failure[] = [];
  for (const item of judged) failures.push(...item.failures);
  failures.push(...gaps(search));

  const fitting: Fit[] = [];
  for (const { candidates } of judged)
    for (const candidate of candidates) {
      const fit = fits(candidate, options.request ?? {});
      if (fit.fits === undefined) failures.push(failure(fit.code, 80, candidate.path[0]));
      else fitting.push({ candidate, fits: fit.fits });
    }
  const best = fitting.length > 1 ? fitting.toSorted(byMerit)[0] : fitting[0];
  if (best) return accept(best);
  return refuse();

  function accept({ candidate, fits }: Fit): Decision {
    const { age, ref } = ageOf(candidate.chain);
    const outcome = fits === 'holds' ? 'recognised' : 'recognised-with-conditions';
    const positive =
      fits === 'holds'
        ? candidate.chain.length === 1
          ? 'ACCREDITED_BY_ANCHOR'
          : 'RECOGNISED_BY_ANCHOR'
        : fits === 'exempts'
          ? 'RECOGNISED_WITH_OBLIGATIONS'
          : 'ONLY_ENTITLES_TO_APPLY';
    const found = {
      as: {
        kind: candidate.as.kind,
        ...(candidate.as.occupation ? { occupation: candidate.as.occupation.code } : {}),
        ...(candidate.as.level ? { level: candidate.as.level } : {}),
      },
      treatment: candidate.treatment,
      obligations: fits === 'may-apply' ? ['next-level-exam' as const] : candidate.obligations,
      entitlements: candidate.entitlements,
      path: candidate.path,
      mutual: candidate.mutual,
      dataAsOf: oldest(candidate.chain),
    };
    if (age === 'stale')
      return conclude('undetermined', [reason('BUNDLE_STALE', ref), ...candidate.warnings], {
        ...found,
        wouldBe: outcome,
      });
    return conclude(
      outcome,
      [
        reason(positive, candidate.path[0]),
        ...(age === 'grace' ? [reason('STALE_GRACE', ref)] : []),
        ...candidate.warnings,
      ],
      found,
    );
  }

  function refuse(): Decision {
    const { age, ref } = ageOf(search.heard);
    const found = judged.some((item) => item.found);
    if (!found) failures.push(...absence());
    const unknown = failures.some((item) => item.weight === 'unknown');
    const final = found && !judged.some((item) => item.open || item.candidates.length > 0);
    const dataAsOf = oldest(search.heard);
    const reasons = reasonsOf(failures);
    if (unknown)
      return conclude('undetermined', [...(age === 'stale' ? [reason('BUNDLE_STALE', ref)] : []), ...reasons], {
        dataAsOf,
      });
    if (age === 'stale' && !final)
      return conclude('undetermined', [reason('BUNDLE_STALE', ref), ...reasons], {
        dataAsOf,
        wouldBe: 'not-recognised',
      });
    const aged = age === 'grace' ? [reason('STALE_GRACE', ref)] : [];
    return conclude('not-recognised', [...reasons, ...aged], { dataAsOf });
  }

  function absence(): Failure[] {
    const { authority } = facts.issuedUnder;
    if (search.chains.some((chain) => chain.at(-1) === authority))
      return [failure('ISSUER_NOT_ACCREDITED', 0, authority)];
    return [failure('NO_RECOGNITION_OF_AUTHORITY', 0, authority), ...notTransitive()];
  }

  /** A partner's own partner is no partner: say so, when that is the reason (TRUST §0.3). */
  function notTransitive(): Failure[] {
    const { authority } = facts.issuedUnder;
    return [...view.recognitionsBy(anchor)]
      .slice(0, policy.maxChains)
      .filter(([subject]) => view.recognitionsBy(subject).has(authority))
      .map(([, statements]) => failure('ACTION_NOT_GRANTED', 0, statements[0]?.id));
  }

  function oldest(authorities: readonly string[]): string | null {
    let found: string | null = null;
    for (const did of authorities) {
      const issuedAt = view.feedOf(did)?.issuedAt;
      if (issuedAt !== undefined && (found === null || instant(issuedAt) < instant(found))) found = issuedAt;
    }
    return found;
  }
}

const TIERS: readonly Freshness[] = ['fresh', 'grace', 'stale'];

function gaps(search: KnownSearch): Failure[] {
  return [
    ...search.missing.map((did) => failure('REGISTRY_PART_MISSING', 70, did)),
    ...(search.limited ? [failure('SEARCH_LIMIT_REACHED', 70)] : []),
  ];
}

/**
 * The signature was checked with the key the named authority publishes. Where a path ends in another authority's accreditation, that
 * one must publish the very same key: else a recognised authority could lend an institution of others a key of its own.
 */
function claimedKey(facts: CertificateFacts, view: TrustView, search: KnownSearch): string | undefined {
  const { authority } = facts.issuedUnder;
  if (!search.chains.some((chain) => chain.at(-1) === authority)) return undefined;
  return view.keysOf(authority)(facts.verificationMethod)?.publicKeyMultibase;
}

/** Fewest obligations, then the shortest path; then by statement ids, so that the answer never depends on order. */
function byMerit(a: Fit, b: Fit): number {
  const owed = ({ candidate, fits }: Fit): number => (fits === 'may-apply' ? 9 : candidate.obligations.length);
  const [one, other] = [a.candidate, b.candidate];
  return (
    owed(a) - owed(b) ||
    one.path.length - other.path.length ||
    other.entitlements.length - one.entitlements.length ||
    (one.path.join() < other.path.join() ? -1 : 1)
  );
}

function fits(
  candidate: Candidate,
  request: RecognitionRequest,
): { fits: Fit['fits'] } | { fits: undefined; code: string } {
  const no = (code: string) => ({ fits: undefined, code });
  const { as, counts, entitlements } = candidate;
  const exempts = !counts && !candidate.obligations.includes('next-level-exam');
  if (request.kind !== undefined && request.kind !== as.kind) return no('KIND_NOT_AS_REQUESTED');
  if (request.occupation !== undefined && request.occupation !== as.occupation?.code)
    return no('OCCUPATION_NOT_AS_REQUESTED');
  if (request.level === undefined) return { fits: counts ? 'holds' : exempts ? 'exempts' : 'may-apply' };
  if (exempts && as.level === undefined) return { fits: 'exempts' };
  if (as.level?.framework !== request.level.framework) return no('FRAMEWORK_NOT_AS_REQUESTED');
  const wanted = levelRank(request.level);
  const held = levelRank(as.level);
  if (wanted === undefined || held === undefined) return no('FRAMEWORK_NOT_AS_REQUESTED');
  if (held >= wanted && (counts || exempts)) return { fits: counts ? 'holds' : 'exempts' };
  if (held + 1 === wanted && entitlements.length > 0) return { fits: 'may-apply' };
  return no(held >= wanted ? 'ONLY_ENTITLES_TO_APPLY' : 'LEVEL_TOO_LOW');
}
