import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base58 } from '@scure/base';
import { decodeMultikey } from '../did/multikey.js';
import type { JsonObject } from '../json/parse-json.js';
import { canonicalNQuads } from './data-integrity/canonicalise.js';
import { onlyProof } from './proof-count.js';
import type { PublicVerificationKey } from './types.js';

/**
 * Checks an `eddsa-rdfc-2022` signature without the library that made it: straight from the specification (VC Data Integrity
 * EdDSA Cryptosuites §3.2.2–3.2.5), with another Ed25519 implementation (RFC 8032, strict). The issuer asks it before a signed
 * certificate leaves the house, so that one faulty implementation or a fault in the signer cannot put out a bad one.
 * @param signed document with one proof
 * @param key the key that must have made it
 * @returns false for a proof of another key, suite or form, and for a wrong signature
 * @throws YizhengError `PROOF_COUNT`, `CRYPTOSUITE_UNEXPECTED`, `KEY_FORMAT`, and JSON-LD errors of safe mode
 */
export async function verifyWithSecondImplementation(signed: object, key: PublicVerificationKey): Promise<boolean> {
  const proof = onlyProof(signed, 'eddsa-rdfc-2022');
  const { algorithm, bytes } = decodeMultikey(key.publicKeyMultibase);
  if (proof['verificationMethod'] !== key.id || algorithm !== 'Ed25519') return false;
  const signature = signatureOf(proof['proofValue']);
  if (!signature) return false;
  const { proof: _, ...document } = signed as JsonObject;
  const { proofValue: __, ...config } = proof;
  const configHash = await hashOf({ '@context': document['@context'] ?? null, ...config });
  const documentHash = await hashOf(document);
  return ed25519.verify(signature, Uint8Array.of(...configHash, ...documentHash), bytes, { zip215: false });
}

function signatureOf(proofValue: unknown): Uint8Array | undefined {
  if (typeof proofValue !== 'string' || !/^z[1-9A-HJ-NP-Za-km-z]{60,100}$/.test(proofValue)) return undefined;
  const signature = base58.decode(proofValue.slice(1));
  return signature.length === 64 ? signature : undefined;
}

async function hashOf(document: JsonObject): Promise<Uint8Array> {
  return sha256(new TextEncoder().encode(await canonicalNQuads(document)));
}
