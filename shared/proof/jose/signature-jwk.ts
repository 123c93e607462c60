import { p521 } from '@noble/curves/nist.js';
import { base64urlnopad } from '@scure/base';
import { publicKeyOfJwk } from '../../did/multikey.js';
import { YizhengError } from '../../errors.js';
import type { SignaturePublicKey } from '../check-signature.js';

/**
 * Reads a public JWK for checking JOSE and COSE signatures: what `publicKeyOfJwk` reads, and P-521 (RFC 7518 §6.2.1).
 * @throws YizhengError `KEY_FORMAT`
 */
export function signatureKeyOfJwk(jwk: unknown): SignaturePublicKey {
  const { kty, crv, x, y, d } = (typeof jwk === 'object' && jwk !== null ? jwk : {}) as Record<string, unknown>;
  if (kty !== 'EC' || crv !== 'P-521') return publicKeyOfJwk(jwk);
  try {
    if (d !== undefined || typeof x !== 'string' || typeof y !== 'string') throw new RangeError('no public P-521 key');
    const point = Uint8Array.of(4, ...base64urlnopad.decode(x), ...base64urlnopad.decode(y));
    return { algorithm: 'P-521', bytes: p521.Point.fromBytes(point).toBytes(true) };
  } catch (cause) {
    throw new YizhengError('KEY_FORMAT', 'Not a P-521 public key.', { cause });
  }
}
