import type { CertificateCredential } from '../../certificate/credential.js';
import type { ShownCertificate } from '../../certificate/shown-certificate.js';
import type { ProofCheck } from '../types.js';
import type { CertificateForm } from './certificate-form.js';
import type { PersonalClaims } from './personal-facts.js';
import type { TokenStatusReference } from './sd-jwt-claims.js';

/** A certificate that passed the guards of its form: what it says, whatever it is secured with. */
export interface SecuredCertificate {
  form: CertificateForm;
  /** `id` of the credential. */
  id: string;
  record: ShownCertificate;
  /** The key it says it was signed with, and when: `proof.created`, or `iat`. */
  signed: { verificationMethod: string; created: string };
  /** Entries in the Bitstring status lists. */
  credentialStatus: CertificateCredential['credentialStatus'];
  /** Entry in a Token Status List. */
  tokenStatus?: TokenStatusReference;
  /** What only an SD-JWT VC carries, as far as it was shown. */
  personal?: PersonalClaims;
  /** Disclosable claims that were not shown, as dotted paths; empty in the other forms. */
  notShown: string[];
}

/** Result of checking a certificate in any form; the certificate is present once the guards have let it pass. */
export type SecuredCertificateCheck = ProofCheck & { certificate?: SecuredCertificate };
