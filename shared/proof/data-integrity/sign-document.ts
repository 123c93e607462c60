import { base58 } from '@scure/base';
import { YizhengError } from '../../errors.js';
import type { JsonObject } from '../../json/parse-json.js';
import type { Signer } from '../types.js';
import { CRYPTOSUITE_FACTS, type Cryptosuite } from './cryptosuites.js';
import { hashData } from './hash-data.js';
import { precedingProofs, proofList } from './proof-chain.js';

/** How a document is to be signed. */
export interface SignOptions {
  suite: Cryptosuite;
  /** Its algorithm must fit the suite. */
  signer: Signer;
  /** RFC 3339 UTC. */
  created?: string;
  expires?: string;
  /** `assertionMethod` (credentials) unless given; `authentication` for presentations. */
  purpose?: 'assertionMethod' | 'authentication';
  challenge?: string;
  domain?: string;
  /** URL of the proof, so that a later one can build on it. */
  id?: string;
  /** URLs of proofs of the document this one builds on: a proof chain (VC Data Integrity §2.1.2). */
  previousProof?: string | readonly string[];
}

/**
 * Adds a Data Integrity proof to a document (VC Data Integrity §4.2–4.3). A document that is signed already gets a proof set, or with
 * `previousProof` a proof chain. The document itself is not checked; its contexts must be bundled and, for RDFC suites, define every
 * term and the proof's own (see `withProofContext`).
 * @param document not changed
 * @returns the document with the proof as last member
 * @throws YizhengError `KEY_TYPE_MISMATCH` when the key does not fit the suite, `PREVIOUS_PROOF_MISSING`, and JSON-LD errors of safe mode
 */
export async function signDocument(document: JsonObject, sign: SignOptions): Promise<JsonObject> {
  const { suite, signer, created, expires, purpose = 'assertionMethod', challenge, domain, id, previousProof } = sign;
  const { proofType, canonical, algorithms } = CRYPTOSUITE_FACTS[suite];
  if (!algorithms.includes(signer.algorithm))
    throw new YizhengError('KEY_TYPE_MISMATCH', `${suite} is not made with a ${signer.algorithm} key.`, {
      status: 422,
    });
  const { proof: _, ...unsecured } = document;
  const earlier = proofList(document);
  const options: JsonObject = {
    ...(id !== undefined && { id }),
    type: proofType,
    ...(created !== undefined && { created }),
    verificationMethod: signer.id,
    ...(proofType === 'DataIntegrityProof' && { cryptosuite: suite }),
    proofPurpose: purpose,
    ...(expires !== undefined && { expires }),
    ...(domain !== undefined && { domain }),
    ...(challenge !== undefined && { challenge }),
    ...(previousProof !== undefined && {
      previousProof: typeof previousProof === 'string' ? previousProof : [...previousProof],
    }),
    ...(canonical === 'jcs' && unsecured['@context'] !== undefined && { '@context': unsecured['@context'] }),
  };
  const preceding = precedingProofs(options, earlier);
  const signed = preceding.length === 0 ? unsecured : { ...unsecured, proof: preceding };
  const data = await hashData(signed, options, { suite, algorithm: signer.algorithm });
  const proof = { ...options, proofValue: `z${base58.encode(await signer.sign({ data }))}` };
  return { ...unsecured, proof: earlier.length === 0 ? proof : [...earlier, proof] };
}
