import type { Knex } from 'knex';
import type { StatusListRow } from './status-list-row.js';
import { createBitstring, getBit, MIN_STATUS_LIST_ENTRIES, setBit } from '../shared/status/bitstring.js';
import { pickUnusedIndex, type EntryDraw } from '../shared/status/pick-unused-index.js';

/** Where the statuses of certificates stand, member by member: the same list number and index for revocation and suspension. */
export interface StatusPlaces {
  list: number[];
  index: number[];
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
): Promise<StatusPlaces> {
  const draw = new Draw(randomBytes);
  const places: StatusPlaces = { list: [], index: [] };
  const newest = await transaction<StatusListRow>('status_lists')
    .where({ institution })
    .orderBy('list', 'desc')
    .forUpdate()
    .first('list', 'entries', 'used', 'taken');
  let list = newest?.list ?? 0;
  draw.taken = new Uint8Array(newest?.taken ?? []);
  let free = newest ? Math.floor(newest.entries / 2) - newest.used : 0;
  while (places.index.length < count) {
    const isNew = free <= 0;
    if (isNew) {
      list += 1;
      draw.taken = new Uint8Array(createBitstring(MIN_STATUS_LIST_ENTRIES));
      free = MIN_STATUS_LIST_ENTRIES / 2;
    }
    const here = Math.min(free, count - places.index.length);
    for (let drawn = 0; drawn < here; drawn++) {
      places.list.push(list);
      places.index.push(draw.next());
    }
    free -= here;
    if (isNew)
      await transaction('status_lists').insert({
        institution,
        list,
        entries: MIN_STATUS_LIST_ENTRIES,
        used: here,
        taken: Buffer.from(draw.taken),
        revocation_changes: 0,
        suspension_changes: 0,
      });
    else
      await transaction('status_lists')
        .where({ institution, list })
        .update({ taken: Buffer.from(draw.taken) })
        .increment('used', here);
  }
  return places;
}

/** Draws entries of a list, one after the other. */
class Draw implements EntryDraw {
  /** The entries in use. */
  taken = new Uint8Array();
  readonly #source: (length: number) => Uint8Array;
  #block: Uint8Array = new Uint8Array();
  #at = 0;
  #bytes = new Uint8Array();

  /** @param source of random bytes */
  constructor(source: (length: number) => Uint8Array) {
    this.#source = source;
  }

  /** Takes an entry. */
  next(): number {
    const index = pickUnusedIndex(this.taken.length * 8, this);
    setBit(this.taken, index, true);
    return index;
  }

  isTaken(index: number): boolean {
    return getBit(this.taken, index);
  }

  /** Fetches much at once. What it gives is good until the next call: thousands of draws in a row make no array each. */
  randomBytes(length: number): Uint8Array {
    if (this.#block.length - this.#at < length) {
      this.#block = this.#source(RANDOM_BLOCK);
      this.#at = 0;
    }
    if (this.#bytes.length !== length) this.#bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) this.#bytes[i] = this.#block[this.#at++] ?? 0;
    return this.#bytes;
  }
}
