import { base58 } from '@scure/base';
import type { PublicKey } from '../../did/multikey.js';
import type { JsonObject } from '../../json/parse-json.js';
import { checkSignature } from '../check-signature.js';
import type { ProofCheck } from '../types.js';
import { CRYPTOSUITE_FACTS, CRYPTOSUITES, cryptosuiteNameOf, type Cryptosuite } from './cryptosuites.js';
import { hashData } from './hash-data.js';
import { precedingProofs } from './proof-chain.js';
import type { DataIntegrityProof } from './proof-schema.js';

/** A further cryptosuite a caller can verify, as `ecdsa-sd-2023`. */
export interface ProofVerifier {
  readonly cryptosuite: string;
  readonly algorithms: readonly PublicKey['algorithm'][];
  /**
   * @param document document without the proof
   * @returns false for a wrong signature
   */
  verify(document: JsonObject, proof: JsonObject, key: PublicKey): Promise<boolean>;
}

/**
 * Verifies one proof of a document with one key, mathematics only (VC Data Integrity §4.4–4.5): whose key it is, what for and when
 * belongs to the callers.
 * @param document the signed document, with all its proofs
 * @param proof one of them
 * @param key the key its verification method names
 * @param more suites beside {@link CRYPTOSUITES}
 * @returns `pass` `PROOF_VALID`; `fail` `CRYPTOSUITE_UNEXPECTED`, `KEY_TYPE_MISMATCH`, `PROOF_CONTEXT_DIFFERS`, `TERM_UNDEFINED`,
 *   `SIGNATURE_INVALID`
 * @throws YizhengError `PREVIOUS_PROOF_MISSING`
 */
export async function verifyProof(
  document: JsonObject,
  proof: DataIntegrityProof,
  key: PublicKey,
  more: readonly ProofVerifier[] = [],
): Promise<ProofCheck> {
  const name = cryptosuiteNameOf(proof as JsonObject);
  const further = more.find(({ cryptosuite }) => cryptosuite === name);
  const suite = CRYPTOSUITES.find((known) => known === name);
  const algorithms = suite ? CRYPTOSUITE_FACTS[suite].algorithms : further?.algorithms;
  if (!algorithms) return fail('CRYPTOSUITE_UNEXPECTED');
  if (!algorithms.includes(key.algorithm)) return fail('KEY_TYPE_MISMATCH');
  const { proof: proofs, ...unsecured } = document;
  const preceding = precedingProofs(proof as JsonObject, [proofs].flat() as JsonObject[]);
  const input = preceding.length === 0 ? unsecured : { ...unsecured, proof: preceding };
  if (suite) return verifyOurs(input, proof as JsonObject, key, suite);
  const verified = await further?.verify(input, proof as JsonObject, key);
  return verified === true ? { answer: 'pass', code: 'PROOF_VALID' } : fail('SIGNATURE_INVALID');
}

async function verifyOurs(
  input: JsonObject,
  proof: JsonObject,
  key: PublicKey,
  suite: Cryptosuite,
): Promise<ProofCheck> {
  const { proofValue, ...options } = proof;
  const signature = signatureOf(proofValue);
  if (!signature) return fail('SIGNATURE_INVALID');
  const document = { ...input };
  if (options['@context'] !== undefined) {
    if (CRYPTOSUITE_FACTS[suite].canonical !== 'jcs' || !startsWith(document['@context'], options['@context']))
      return fail('PROOF_CONTEXT_DIFFERS');
    document['@context'] = options['@context'];
  }
  let data: Uint8Array;
  try {
    data = await hashData(document, options, { suite, algorithm: key.algorithm });
  } catch (cause) {
    return { ...fail('TERM_UNDEFINED'), detail: cause instanceof Error ? cause.name : 'not JSON-LD' };
  }
  return checkSignature(key, data, signature) ? { answer: 'pass', code: 'PROOF_VALID' } : fail('SIGNATURE_INVALID');
}

function signatureOf(proofValue: JsonObject[string] | undefined): Uint8Array | undefined {
  if (typeof proofValue !== 'string' || !/^z[1-9A-HJ-NP-Za-km-z]{60,140}$/.test(proofValue)) return undefined;
  return base58.decode(proofValue.slice(1));
}

function startsWith(whole: JsonObject[string] | undefined, start: JsonObject[string]): boolean {
  const all = [whole ?? []].flat();
  return [start].flat().every((context, i) => JSON.stringify(context) === JSON.stringify(all[i]));
}

function fail(code: string): ProofCheck {
  return { answer: 'fail', code };
}
