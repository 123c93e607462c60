import { z } from 'zod';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { CERTIFICATE_FORMS, type CertificateForm } from '../../shared/proof/forms/certificate-form.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution } from '../institutions.js';
import { requireToken, type AccessToken } from './access-token.js';
import { handOver, type CredentialResponse, type HandOverTools } from './hand-over.js';
import type { HolderKey } from './key-proofs.js';
import type { OfferRow } from './offer-row.js';
import { offeredCertificate } from './offered-certificate.js';
import { denied, ProtocolError } from './protocol-error.js';
import { newSecret, secretHash } from './secrets.js';

/** Seconds a wallet should wait before it asks again. */
export const DEFERRED_INTERVAL = 60;
/** Most transactions of one token that wait. */
const MAX_WAITING = 20;

/** Answer while the certificate waits (OpenID4VCI 1.0 §8.3, §9.2), status 202. */
export interface DeferredResponse extends JsonObject {
  transaction_id: string;
  interval: number;
}

interface DeferredRow {
  transaction_hash: string;
  token_hash: string;
  format: string;
  /** JSON of the keys that were proved. */
  holders: string;
}

const storedHolders = z.array(z.strictObject({ did: z.string(), thumbprint: z.string() }));

/**
 * Keeps what was asked for until the certificate is issued; the keys were proved already.
 * @throws ProtocolError `credential_request_denied` when too many wait, or the offer was withdrawn meanwhile
 */
export async function deferCredential(
  { database, clock, randomBytes }: Pick<IssuerEffects, 'database' | 'clock' | 'randomBytes'>,
  { token, format, holders }: { token: AccessToken; format: CertificateForm; holders: readonly HolderKey[] },
): Promise<DeferredResponse> {
  const transactionId = newSecret(randomBytes);
  await database.write(async (transaction) => {
    await requireToken(transaction, token.row);
    const waiting: unknown[] = await transaction('deferred_credentials')
      .where({ token_hash: token.row.token_hash })
      .select('format');
    if (waiting.length >= MAX_WAITING) throw denied('FORMS_TOO_MANY', 'Too many credentials of this token wait.');
    await transaction('deferred_credentials').insert({
      transaction_hash: secretHash(transactionId),
      token_hash: token.row.token_hash,
      format,
      holders: JSON.stringify(holders),
      created_at: clock().toISOString(),
    });
  });
  return { transaction_id: transactionId, interval: DEFERRED_INTERVAL };
}

/**
 * Answers a Deferred Credential Request (OpenID4VCI 1.0 §9): the credentials once they can be signed, else the same transaction. The
 * optional `notification_id` is left out: `@openid4vc/openid4vci` 0.4.6, which Credo wallets stand on, refuses it in this answer.
 * @throws ProtocolError `invalid_transaction_id`, `credential_request_denied` (it was not approved, or is revoked by now);
 *   YizhengError as `handOver`
 */
export async function answerDeferredRequest(
  body: JsonObject,
  { institution, token }: { institution: Institution; token: AccessToken },
  tools: HandOverTools,
): Promise<{ issued: Pick<CredentialResponse, 'credentials'> } | { deferred: DeferredResponse }> {
  const { knex } = tools.effects.database;
  const { transaction_id: transactionId } = body;
  const transactionHash = typeof transactionId === 'string' ? secretHash(transactionId) : '';
  const row = await knex<DeferredRow>('deferred_credentials')
    .where({ transaction_hash: transactionHash, token_hash: token.row.token_hash })
    .first('format', 'holders');
  const format = CERTIFICATE_FORMS.find((form) => form === row?.format);
  const offer = await knex<OfferRow>('credential_offers').where({ id: token.row.offer }).first();
  if (!row || !offer || format === undefined || typeof transactionId !== 'string')
    throw new ProtocolError('invalid_transaction_id', 'TRANSACTION_UNKNOWN', 'There is no such transaction.');
  const found = await offeredCertificate(knex, offer);
  if (found.state === 'denied') throw denied(found.code, found.message);
  if (found.state === 'pending') return { deferred: { transaction_id: transactionId, interval: DEFERRED_INTERVAL } };
  const holders = storedHolders.parse(JSON.parse(row.holders));
  const { row: certificate } = found;
  const request = { institution, token, offer, certificate, format, holders, transactionHash };
  const { credentials } = await handOver(request, tools);
  return { issued: { credentials } };
}
