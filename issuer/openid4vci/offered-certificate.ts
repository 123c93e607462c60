import type { Knex } from 'knex';
import { rowOfKey, type StoredBatch, type StoredRow } from '../batch/batch-tables.js';
import { storedCertificates, type StoredCertificate } from '../certificate-row.js';
import type { OfferRow } from './offer-row.js';

/** What an offer leads to now. */
export type OfferedCertificate =
  | { state: 'issued'; row: StoredCertificate }
  /** It waits for approval, its turn, or the signer. */
  | { state: 'pending' }
  | { state: 'denied'; code: string; message: string };

/** Looks up the certificate of an offer, whose batch may not have come to it yet. */
export async function offeredCertificate(
  knex: Knex,
  offer: Pick<OfferRow, 'institution' | 'certificate' | 'certificate_key'>,
): Promise<OfferedCertificate> {
  const { institution, certificate, certificate_key: key } = offer;
  // Asked first: a batch moves its row to the certificates in one step, so nothing is missed between the two questions.
  const isPending = certificate === null && (await isWaiting(knex, institution, key ?? ''));
  const row: StoredCertificate | undefined = await storedCertificates(knex)
    .where(certificate === null ? { institution, idempotency_key: key ?? '' } : { institution, id: certificate })
    .first();
  if (row) return ofCertificate(row);
  return isPending ? { state: 'pending' } : denied('CERTIFICATE_NOT_ISSUED', 'The certificate was not issued.');
}

function ofCertificate(row: StoredCertificate): OfferedCertificate {
  if (row.state === 'reserved') return { state: 'pending' };
  if (row.state === 'void') return denied('CERTIFICATE_NOT_ISSUED', 'The certificate was not issued.');
  if (row.status === 'active') return { state: 'issued', row };
  if (row.status === 'suspended') return denied('CERTIFICATE_SUSPENDED', 'The certificate is suspended.');
  return row.status_reason === 'superseded'
    ? denied('CERTIFICATE_SUPERSEDED', 'The certificate was replaced by a newer revision; ask for a new offer.')
    : denied('CERTIFICATE_REVOKED', 'The certificate is revoked.');
}

async function isWaiting(knex: Knex, institution: string, key: string): Promise<boolean> {
  const batch = /^batch\/([^/]+)\/\d+$/.exec(key)?.[1];
  if (batch === undefined) return false;
  const known = await knex<StoredBatch>('batches').where({ id: batch, institution }).first('state');
  if (!known || known.state === 'cancelled' || known.state === 'done') return false;
  const row = await knex<StoredRow>('batch_rows')
    .where({ batch, row: rowOfKey(key) })
    .first('state');
  return row?.state === 'ready';
}

function denied(code: string, message: string): OfferedCertificate {
  return { state: 'denied', code, message };
}
