import { hkdfSync, randomBytes } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { base64urlnopad } from '@scure/base';
import { compactDecrypt, errors, importJWK } from 'jose';
import { YizhengError } from '../shared/errors.js';
import type { Custody } from './custody.js';

/** Content encryption of answers, strongest first (OpenID4VP 1.0 §5.1). */
export const RESPONSE_ENCRYPTIONS = ['A256GCM', 'A128GCM'] as const;

/** Public key an answer is encrypted to. */
export interface ResponseJwk {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
  use: 'enc';
  alg: 'ECDH-ES';
  kid: string;
}

/**
 * Keys that open encrypted answers of wallets, one for each request. A key is derived anew from a secret in custody and the request's
 * salt whenever it is needed: several processes open each other's answers, nothing private is stored, and once the salt is deleted with
 * its request nobody opens a recorded answer any more.
 */
export interface ResponseKeys {
  /** The public key of a request. @param salt at least 16 random bytes, base64url, of this request only */
  publicJwk(salt: string): Promise<ResponseJwk>;
  /**
   * Opens an answer (RFC 7516 compact, ECDH-ES with {@link RESPONSE_ENCRYPTIONS}).
   * @returns the plain text
   * @throws YizhengError `RESPONSE_NOT_DECRYPTED`: another key, another algorithm, compressed or damaged
   */
  decrypt(salt: string, jwe: string): Promise<Uint8Array>;
}

/**
 * Makes the keys.
 * @param custody whose secret they derive from; without it a secret of this process, which no other process shares
 */
export function createResponseKeys(custody?: Pick<Custody, 'hmac'>): ResponseKeys {
  const own = randomBytes(32);
  const secretOf = async (salt: string): Promise<Uint8Array> =>
    custody ? custody.hmac(PURPOSE, new TextEncoder().encode(salt)) : own;
  const scalarOf = async (salt: string): Promise<Uint8Array> => {
    // 48 bytes, so that the scalar's remainder is as good as even (FIPS 186-5 §A.2.1).
    const seed = hkdfSync('sha256', await secretOf(salt), salt, PURPOSE, 48);
    return p256.utils.randomSecretKey(new Uint8Array(seed));
  };
  return {
    publicJwk: async (salt) => publicJwk(await scalarOf(salt), salt),
    decrypt: async (salt, jwe) => {
      const scalar = await scalarOf(salt);
      const { kty, crv, x, y, kid } = publicJwk(scalar, salt);
      const key = await importJWK({ kty, crv, x, y, d: base64urlnopad.encode(scalar) }, 'ECDH-ES');
      try {
        const { plaintext, protectedHeader } = await compactDecrypt(jwe, key, {
          keyManagementAlgorithms: ['ECDH-ES'],
          contentEncryptionAlgorithms: [...RESPONSE_ENCRYPTIONS],
          maxDecompressedLength: 0,
        });
        if (protectedHeader.kid !== undefined && protectedHeader.kid !== kid) throw notDecrypted();
        return plaintext;
      } catch (cause) {
        if (cause instanceof errors.JOSEError || cause instanceof TypeError) throw notDecrypted(cause);
        throw cause;
      } finally {
        scalar.fill(0);
      }
    },
  };
}

const PURPOSE = 'openid4vp response key';

function publicJwk(scalar: Uint8Array, salt: string): ResponseJwk {
  const point = p256.getPublicKey(scalar, false);
  const [x, y] = [point.slice(1, 33), point.slice(33)].map((half) => base64urlnopad.encode(half));
  const kid = `response-${Buffer.from(hkdfSync('sha256', salt, '', 'kid', 9)).toString('base64url')}`;
  return { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '', use: 'enc', alg: 'ECDH-ES', kid };
}

function notDecrypted(cause?: unknown): YizhengError {
  return new YizhengError('RESPONSE_NOT_DECRYPTED', 'The answer is not encrypted to the key of this request.', {
    cause,
  });
}
