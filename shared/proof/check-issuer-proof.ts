import { decodeMultikey } from '../did/multikey.js';
import { errorCode } from '../errors.js';
import { proofTimeProblem, type CheckTime } from './proof-time.js';
import type { KeyLookup, ProofCheck, ProofSuite, VerificationKey } from './types.js';

/** A signed document whose closed schema has been checked. */
export interface IssuedDocument {
  issuer: string | { id: string };
  proof: { created: string; verificationMethod: string };
}

/**
 * Checks the one proof of a document against trusted keys: the key is the issuer's, of the right type, valid when it signed,
 * and the signature is right. The guards of the document come before.
 * @param signed document that passed its guard
 * @param options `suite`: how it is secured; `keyOf`: keys of trusted material
 * @returns `pass` `PROOF_VALID`; `unknown` `ISSUER_KEY_UNKNOWN`; `fail` `CREATED_INVALID`, `CREATED_IN_FUTURE`,
 *   `KEY_ID_MISMATCH`, `KEY_CONTROLLER_MISMATCH`, `KEY_FORMAT`, `KEY_TYPE_MISMATCH`, `KEY_NOT_VALID_AT_ISSUE`,
 *   `KEY_COMPROMISED`, `SIGNATURE_INVALID`
 */
export async function checkIssuerProof(
  signed: IssuedDocument,
  options: CheckTime & { suite: ProofSuite; keyOf: KeyLookup },
): Promise<ProofCheck> {
  const { created, verificationMethod } = signed.proof;
  if (Number.isNaN(Date.parse(created))) return { answer: 'fail', code: 'CREATED_INVALID' };
  const key = options.keyOf(verificationMethod);
  if (!key) return { answer: 'unknown', code: 'ISSUER_KEY_UNKNOWN', created };
  const problem = keyProblem(signed, key) ?? proofTimeProblem(created, key, options);
  if (problem !== undefined) return { answer: 'fail', code: problem, created, key };
  return (await options.suite.verifySignature(signed, key))
    ? { answer: 'pass', code: 'PROOF_VALID', created, key }
    : { answer: 'fail', code: 'SIGNATURE_INVALID', created, key };
}

function keyProblem({ issuer, proof }: IssuedDocument, key: VerificationKey): string | undefined {
  if (key.id !== proof.verificationMethod) return 'KEY_ID_MISMATCH';
  const issuerId = typeof issuer === 'string' ? issuer : issuer.id;
  if (key.controller !== issuerId || !key.id.startsWith(`${issuerId}#`)) return 'KEY_CONTROLLER_MISMATCH';
  try {
    return decodeMultikey(key.publicKeyMultibase).algorithm === 'Ed25519' ? undefined : 'KEY_TYPE_MISMATCH';
  } catch (error) {
    return errorCode(error);
  }
}
