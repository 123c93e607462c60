import { YizhengError } from '../../errors.js';
import { isJsonObject, type JsonObject } from '../../json/parse-json.js';

/** The proofs of a document as they stand in it. */
export function proofList({ proof }: JsonObject): JsonObject[] {
  return [proof].flat().filter((one): one is JsonObject => one !== undefined && isJsonObject(one));
}

/**
 * The proofs a proof builds on, which it signs together with the document (VC Data Integrity §4.3, §4.5). Empty outside of a chain.
 * @param options the proof
 * @param proofs every proof of the document
 * @throws YizhengError `PREVIOUS_PROOF_MISSING` when it names one that is not there, twice there, or itself
 */
export function precedingProofs(options: JsonObject, proofs: readonly JsonObject[]): JsonObject[] {
  const { previousProof, id } = options;
  if (previousProof === undefined) return [];
  const names = [previousProof].flat();
  const found = proofs.filter((proof) => typeof proof['id'] === 'string' && names.includes(proof['id']));
  if (found.length !== new Set(names).size || names.length !== found.length || (id !== undefined && names.includes(id)))
    throw new YizhengError('PREVIOUS_PROOF_MISSING', 'A proof builds on a proof that the document does not have.', {
      at: '/proof',
      status: 422,
    });
  return found;
}
