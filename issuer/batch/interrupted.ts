import type { Knex } from 'knex';
import { appendAudit } from '../../server/index.js';
import type { IssuerEffects } from '../effects.js';
import type { StoredBatch } from './batch-tables.js';
import { skipWaiting } from './skip-waiting.js';

/** How long a batch waits for somebody to confirm it, and then for somebody to approve it: 30 days each. */
const UNCONFIRMED_MS = 30 * 86_400_000;

/**
 * Cancels batches whose dry run ended with its process (`CHECK_INTERRUPTED`), and those nobody confirmed, or approved, within 30 days
 * (`BATCH_EXPIRED`, `APPROVAL_EXPIRED`); the sheet must be uploaded again. What their rows said is cleared.
 */
export async function cancelInterrupted({ database, clock }: Pick<IssuerEffects, 'database' | 'clock'>): Promise<void> {
  const now = clock();
  const longAgo = new Date(now.getTime() - UNCONFIRMED_MS).toISOString();
  const dead: Readonly<Record<string, (knex: Knex) => Knex.QueryBuilder<StoredBatch>>> = {
    CHECK_INTERRUPTED: (knex) =>
      knex<StoredBatch>('batches').where({ state: 'checking' }).where('checking_until', '<', now.toISOString()),
    BATCH_EXPIRED: (knex) =>
      knex<StoredBatch>('batches').where({ state: 'checked' }).where('uploaded_at', '<', longAgo),
    APPROVAL_EXPIRED: (knex) =>
      knex<StoredBatch>('batches').where({ state: 'waiting-approval' }).where('confirmed_at', '<', longAgo),
  };
  for (const [code, find] of Object.entries(dead)) {
    if (!(await find(database.knex).first('id'))) continue;
    await database.write(async (transaction) => {
      const found = await find(transaction).select<StoredBatch[]>('id', 'institution', 'skipped');
      for (const { id, institution, skipped } of found) {
        await transaction<StoredBatch>('batches')
          .where({ id })
          .update({
            state: 'cancelled',
            trouble: code,
            checking_until: null,
            skipped: skipped + (await skipWaiting(transaction, id)),
          });
        await appendAudit(
          transaction,
          { tenant: institution, actor: 'system', action: 'batch.cancel', subject: id, detail: { code } },
          now,
        );
      }
    });
  }
}
