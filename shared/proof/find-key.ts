import type { Resolvable } from 'did-resolver';
import type { Multikey, Relationship } from '../did/verification-method.js';
import { YizhengError } from '../errors.js';
import { resolveVerificationMethod } from './document-loader.js';
import { refusalOf } from './refusal.js';
import type { ProofCheck } from './types.js';

/**
 * Resolves the key of a proof.
 * @param resolver DID resolver that was passed in
 * @param verificationMethod `proof.verificationMethod`
 * @param purpose what the proof claims to be for
 * @returns the key, or the answer when there is none: `unknown` `ISSUER_KEY_UNKNOWN` when it is no DID or the DID cannot be resolved;
 *   `fail` with a code of `findVerificationMethod`
 */
export async function findKey(
  resolver: Resolvable,
  verificationMethod: string,
  purpose: Relationship,
): Promise<{ key: Multikey } | { refusal: ProofCheck }> {
  try {
    return { key: await resolveVerificationMethod(resolver, verificationMethod, purpose) };
  } catch (error) {
    if (error instanceof YizhengError && error.code === 'DID_NOT_RESOLVED')
      return { refusal: { answer: 'unknown', code: 'ISSUER_KEY_UNKNOWN', detail: error.message } };
    return { refusal: refusalOf(error) };
  }
}
