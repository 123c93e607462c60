import type { Resolvable } from 'did-resolver';
import { parseJsonObject } from '../../json/parse-json.js';
import { findKey } from '../find-key.js';
import { refusalOf } from '../refusal.js';
import type { ProofCheck } from '../types.js';
import { readProofs } from './proof-schema.js';
import type { ProofVerifier } from './verify-proof.js';
import { verifyProofs } from './verify-proofs.js';

/**
 * Answers one question only: are the proofs of this document cryptographically right? For test vectors of others. Whose key it is,
 * dates, data model and status are NOT looked at: anybody can make a document in anybody's name that passes here. Nothing in the
 * product calls it but the route that says so.
 * @param json the document as JSON text or UTF-8 bytes
 * @param options `publicKeyMultibase`: the key, for verification methods that are no DID; else `resolver` finds it
 * @returns `pass` `PROOF_VALID`; `unknown` `ISSUER_KEY_UNKNOWN`; `fail` with codes of `parseJson`, `readProofs`, `findKey` and
 *   `verifyProof`
 */
export async function checkProofOnly(
  json: string | Uint8Array,
  options: { resolver: Resolvable; publicKeyMultibase?: string; suites?: readonly ProofVerifier[] },
): Promise<ProofCheck> {
  const { resolver, publicKeyMultibase, suites = [] } = options;
  try {
    const document = parseJsonObject(json);
    return await verifyProofs(document, readProofs(document), {
      findKey: (id, purpose) =>
        publicKeyMultibase === undefined
          ? findKey(resolver, id, purpose)
          : Promise.resolve({ key: { id, type: 'Multikey', controller: id.split('#')[0] ?? '', publicKeyMultibase } }),
      suites,
    });
  } catch (error) {
    return refusalOf(error);
  }
}
