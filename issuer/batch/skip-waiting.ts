import type { Knex } from 'knex';
import type { StoredChunk, StoredRow } from './batch-tables.js';

/**
 * Gives up what of a batch was not begun: its chunks are skipped, its rows too, and what they would have said is cleared.
 * @returns how many rows will never have their turn
 */
export async function skipWaiting(transaction: Knex.Transaction, batch: string): Promise<number> {
  const chunks = await transaction<StoredChunk>('batch_chunks')
    .where({ batch, state: 'waiting' })
    .select('chunk', 'first_row', 'last_row');
  let skipped = 0;
  for (const { first_row, last_row } of chunks)
    skipped += await transaction<StoredRow>('batch_rows')
      .where({ batch, state: 'ready' })
      .whereBetween('row', [first_row, last_row])
      .update({ state: 'skipped', draft: null });
  await transaction<StoredChunk>('batch_chunks')
    .where({ batch, state: 'waiting' })
    .update({ state: 'skipped', claim: null, claimed_until: null });
  return skipped;
}
