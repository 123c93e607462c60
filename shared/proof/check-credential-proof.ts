import type { CertificateCredential } from '../certificate/credential.js';
import type { CertificateRecord } from '../certificate/record.js';
import { checkIssuerProof } from './check-issuer-proof.js';
import { eddsaRdfc2022 } from './eddsa-rdfc-2022.js';
import { guardCertificate, type GuardedCertificate } from './guard.js';
import type { CheckTime } from './proof-time.js';
import { refusalOf } from './refusal.js';
import type { KeyLookup, ProofCheck, ProofSuite } from './types.js';

/** What {@link checkCredentialProof} found; credential and record are present once the guards have let it pass. */
export type CertificateProofCheck = ProofCheck & { credential?: CertificateCredential; record?: CertificateRecord };

/**
 * Is every byte of this certificate as signed, by the key its issuer had when it signed? (DESIGN §2-1)
 *
 * Guards first, then the key's history, then the signature. Expiry, status, accreditation and recognition are other questions.
 * @param json the credential as JSON text or UTF-8 bytes
 * @param options `keyOf`: keys of trusted material; `suite`: the fast path may stand in for the reference
 * @returns `pass` `PROOF_VALID`, or `fail`/`unknown` with a code of `guardCertificate` or `checkIssuerProof`
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
  return { ...(await checkIssuerProof(guarded.credential, { ...options, suite })), ...guarded };
}
