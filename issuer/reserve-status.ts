import type { Knex } from 'knex';
import type { StatusListRow } from './status-list-row.js';
import { createBitstring, getBit, MIN_STATUS_LIST_ENTRIES, setBit } from '../shared/status/bitstring.js';
import { pickUnusedIndex } from '../shared/status/pick-unused-index.js';

/** Where a certificate's status stands: the same list number and index for revocation and suspension. */
export interface StatusPlace {
  list: number;
  index: number;
}

/** Bytes of randomness fetched at once. */
const RANDOM_BLOCK = 4096;

/**
 * Takes random entries of the institution's newest status list that were never used; for ever, also when issuing fails later.
 * A list is closed when half of it is used, so that a draw finds a free entry at once; then the next is started. Neighbours in
 * the answer have nothing to do with neighbours in the list.
 * @param count how many
 */
export async function reserveStatuses(
  transaction: Knex.Transaction,
  institution: string,
  count: number,
  randomBytes: (length: number) => Uint8Array,
): Promise<StatusPlace[]> {
  const random = inBlocks(randomBytes);
  const places: StatusPlace[] = [];
  const newest = await transaction<StatusListRow>('status_lists')
    .where({ institution })
    .orderBy('list', 'desc')
    .forUpdate()
    .first('list', 'entries', 'used', 'taken');
  let list = newest?.list ?? 0;
  let taken = new Uint8Array(newest?.taken ?? []);
  let free = newest ? Math.floor(newest.entries / 2) - newest.used : 0;
  while (places.length < count) {
    const isNew = free <= 0;
    if (isNew) {
      list += 1;
      taken = new Uint8Array(createBitstring(MIN_STATUS_LIST_ENTRIES));
      free = MIN_STATUS_LIST_ENTRIES / 2;
    }
    const here = Math.min(free, count - places.length);
    for (let drawn = 0; drawn < here; drawn++) {
      const index = pickUnusedIndex(taken.length * 8, (at) => getBit(taken, at), random);
      setBit(taken, index, true);
      places.push({ list, index });
    }
    free -= here;
    if (isNew)
      await transaction('status_lists').insert({
        institution,
        list,
        entries: MIN_STATUS_LIST_ENTRIES,
        used: here,
        taken: Buffer.from(taken),
        revocation_changes: 0,
        suspension_changes: 0,
      });
    else
      await transaction('status_lists')
        .where({ institution, list })
        .update({ taken: Buffer.from(taken) })
        .increment('used', here);
  }
  return places;
}

/** Fetches much at once. What it gives is good until the next call: thousands of draws in a row make no array each. */
function inBlocks(randomBytes: (length: number) => Uint8Array): (length: number) => Uint8Array {
  let block: Uint8Array = new Uint8Array();
  let at = 0;
  let bytes = new Uint8Array();
  return (length) => {
    if (block.length - at < length) {
      block = randomBytes(RANDOM_BLOCK);
      at = 0;
    }
    if (bytes.length !== length) bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = block[at++] ?? 0;
    return bytes;
  };
}
