import { appendAudit, type TenantMove } from '../../server/index.js';
import { isFinished } from '../batch/batch-record.js';
import { rowKey, type StoredBatch, type StoredRow } from '../batch/batch-tables.js';
import type { CertificateRow } from '../certificate-row.js';
import type { IssuerEffects } from '../effects.js';
import type { ApplicationRow } from './application-row.js';
import { CERTIFICATE_ROW } from './hand-in-sheet.js';

/**
 * Brings handed-in applications up to what became of their batches: issued with its certificate, or given back with the reason. What it links is
 * fixed since the handing in (a certificate's idempotency key names batch and row), so this may run as often as anybody looks.
 * @param institution only of this one, where given
 */
export async function settleApplications(
  { database, clock }: Pick<IssuerEffects, 'database' | 'clock'>,
  institution?: string,
): Promise<void> {
  const { knex } = database;
  const ended: Pick<ApplicationRow, 'id' | 'institution' | 'batch'>[] = await knex('applications')
    .join('batches', 'batches.id', 'applications.batch')
    .where({
      'applications.state': 'handed-in',
      ...(institution !== undefined && { 'applications.institution': institution }),
    })
    .whereNotIn('applications.institution', knex<TenantMove>('tenant_moves').select('tenant'))
    .whereIn('batches.state', ['done', 'cancelled'] satisfies StoredBatch['state'][])
    .select('applications.id', 'applications.institution', 'applications.batch');
  for (const { id, institution: tenant, batch } of ended)
    await database.write(async (transaction) => {
      // A cancelled batch still completes what it had reserved: whether there is a certificate is known only then.
      if (!(await isFinished(transaction, batch ?? ''))) return;
      const issued: Pick<CertificateRow, 'id'> | undefined = await transaction<CertificateRow>('certificates')
        .where({ institution: tenant, idempotency_key: rowKey(batch ?? '', CERTIFICATE_ROW), state: 'issued' })
        .first('id');
      const row: Pick<StoredRow, 'code'> | undefined = await transaction<StoredRow>('batch_rows')
        .where({ batch: batch ?? '', row: CERTIFICATE_ROW })
        .first('code');
      const trouble = row?.code ?? 'BATCH_CANCELLED';
      const now = clock();
      const changed = await transaction<ApplicationRow>('applications')
        .where({ id, state: 'handed-in', batch })
        .update({
          changed_at: now.toISOString(),
          ...(issued
            ? { state: 'issued', certificate: issued.id, trouble: null }
            : { state: 'remaining-recorded', batch: null, trouble }),
        });
      if (changed === 0) return;
      if (issued) await transaction('application_evidence').where({ application: id }).update({ sealed: null });
      await appendAudit(
        transaction,
        {
          tenant,
          actor: 'system',
          action: issued ? 'application.issue' : 'application.return',
          subject: id,
          detail: { batch: batch ?? '', ...(issued ? { certificate: issued.id } : { code: trouble }) },
        },
        now,
      );
    });
}
