import { sha256, sha384 } from '@noble/hashes/sha2.js';
import type { KeyAlgorithm } from '../../did/multikey.js';
import type { JsonObject } from '../../json/parse-json.js';
import { CREDENTIALS_V2_URL } from '../../certificate/context.js';
import { DATA_INTEGRITY_V2_URL } from '../contexts.js';
import { canonicalJson, canonicalNQuads } from './canonicalise.js';
import { CRYPTOSUITE_FACTS, type Cryptosuite } from './cryptosuites.js';

const utf8 = new TextEncoder();

/**
 * The bytes a proof signs: hash of its options, then hash of the document (EdDSA Cryptosuites §3.2.4, §3.3.4; ECDSA §3.2.4, §3.3.4).
 * @param document document without the proof; with the proofs it builds on, when it is part of a chain
 * @param options the proof without `proofValue`; changed nowhere
 * @param suite how it is canonicalised; `algorithm` decides SHA-256 or SHA-384 (P-384)
 * @throws JSON-LD errors of safe mode
 */
export async function hashData(
  document: JsonObject,
  options: JsonObject,
  { suite, algorithm }: { suite: Cryptosuite; algorithm: KeyAlgorithm },
): Promise<Uint8Array> {
  const hashName = algorithm === 'P-384' ? 'SHA-384' : 'SHA-256';
  const hash = algorithm === 'P-384' ? sha384 : sha256;
  const rdfc = CRYPTOSUITE_FACTS[suite].canonical === 'rdfc';
  const text = (value: JsonObject): Promise<string> =>
    rdfc ? canonicalNQuads(value, hashName) : Promise.resolve(canonicalJson(value));
  const config = rdfc ? { ...options, '@context': contextOfOptions(document, suite) } : options;
  const optionsHash = hash(utf8.encode(await text(config)));
  const documentHash = hash(utf8.encode(await text(document)));
  return Uint8Array.of(...optionsHash, ...documentHash);
}

/** A VC 1.1 document need not define the terms of a proof; the proof's own canonicalisation must. */
function contextOfOptions(document: JsonObject, suite: Cryptosuite): JsonObject[string] {
  const context = document['@context'] ?? [];
  const urls = [context].flat();
  const defined = urls.includes(CREDENTIALS_V2_URL) || urls.includes(DATA_INTEGRITY_V2_URL);
  return CRYPTOSUITE_FACTS[suite].proofType === 'Ed25519Signature2020' || defined
    ? context
    : [...urls, DATA_INTEGRITY_V2_URL];
}
