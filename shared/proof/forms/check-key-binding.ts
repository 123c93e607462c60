import { encodeMultikey, publicKeyOfJwk } from '../../did/multikey.js';
import { YizhengError } from '../../errors.js';
import { isJsonObject, type JsonObject } from '../../json/parse-json.js';
import type { HolderCheck } from '../holder-check.js';
import { claimsTimeProblem, readClaims } from '../jose/jwt-claims.js';
import { verifyCompactJws } from '../jose/verify-compact-jws.js';
import type { CheckTime } from '../proof-time.js';
import { openSdJwt, sdDigest, type OpenedSdJwt } from '../sd-jwt/open-sd-jwt.js';
import { instantOfNumericDate } from './signing-time.js';

/** Longest time between making and showing a key binding, seconds. */
export const MAX_KEY_BINDING_AGE_SECONDS = 300;

/** What a holder was asked to sign. */
export interface KeyBindingExpectation {
  /** Who asked: with OpenID4VP the full `client_id` with its prefix. */
  audience: string;
  /** The value made for this one request. Remembering that it was answered is the caller's part. */
  nonce: string;
  /** {@link MAX_KEY_BINDING_AGE_SECONDS} unless given. */
  maxAgeSeconds?: number;
}

/**
 * Checks the key binding JWT of an SD-JWT presentation (RFC 9901 §7.3): signed by the key of `cnf`, for this audience and nonce, over
 * exactly these disclosures, just now. Counts only together with the issuer's signature over `cnf`, which `verify` checks.
 * @param sdJwt the presentation, or the same opened
 * @returns `pass` `HOLDER_BOUND`; `fail` `HOLDER_PROOF_EXPIRED` for one that is too old, `HOLDER_PROOF_INVALID` for everything else,
 *   also when there is none
 */
export async function checkKeyBinding(
  sdJwt: string | OpenedSdJwt,
  expected: KeyBindingExpectation & CheckTime,
): Promise<HolderCheck> {
  try {
    return await check(typeof sdJwt === 'string' ? openSdJwt(sdJwt) : sdJwt, expected);
  } catch (error) {
    if (error instanceof YizhengError)
      return { answer: 'fail', code: 'HOLDER_PROOF_INVALID', key: '', at: expected.now };
    throw error;
  }
}

async function check(
  { keyBindingJwt, claims, presented }: OpenedSdJwt,
  expected: KeyBindingExpectation & CheckTime,
): Promise<HolderCheck> {
  const { audience, nonce, now, maxAgeSeconds = MAX_KEY_BINDING_AGE_SECONDS } = expected;
  const failed = (code: 'HOLDER_PROOF_EXPIRED' | 'HOLDER_PROOF_INVALID'): HolderCheck => ({
    answer: 'fail',
    code,
    key: typeof claims['sub'] === 'string' ? claims['sub'] : '',
    at: now,
  });
  const { cnf } = claims;
  const jwk = isJsonObject(cnf) ? cnf['jwk'] : undefined;
  if (keyBindingJwt === undefined || jwk === undefined || audience === '' || nonce === '')
    return failed('HOLDER_PROOF_INVALID');
  const key = publicKeyOfJwk(jwk);
  const { payload } = await verifyCompactJws(keyBindingJwt, { typ: 'kb+jwt', keyOf: () => key });
  const said = readClaims(payload);
  const time = claimsTimeProblem(said, { ...expected, maxAgeSeconds });
  if (time === 'JOSE_TOO_OLD' || time === 'JOSE_EXPIRED') return failed('HOLDER_PROOF_EXPIRED');
  const signedAt = said['iat'];
  if (time !== undefined || typeof signedAt !== 'number' || !answers(said, { audience, nonce, presented }))
    return failed('HOLDER_PROOF_INVALID');
  return {
    answer: 'pass',
    code: 'HOLDER_BOUND',
    key: `did:key:${encodeMultikey(key)}`,
    at: instantOfNumericDate(signedAt),
  };
}

function answers(said: JsonObject, expected: { audience: string; nonce: string; presented: string }): boolean {
  return (
    said['aud'] === expected.audience &&
    said['nonce'] === expected.nonce &&
    said['sd_hash'] === sdDigest(expected.presented)
  );
}
