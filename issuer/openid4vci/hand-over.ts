import { readRecord } from '../../shared/certificate/credential.js';
import { YizhengError } from '../../shared/errors.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import type { CertificateForm } from '../../shared/proof/forms/certificate-form.js';
import { sameHolderKey } from '../../shared/proof/holder-check.js';
import type { AccreditationStore } from '../accreditation-store.js';
import { credentialJson, type StoredCertificate } from '../certificate-row.js';
import { coverByAccreditation } from '../covering-accreditation.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution } from '../institutions.js';
import { wholeSecond } from '../time.js';
import type { AccessToken } from './access-token.js';
import type { HolderKey } from './key-proofs.js';
import { offerRequestSchema } from './offer-request.js';
import type { OfferRow } from './offer-row.js';
import { personalOf } from './personal.js';
import { denied } from './protocol-error.js';
import { recordForms } from './record-forms.js';
import { openFacts } from './sealed-facts.js';
import { newSecret } from './secrets.js';
import { signForm, type SignedForm } from './sign-form.js';

/** What is asked for, everything checked. */
export interface HandOver {
  institution: Institution;
  token: AccessToken;
  offer: OfferRow;
  certificate: StoredCertificate;
  format: CertificateForm;
  holders: readonly HolderKey[];
  /** Hash of the deferred transaction it ends. */
  transactionHash?: string;
}

/** A Credential Response (OpenID4VCI 1.0 §8.3). */
export interface CredentialResponse extends JsonObject {
  credentials: { credential: string | JsonObject }[];
  notification_id: string;
}

/** What handing over works with. */
export interface HandOverTools {
  effects: IssuerEffects;
  accreditations: AccreditationStore;
}

/**
 * Signs a certificate in another form for the keys of a wallet, checks each signature with another implementation, records the forms
 * with an audit entry, and only then hands them over. No certificate is added: number, revision and status entries stay.
 *
 * Signing anew is signing, so it needs what issuing needs: an accreditation in force that covers the certificate and the key. A
 * certificate that was issued for a key is signed for no other one.
 * @throws ProtocolError `credential_request_denied` with the code of why; YizhengError (503) `SIGNER_FAILED`, `SIGNATURE_REJECTED`,
 *   `BUNDLE_STALE` and others, `STORAGE_*`
 */
export async function handOver(
  request: HandOver,
  { effects, accreditations }: HandOverTools,
): Promise<CredentialResponse> {
  const { institution, certificate, token, format } = request;
  const { keystore, clock, randomBytes } = effects;
  const record = readRecord(JSON.parse(credentialJson(certificate) ?? 'null'));
  const holders = asIssuedFor(record.holder.id, request.holders);
  await keystore.refresh();
  const key = keystore.activeKey(institution.did, 'assertion');
  const now = clock();
  const created = wholeSecond(now);
  const view = await accreditations.view(institution.authority);
  refuseUncovered(() => coverByAccreditation(institution, view, () => record, { verificationMethod: key.id, created }));
  const { sealed } = token.row;
  const personal =
    format === 'dc+sd-jwt' && sealed !== null
      ? personalOf(offerRequestSchema.shape.personal.parse(JSON.parse(openFacts(sealed, token.secret))) ?? {})
      : undefined;
  const forms: SignedForm[] = [];
  for (const holder of holders)
    forms.push(await signForm({ certificate, format, holder, key, created, personal }, effects));
  const notificationId = newSecret(randomBytes);
  await recordForms(request, forms, { keyId: key.id, notificationId, now }, effects);
  return { credentials: forms.map(({ credential }) => ({ credential })), notification_id: notificationId };
}

/** Whoever a certificate was issued for keeps the name it gives them: one key has several DIDs. */
function asIssuedFor(issuedFor: string | undefined, holders: readonly HolderKey[]): HolderKey[] {
  return holders.map((holder) => {
    if (issuedFor === undefined) return holder;
    if (!sameHolderKey(issuedFor, holder.did))
      throw denied('HOLDER_OTHER_KEY', 'The certificate was issued for another key of its holder.');
    return { ...holder, did: issuedFor };
  });
}

function refuseUncovered(cover: () => unknown): void {
  try {
    cover();
  } catch (error) {
    if (!(error instanceof YizhengError) || error.status !== 403) throw error;
    throw denied(error.code, 'The institution is not accredited to sign this certificate now.', error);
  }
}
