import { YizhengError } from '../../errors.js';
import { CREDENTIAL_LIMITS, parseJsonObject, type JsonLimits, type JsonObject } from '../../json/parse-json.js';
import { CLOCK_TOLERANCE_SECONDS, instantOf, type CheckTime } from '../proof-time.js';

/** Latest NumericDate that is still an RFC 3339 instant. */
const LAST_SECOND = 253_402_300_799;

/**
 * Reads the claims set of a JWT (RFC 7519 §4) from the payload of a checked JWS: one JSON object, no duplicate members.
 * @param dates claims that must be NumericDates where they are present
 * @throws YizhengError codes of `parseJson`; `JOSE_CLAIM` where one of `dates` is no NumericDate
 */
export function readClaims(
  payload: Uint8Array,
  limits: JsonLimits = CREDENTIAL_LIMITS,
  dates: readonly string[] = ['iat', 'nbf', 'exp'],
): JsonObject {
  const claims = parseJsonObject(payload, limits);
  for (const name of dates) {
    const value = claims[name];
    const isDate = value === undefined || (typeof value === 'number' && value >= 0 && value <= LAST_SECOND);
    if (!isDate) throw new YizhengError('JOSE_CLAIM', `The claim "${name}" is not a NumericDate.`, { at: `/${name}` });
  }
  return claims;
}

/**
 * Judges the times of a JWT (RFC 7519 §4.1.4–6) with the forgiven clock difference for `iat` and `nbf`; `exp` is exact.
 * @param claims as {@link readClaims} gave them
 * @param time `maxAgeSeconds`: longest time since `iat`, which must then be present
 * @returns why it does not count now, or undefined: `JOSE_NOT_YET_VALID`, `JOSE_EXPIRED`, `JOSE_TOO_OLD`
 */
export function claimsTimeProblem(
  claims: JsonObject,
  time: CheckTime & { maxAgeSeconds?: number },
): 'JOSE_NOT_YET_VALID' | 'JOSE_EXPIRED' | 'JOSE_TOO_OLD' | undefined {
  const now = instantOf(time.now) / 1000;
  const { clockToleranceSeconds = CLOCK_TOLERANCE_SECONDS, maxAgeSeconds } = time;
  const { iat, nbf, exp } = claims;
  for (const start of [iat, nbf])
    if (typeof start === 'number' && start > now + clockToleranceSeconds) return 'JOSE_NOT_YET_VALID';
  if (typeof exp === 'number' && now >= exp) return 'JOSE_EXPIRED';
  if (maxAgeSeconds !== undefined && !(typeof iat === 'number' && now - iat <= maxAgeSeconds + clockToleranceSeconds))
    return 'JOSE_TOO_OLD';
  return undefined;
}
