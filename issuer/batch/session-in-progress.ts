import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import { IS_RESERVED, type CertificateRow } from '../certificate-row.js';
import type { StoredBatch, StoredRow } from './batch-tables.js';

/**
 * Refuses to void an assessment while certificates of it are on their way: rows of a batch that was confirmed, reserved or not, and
 * single certificates whose signature is not stored.
 * @throws YizhengError `SESSION_IN_PROGRESS` (409) naming the batch or the certificate
 */
export async function refuseInProgress(
  transaction: Knex.Transaction,
  { institution, assessment }: { institution: string; assessment: string },
): Promise<void> {
  const single = await transaction<CertificateRow>('certificates')
    .where({ institution, assessment })
    .whereRaw(IS_RESERVED)
    .first('id');
  if (single) throw inProgress(single.id);
  // A batch that was cancelled still completes what it had reserved.
  const open = await transaction<StoredBatch>('batches')
    .where({ institution })
    .whereIn('operation', ['issue', 'correct'])
    .whereNotNull('confirmed_at')
    .whereIn('state', ['waiting-approval', 'running', 'paused', 'cancelled'])
    .whereNull('record')
    .select('id');
  for (const { id } of open) {
    const row = await transaction<StoredRow>('batch_rows')
      .where({ batch: id, state: 'ready', assessment })
      .first('row');
    if (row) throw inProgress(id);
  }
}

/**
 * Refuses to void an assessment of which more certificates were issued, or are being issued, since its batch listed them.
 * @throws YizhengError `SESSION_IN_PROGRESS`, `SESSION_CHANGED` (409)
 */
export async function refuseChangedSession(
  transaction: Knex.Transaction,
  { id, institution, assessment }: Pick<StoredBatch, 'id' | 'institution' | 'assessment'>,
): Promise<void> {
  if (assessment === null) return;
  await refuseInProgress(transaction, { institution, assessment });
  const inForce = (await transaction<CertificateRow>('certificates')
    .where({ institution, assessment, state: 'issued' })
    .whereNot({ status: 'revoked' })
    .count({ count: '*' })
    .first()) as { count: number | string } | undefined;
  const listed = (await transaction('batch_rows')
    .join('certificates', 'certificates.id', 'batch_rows.certificate')
    .where({ 'batch_rows.batch': id })
    .whereNot({ 'certificates.status': 'revoked' })
    .count({ count: '*' })
    .first()) as { count: number | string } | undefined;
  if (Number(inForce?.count ?? 0) > Number(listed?.count ?? 0))
    throw new YizhengError(
      'SESSION_CHANGED',
      'More certificates of this assessment were issued since it was listed; cancel this batch and list it again.',
      { status: 409 },
    );
}

function inProgress(what: string): YizhengError {
  return new YizhengError(
    'SESSION_IN_PROGRESS',
    `Certificates of this assessment are being issued (${what}); wait until they are, or cancel that batch first.`,
    { status: 409, at: what },
  );
}
