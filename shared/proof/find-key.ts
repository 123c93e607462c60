import type { Resolvable } from 'did-resolver';
import { decodeMultikey } from '../did/multikey.js';
import type { Multikey, Relationship } from '../did/verification-method.js';
import { YizhengError } from '../errors.js';
import { resolveVerificationMethod } from './document-loader.js';
import { refusalOf } from './refusal.js';
import type { ProofCheck } from './types.js';

/**
 * Resolves the Ed25519 key of a proof.
 * @param resolver DID resolver that was passed in
 * @param verificationMethod `proof.verificationMethod`
 * @param purpose what the proof claims to be for
 * @returns the key, or the answer when there is none: `unknown` `ISSUER_KEY_UNKNOWN` when the DID cannot be resolved; `fail`
 *   with a code of `findVerificationMethod` or `KEY_TYPE_MISMATCH`
 */
export async function findKey(
  resolver: Resolvable,
  verificationMethod: string,
  purpose: Relationship,
): Promise<{ key: Multikey } | { refusal: ProofCheck }> {
  try {
    const key = await resolveVerificationMethod(resolver, verificationMethod, purpose);
    return decodeMultikey(key.publicKeyMultibase).algorithm === 'Ed25519'
      ? { key }
      : { refusal: { answer: 'fail', code: 'KEY_TYPE_MISMATCH' } };
  } catch (error) {
    if (error instanceof YizhengError && error.code === 'DID_NOT_RESOLVED')
      return { refusal: { answer: 'unknown', code: 'ISSUER_KEY_UNKNOWN', detail: error.message } };
    return { refusal: refusalOf(error) };
  }
}
