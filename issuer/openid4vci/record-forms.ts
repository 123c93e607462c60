import { appendAudit } from '../../server/index.js';
import type { IssuerEffects } from '../effects.js';
import { requireToken } from './access-token.js';
import type { HandOver } from './hand-over.js';
import { denied } from './protocol-error.js';
import { offeredCertificate } from './offered-certificate.js';
import { secretHash } from './secrets.js';
import type { SignedForm } from './sign-form.js';

/** Most credentials of one token: every format for a batch of keys, and room for wallets that ask again. */
export const MAX_FORMS = 100;

/**
 * Writes down which forms of a certificate were signed for which keys, with their audit entry. Their texts are not kept.
 * @throws ProtocolError `credential_request_denied` when the certificate was revoked, suspended or replaced meanwhile
 *   (`CERTIFICATE_…`), the offer withdrawn (`OFFER_WITHDRAWN`), or the token is used up (`FORMS_TOO_MANY`, `TRANSACTION_DONE`)
 */
export async function recordForms(
  { institution, token, offer, certificate, format, transactionHash }: HandOver,
  forms: readonly SignedForm[],
  { keyId, notificationId, now }: { keyId: string; notificationId: string; now: Date },
  { database, randomBytes }: Pick<IssuerEffects, 'database' | 'randomBytes'>,
): Promise<void> {
  await database.write(async (transaction) => {
    const found = await offeredCertificate(transaction, offer);
    if (found.state === 'denied') throw denied(found.code, found.message);
    await requireToken(transaction, token.row);
    const counted = await transaction('access_tokens')
      .where({ token_hash: token.row.token_hash })
      .where('forms', '<=', MAX_FORMS - forms.length)
      .increment('forms', forms.length);
    if (counted === 0) throw denied('FORMS_TOO_MANY', 'This token was used too often; ask for a new offer.');
    if (transactionHash !== undefined) {
      const ended = await transaction('deferred_credentials').where({ transaction_hash: transactionHash }).delete();
      if (ended === 0)
        throw denied('TRANSACTION_DONE', 'The credentials of this transaction were handed over already.');
    }
    const rows = forms.map(({ text, holder }) => ({
      id: Buffer.from(randomBytes(16)).toString('hex'),
      certificate: certificate.id,
      format,
      holder_thumbprint: holder.thumbprint,
      key_id: keyId,
      sha256: secretHash(text),
      offer: offer.id,
      created_at: now.toISOString(),
      notification_hash: secretHash(notificationId),
      event: null,
      event_at: null,
    }));
    await transaction('certificate_forms').insert(rows);
    await appendAudit(
      transaction,
      {
        tenant: institution.code,
        actor: 'holder',
        action: 'certificate.hand-over',
        subject: certificate.id,
        detail: {
          offer: offer.id,
          format,
          key: keyId,
          forms: rows.map(({ id, holder_thumbprint, sha256 }) => ({ id, holder: holder_thumbprint, sha256 })),
        },
      },
      now,
    );
  });
}
