import type { Reason } from './types.js';

/**
 * Why a candidate fails. `final`: a fact that cannot be undone, so stale data may refuse on it; `unknown`: it could not be
 * found out; `refusal`: everything else. `stage` says how far the candidate came; the furthest is the best explanation.
 */
export interface Failure extends Reason {
  weight: 'final' | 'refusal' | 'unknown';
  stage: number;
}

/** What was found about a candidate: it stands when nothing failed. */
export interface Findings {
  failures: Failure[];
  warnings: Reason[];
}

const FINAL: ReadonlySet<string> = new Set([
  'KEY_COMPROMISED',
  'CERTIFICATES_VOIDED_SINCE',
  'ISSUER_SUSPENDED_AT_ISSUE',
  'ISSUER_WITHDRAWN_AT_ISSUE',
  'SERIAL_OUTSIDE_DECLARED_RANGE',
]);
const UNKNOWN: ReadonlySet<string> = new Set([
  'REGISTRY_PART_MISSING',
  'SEARCH_LIMIT_REACHED',
  'BACKDATING_UNPROVEN',
  'LOG_PROOF_REQUIRED',
  'CANDIDATE_EMPLOYER_UNKNOWN',
  'SERIAL_RANGE_UNKNOWN',
]);

/** A failure of this code; its weight follows from the code (TRUST §2.6). */
export function failure(code: string, stage: number, ref?: string): Failure {
  const weight = FINAL.has(code) ? 'final' : UNKNOWN.has(code) ? 'unknown' : 'refusal';
  return { code, stage, weight, ...(ref === undefined ? {} : { ref }) };
}

/** A reason of this code. */
export function reason(code: string, ref?: string): Reason {
  return ref === undefined ? { code } : { code, ref };
}

/** The reasons of failures, furthest stage first, each once. */
export function reasonsOf(failures: readonly Failure[]): Reason[] {
  return distinct(failures.toSorted((a, b) => b.stage - a.stage).map(({ code, ref }) => reason(code, ref)));
}

/** Each reason once, in order. */
export function distinct(reasons: readonly Reason[]): Reason[] {
  if (reasons.length <= 1) return [...reasons];
  const seen = new Set<string>();
  return reasons.filter(({ code, ref }) => {
    const key = `${code} ${ref ?? ''}`;
    return !seen.has(key) && seen.add(key);
  });
}
