import { appendAudit } from '../../server/index.js';
import type { IssuerEffects } from '../effects.js';
import type { StoredBatch } from './batch-tables.js';

/** Cancels batches whose dry run ended with its process; the sheet must be uploaded again. */
export async function cancelInterrupted({ database, clock }: Pick<IssuerEffects, 'database' | 'clock'>): Promise<void> {
  const dead = (knex: typeof database.knex) =>
    knex<StoredBatch>('batches').where({ state: 'checking' }).where('checking_until', '<', clock().toISOString());
  if (!(await dead(database.knex).first('id'))) return;
  await database.write(async (transaction) => {
    const found = await dead(transaction).select('id', 'institution');
    for (const { id, institution } of found) {
      await transaction<StoredBatch>('batches')
        .where({ id })
        .update({ state: 'cancelled', trouble: 'CHECK_INTERRUPTED', checking_until: null });
      await appendAudit(
        transaction,
        {
          tenant: institution,
          actor: 'system',
          action: 'batch.cancel',
          subject: id,
          detail: { code: 'CHECK_INTERRUPTED' },
        },
        clock(),
      );
    }
  });
}
