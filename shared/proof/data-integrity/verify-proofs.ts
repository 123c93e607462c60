import { decodeMultikey } from '../../did/multikey.js';
import type { Multikey, Relationship } from '../../did/verification-method.js';
import type { JsonObject } from '../../json/parse-json.js';
import type { ProofCheck } from '../types.js';
import { verifyProof, type ProofVerifier } from './verify-proof.js';
import type { DataIntegrityProof } from './proof-schema.js';

/** Finds the key of a proof, or says why there is none. */
export type FindKey = (
  verificationMethod: string,
  purpose: Relationship,
) => Promise<{ key: Multikey } | { refusal: ProofCheck }>;

/**
 * Verifies every proof of a document: a set, a chain or one (VC Data Integrity §4.5). All must verify; one bad proof among good ones
 * makes the whole fail (SECURITY F5).
 * @param document the signed document
 * @param proofs its proofs as `readProofs` gave them
 * @returns `pass` `PROOF_VALID`, or the answer of the worst proof: codes of `verifyProof` and of `findKey`
 * @throws YizhengError `PREVIOUS_PROOF_MISSING`
 */
export async function verifyProofs(
  document: JsonObject,
  proofs: readonly DataIntegrityProof[],
  { findKey, suites = [] }: { findKey: FindKey; suites?: readonly ProofVerifier[] },
): Promise<ProofCheck> {
  let unknown: ProofCheck | undefined;
  for (const proof of proofs) {
    const search = await findKey(proof.verificationMethod, proof.proofPurpose);
    const check =
      'refusal' in search
        ? search.refusal
        : await verifyProof(document, proof, decodeMultikey(search.key.publicKeyMultibase), suites);
    if (check.answer === 'fail') return check;
    if (check.answer === 'unknown') unknown ??= check;
  }
  return unknown ?? { answer: 'pass', code: 'PROOF_VALID' };
}
