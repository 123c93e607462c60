import type { KeyInfo } from '../../keys/custody.js';
import { signerError } from '../../keys/signer-error.js';
import type { CertificateCredential } from '../../shared/certificate/credential.js';
import { decodeMultikey } from '../../shared/did/multikey.js';
import { YizhengError } from '../../shared/errors.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import type { CertificateForm } from '../../shared/proof/forms/certificate-form.js';
import type { PersonalFacts } from '../../shared/proof/forms/personal-facts.js';
import { secureCertificate } from '../../shared/proof/forms/secure-certificate.js';
import { verifyCompactJws } from '../../shared/proof/jose/verify-compact-jws.js';
import { verifyWithSecondImplementation } from '../../shared/proof/second-implementation.js';
import { tokenStatusListUrl } from '../../shared/status/token-status-list.js';
import { credentialJson, type StoredCertificate } from '../certificate-row.js';
import type { IssuerEffects } from '../effects.js';
import type { HolderKey } from './key-proofs.js';

/** A certificate to be signed in another form. */
export interface FormPlan {
  certificate: StoredCertificate;
  format: CertificateForm;
  holder: HolderKey;
  key: KeyInfo;
  /** Time of signing, RFC 3339 with whole seconds. */
  created: string;
  personal: PersonalFacts | undefined;
}

/** A signed form, its signature checked. */
export interface SignedForm {
  credential: string | JsonObject;
  /** The same as text. */
  text: string;
  holder: HolderKey;
}

/**
 * Signs one form and checks its signature with another implementation than the one that made it. A certificate issued for this very key
 * is handed over in Data Integrity as it was issued.
 * @throws YizhengError (503) `SIGNER_FAILED`, `TOKEN_*`, `SIGNATURE_REJECTED`
 */
export async function signForm(
  { certificate, format, holder, key, created, personal }: FormPlan,
  { keystore, randomBytes }: Pick<IssuerEffects, 'keystore' | 'randomBytes'>,
): Promise<SignedForm> {
  const stored = credentialJson(certificate) ?? '';
  const issued = JSON.parse(stored) as CertificateCredential;
  if (format === 'ldp_vc' && issued.credentialSubject.id === holder.did)
    return { credential: JSON.parse(stored) as JsonObject, text: stored, holder };
  const tokenStatus = {
    uri: tokenStatusListUrl(issued.issuer.id, certificate.list),
    idx: certificate.list_index,
  };
  const credential = await secureCertificate(format, issued, {
    signer: keystore.signer(key.id),
    now: created,
    holder,
    randomBytes,
    ...(format === 'dc+sd-jwt' ? { tokenStatus, ...(personal && { personal }) } : {}),
  }).catch((cause: unknown) => {
    throw signerError(cause, 'The signer did not sign; ask again.');
  });
  if (!(await isSignedBy(credential, key)))
    throw new YizhengError('SIGNATURE_REJECTED', 'The signer gave a wrong signature; nothing was handed over.', {
      status: 503,
    });
  return { credential, text: typeof credential === 'string' ? credential : JSON.stringify(credential), holder };
}

async function isSignedBy(credential: string | JsonObject, key: KeyInfo): Promise<boolean> {
  try {
    if (typeof credential !== 'string') return await verifyWithSecondImplementation(credential, key);
    await verifyCompactJws(credential.split('~', 1)[0] ?? '', {
      typ: ['vc+jwt', 'JWT', 'dc+sd-jwt'],
      keyOf: ({ kid }) => (kid === key.id ? decodeMultikey(key.publicKeyMultibase) : undefined),
      maxLength: credential.length,
    });
    return true;
  } catch {
    return false;
  }
}
