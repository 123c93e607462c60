import { YizhengError } from '../errors.js';
import { isJsonObject, type JsonObject } from '../json/parse-json.js';

/**
 * The one proof of a document (SECURITY F5: libraries are content with any one of many).
 * @param document signed document
 * @param cryptosuite the only cryptosuite that may have made it
 * @throws YizhengError `PROOF_COUNT` for none, several or a proof chain; `CRYPTOSUITE_UNEXPECTED`
 */
export function onlyProof(document: object, cryptosuite: string): JsonObject {
  const { proof } = document as { proof?: unknown };
  if (!isJsonObject(proof) || 'previousProof' in proof)
    throw new YizhengError('PROOF_COUNT', 'Exactly one proof is expected, as an object.', {
      at: '/proof',
      status: 422,
    });
  if (proof['type'] !== 'DataIntegrityProof' || proof['cryptosuite'] !== cryptosuite)
    throw new YizhengError('CRYPTOSUITE_UNEXPECTED', `The proof must be a DataIntegrityProof of ${cryptosuite}.`, {
      at: '/proof/cryptosuite',
      status: 422,
    });
  return proof;
}
