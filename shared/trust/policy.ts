import type { KindId } from '../certificate/kind.js';

/** What the verifier demands, beyond what the statements say (TRUST §2.6). */
export interface TrustPolicy {
  /** Most recognition statements in a chain. */
  maxDepth: number;
  /** Most level mappings on a path. */
  maxMappings: number;
  /** Most chains looked at; more = `SEARCH_LIMIT_REACHED`. */
  maxChains: number;
  /** Most days since a feed's data was confirmed, per kind; older is stale. */
  maxAgeDays: Partial<Record<KindId, number>>;
  /** Kinds that need a log proof whatever the accreditation says. */
  requireLogProofKinds: readonly KindId[];
  /** Days a certificate may be younger than its log entry. */
  logGraceDays: number;
}

/** Seven days for the kinds where a wrong yes endangers lives (TRUST §3.2). */
export const DEFAULT_POLICY: TrustPolicy = {
  maxDepth: 2,
  maxMappings: 1,
  maxChains: 256,
  maxAgeDays: { 'special-operation': 7, 'construction-special': 7, 'special-equipment': 7 },
  requireLogProofKinds: [],
  logGraceDays: 3,
};

/** A policy with the members given, the others as in {@link DEFAULT_POLICY}. */
export function trustPolicy(changes?: Partial<TrustPolicy>): TrustPolicy {
  return changes ? { ...DEFAULT_POLICY, ...changes } : DEFAULT_POLICY;
}
