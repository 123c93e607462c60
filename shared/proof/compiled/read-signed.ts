import { isJsonObject, type JsonObject } from '../../json/parse-json.js';
import type { PublicVerificationKey } from '../types.js';
import type { ProofConfig } from './certificate-hasher.js';
import { decodeSignature } from '../../did/signature-base58.js';

const PROOF_MEMBERS = 6;

/** What a signed document says of its proof. */
export interface SignedParts {
  config: ProofConfig;
  signature: Uint8Array;
}

/**
 * Reads the proof of a signed document when nothing but its hash and its signature is left to judge: one proof as we write it, made
 * with this key for its controller, who is the issuer, and dates the general path has nothing to say about.
 * @returns undefined for anything else, which is for the general path to judge
 */
export function readSigned(signed: object, key: PublicVerificationKey): SignedParts | undefined {
  const { proof, issuer, validFrom, validUntil } = signed as JsonObject;
  if (!isJsonObject(proof) || Object.keys(proof).length !== PROOF_MEMBERS) return undefined;
  const { type, created, verificationMethod, cryptosuite, proofPurpose, proofValue } = proof;
  if (type !== 'DataIntegrityProof' || cryptosuite !== 'eddsa-rdfc-2022' || proofPurpose !== 'assertionMethod')
    return undefined;
  if (typeof created !== 'string' || typeof verificationMethod !== 'string' || typeof proofValue !== 'string')
    return undefined;
  if (!isKeyOfIssuer(key, verificationMethod, issuer) || !isDatePairPlain(validFrom, validUntil)) return undefined;
  const signature = proofValue.startsWith('z') ? decodeSignature(proofValue.slice(1)) : undefined;
  return signature && { config: { type, created, verificationMethod, cryptosuite, proofPurpose }, signature };
}

function isKeyOfIssuer(key: PublicVerificationKey, verificationMethod: string, issuer: unknown): boolean {
  return (
    verificationMethod === key.id &&
    key.id.startsWith(`${key.controller}#`) &&
    isJsonObject(issuer) &&
    issuer['id'] === key.controller
  );
}

function isDatePairPlain(validFrom: unknown, validUntil: unknown): boolean {
  if (validUntil === undefined) return true;
  if (typeof validFrom !== 'string' || typeof validUntil !== 'string') return false;
  return Date.parse(validUntil) >= Date.parse(validFrom);
}
