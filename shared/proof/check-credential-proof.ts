import type { CertificateCredential } from '../certificate/credential.js';
import type { CertificateRecord } from '../certificate/record.js';
import { decodeMultikey } from '../did/multikey.js';
import { errorCode } from '../errors.js';
import { eddsaRdfc2022 } from './eddsa-rdfc-2022.js';
import { guardCertificate, type GuardedCertificate } from './guard.js';
import { proofTimeProblem, type CheckTime } from './proof-time.js';
import { refusalOf } from './refusal.js';
import type { KeyLookup, ProofCheck, ProofSuite, VerificationKey } from './types.js';

/** What {@link checkCredentialProof} found; credential and record are present once the guards have let it pass. */
export type CertificateProofCheck = ProofCheck & { credential?: CertificateCredential; record?: CertificateRecord };

/**
 * Is every byte of this certificate as signed, by the key its issuer had when it signed? (DESIGN §2-1)
 *
 * Guards first, then the key's history, then the signature. Expiry, status, accreditation and recognition are other questions.
 * @param json the credential as JSON text or UTF-8 bytes
 * @param options `keyOf`: keys of trusted material; `suite`: the fast path may stand in for the reference
 * @returns `pass` `PROOF_VALID`; `unknown` `ISSUER_KEY_UNKNOWN`; `fail` with a code of `guardCertificate` or
 *   `CREATED_INVALID`, `CREATED_IN_FUTURE`, `KEY_ID_MISMATCH`, `KEY_CONTROLLER_MISMATCH`, `KEY_FORMAT`, `KEY_TYPE_MISMATCH`,
 *   `KEY_NOT_VALID_AT_ISSUE`, `KEY_COMPROMISED`, `SIGNATURE_INVALID`
 */
export async function checkCredentialProof(
  json: string | Uint8Array,
  options: CheckTime & { keyOf: KeyLookup; suite?: ProofSuite },
): Promise<CertificateProofCheck> {
  const { suite = eddsaRdfc2022 } = options;
  let guarded: GuardedCertificate;
  try {
    guarded = await guardCertificate(json, suite.cryptosuite);
  } catch (error) {
    return refusalOf(error);
  }
  const { credential } = guarded;
  const { created, verificationMethod } = credential.proof;
  const key = options.keyOf(verificationMethod);
  if (!key) return { answer: 'unknown', code: 'ISSUER_KEY_UNKNOWN', created, ...guarded };
  const problem = keyProblem(credential, key) ?? proofTimeProblem(created, key, options);
  if (problem !== undefined) return { answer: 'fail', code: problem, created, key, ...guarded };
  const valid = await suite.verifySignature(credential, key);
  return valid
    ? { answer: 'pass', code: 'PROOF_VALID', created, key, ...guarded }
    : { answer: 'fail', code: 'SIGNATURE_INVALID', created, key, ...guarded };
}

function keyProblem(credential: CertificateCredential, key: VerificationKey): string | undefined {
  const { created, verificationMethod } = credential.proof;
  if (Number.isNaN(Date.parse(created))) return 'CREATED_INVALID';
  if (key.id !== verificationMethod) return 'KEY_ID_MISMATCH';
  if (key.controller !== credential.issuer.id || !key.id.startsWith(`${key.controller}#`))
    return 'KEY_CONTROLLER_MISMATCH';
  try {
    return decodeMultikey(key.publicKeyMultibase).algorithm === 'Ed25519' ? undefined : 'KEY_TYPE_MISMATCH';
  } catch (error) {
    return errorCode(error);
  }
}
