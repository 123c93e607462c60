import { CREDENTIALS_V2_URL } from '../../certificate/context.js';
import type { JsonObject } from '../../json/parse-json.js';
import { DATA_INTEGRITY_V2_URL, ED25519_2020_URL } from '../contexts.js';
import { CRYPTOSUITE_FACTS, type Cryptosuite } from './cryptosuites.js';

/**
 * Adds the context that defines a proof of this suite, where the document's contexts do not (VC Data Integrity §2.4.2, "context
 * injection"): VC 2.0 defines `DataIntegrityProof` itself, VC 1.1 does not, and neither defines `Ed25519Signature2020`.
 * @param document not changed
 */
export function withProofContext(document: JsonObject, suite: Cryptosuite): JsonObject {
  const contexts = [document['@context'] ?? []].flat();
  const legacy = CRYPTOSUITE_FACTS[suite].proofType === 'Ed25519Signature2020';
  const needed = legacy ? ED25519_2020_URL : DATA_INTEGRITY_V2_URL;
  const defined = contexts.includes(needed) || (!legacy && contexts.includes(CREDENTIALS_V2_URL));
  return defined ? document : { ...document, '@context': [...contexts, needed] };
}
