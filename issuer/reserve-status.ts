import type { Knex } from 'knex';
import type { StatusListRow } from './status-list-row.js';
import { MIN_STATUS_LIST_ENTRIES } from '../shared/status/bitstring.js';
import { pickUnusedIndex } from '../shared/status/pick-unused-index.js';

/**
 * Takes a random entry of the institution's newest status list that was never used; for ever, also when issuing fails later.
 * A list is closed when half of it is used, so that a draw finds a free entry at once; then the next is started.
 * @returns list number and index, the same for the revocation and the suspension list
 */
export async function reserveStatus(
  transaction: Knex.Transaction,
  institution: string,
  randomBytes: (length: number) => Uint8Array,
): Promise<{ list: number; index: number }> {
  const newest = await transaction<StatusListRow>('status_lists')
    .where({ institution })
    .orderBy('list', 'desc')
    .forUpdate()
    .first('list', 'entries', 'used');
  let list = newest?.list ?? 0;
  if (!newest || newest.used >= newest.entries / 2) {
    list += 1;
    await transaction('status_lists').insert({
      institution,
      list,
      entries: MIN_STATUS_LIST_ENTRIES,
      used: 1,
      revocation_changes: 0,
      suspension_changes: 0,
    });
  } else await transaction('status_lists').where({ institution, list }).increment('used', 1);
  const taken = new Set<number>();
  for (;;) {
    const index = pickUnusedIndex(newest?.entries ?? MIN_STATUS_LIST_ENTRIES, (at) => taken.has(at), randomBytes);
    const used: unknown = await transaction('certificates').where({ institution, list, list_index: index }).first('id');
    if (used === undefined) return { list, index };
    taken.add(index);
  }
}
