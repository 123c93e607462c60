import type { Resolvable } from 'did-resolver';
import { parseJsonObject, type JsonObject } from '../json/parse-json.js';
import { checkCredentialModel, type CredentialModel } from './data-model/check-credential-model.js';
import { proofProblem } from './data-integrity/proof-problem.js';
import { readProofs, type DataIntegrityProof } from './data-integrity/proof-schema.js';
import type { ProofVerifier } from './data-integrity/verify-proof.js';
import { verifyProofs } from './data-integrity/verify-proofs.js';
import { findKey } from './find-key.js';
import { instantOf, isAfter, type CheckTime } from './proof-time.js';
import { refusalOf } from './refusal.js';
import type { ProofCheck } from './types.js';

/** What {@link checkForeignCredential} found; credential and model are present once the guards have let it pass. */
export type ForeignCredentialCheck = ProofCheck & { credential?: JsonObject; model?: CredentialModel };

/** How {@link checkForeignCredential} checks. */
export interface ForeignCheckOptions extends CheckTime {
  /** For the DIDs of issuers. */
  resolver: Resolvable;
  /** Cryptosuites beside our own, as `ecdsaSd2023`. */
  suites?: readonly ProofVerifier[];
  /** What the proof must repeat, where it was asked for. */
  challenge?: string;
  domain?: string;
}

/**
 * Checks a credential that is none of our certificates, for the VC-API: VC 2.0 or 1.1, every Data Integrity suite of ours, proof sets
 * and chains, bundled contexts only, keys through a DID resolver (SECURITY F1, F5–F7). All proofs must verify and one of them, which
 * builds on no other, must be the issuer's. Proof, model and dates only: says nothing about status, accreditation or recognition.
 * @param json the credential as JSON text or UTF-8 bytes
 * @returns `pass` `PROOF_VALID`; `unknown` `ISSUER_KEY_UNKNOWN`; `fail` with codes of `parseJson`, `readProofs`,
 *   `checkCredentialModel`, `proofProblem`, `NOT_YET_VALID`, `CREDENTIAL_EXPIRED`, `KEY_CONTROLLER_MISMATCH`, those of `findKey` and
 *   `verifyProof`
 */
export async function checkForeignCredential(
  json: string | Uint8Array,
  options: ForeignCheckOptions,
): Promise<ForeignCredentialCheck> {
  let document: JsonObject;
  let model: CredentialModel;
  let proofs: DataIntegrityProof[];
  try {
    document = parseJsonObject(json);
    model = await checkCredentialModel(document);
    proofs = readProofs(document);
  } catch (error) {
    return refusalOf(error);
  }
  const [first] = proofs;
  const read = { credential: document, model, ...(first?.created !== undefined && { created: first.created }) };
  const { resolver, suites = [], ...time } = options;
  const problem =
    proofs.map((proof) => proofProblem(proof, { ...time, purpose: 'assertionMethod' })).find(Boolean) ??
    validityProblem(model, time);
  if (problem !== undefined) return { answer: 'fail', code: problem, ...read };
  const isIssuers = ({ previousProof, verificationMethod }: DataIntegrityProof): boolean =>
    previousProof === undefined && verificationMethod.startsWith(`${model.issuer}#`);
  if (!proofs.some(isIssuers)) return { answer: 'fail', code: 'KEY_CONTROLLER_MISMATCH', ...read };
  try {
    const check = await verifyProofs(document, proofs, {
      findKey: (method, purpose) => findKey(resolver, method, purpose),
      suites,
    });
    return { ...check, ...read };
  } catch (error) {
    return { ...refusalOf(error), ...read };
  }
}

/** Whether the dates of a credential let it count now: `NOT_YET_VALID`, `CREDENTIAL_EXPIRED`. */
export function validityProblem({ validFrom, validUntil }: CredentialModel, time: CheckTime): string | undefined {
  if (validFrom !== undefined && isAfter(validFrom, time)) return 'NOT_YET_VALID';
  if (validUntil !== undefined && instantOf(time.now) > instantOf(validUntil)) return 'CREDENTIAL_EXPIRED';
  return undefined;
}
