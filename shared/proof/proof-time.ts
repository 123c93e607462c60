import type { VerificationKey } from './types.js';

/** Clock difference a verifier forgives, seconds (SECURITY §2.5). */
export const CLOCK_TOLERANCE_SECONDS = 300;

/** When a check is made. */
export interface CheckTime {
  /** Instant of the check, RFC 3339. */
  now: string;
  /** {@link CLOCK_TOLERANCE_SECONDS} unless given. */
  clockToleranceSeconds?: number;
}

/**
 * Judges when a proof was made against the key's history (SECURITY F6, which libraries do not look at).
 * @param created `proof.created`
 * @returns why the proof does not count, or undefined: `CREATED_IN_FUTURE`, `KEY_NOT_VALID_AT_ISSUE`, `KEY_COMPROMISED`
 */
export function proofTimeProblem(created: string, key: VerificationKey, time: CheckTime): string | undefined {
  const signedAt = instantOf(created);
  if (isAfter(created, time)) return 'CREATED_IN_FUTURE';
  if (signedAt < instantOf(key.validFrom)) return 'KEY_NOT_VALID_AT_ISSUE';
  if (key.compromisedSince !== undefined && signedAt >= instantOf(key.compromisedSince)) return 'KEY_COMPROMISED';
  if (key.validUntil !== undefined && signedAt >= instantOf(key.validUntil)) return 'KEY_NOT_VALID_AT_ISSUE';
  return undefined;
}

/** True when an instant lies after `now`, by more than the forgiven clock difference. */
export function isAfter(instant: string, { now, clockToleranceSeconds = CLOCK_TOLERANCE_SECONDS }: CheckTime): boolean {
  return instantOf(instant) > instantOf(now) + clockToleranceSeconds * 1000;
}

/** Milliseconds of an RFC 3339 instant. @throws RangeError when it is none: instants are checked at the border */
export function instantOf(text: string): number {
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) throw new RangeError(`not an instant: ${text}`);
  return instant;
}
