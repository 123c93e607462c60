import { YizhengError } from '../errors.js';

const DRAWS = 100;

/** What a draw needs. */
export interface EntryDraw {
  /** True for an index in use, for ever: none is freed. */
  isTaken(index: number): boolean;
  /** Gives this many random bytes. */
  randomBytes(length: number): Uint8Array;
}

/**
 * Picks a random entry that was never used, each free one with the same chance, so that indices tell nothing about the order
 * of issue (SECURITY §2.2).
 * @param entries length of the list, at most 2^31
 * @throws YizhengError `STATUS_LIST_FULL` (409): start the next list
 */
export function pickUnusedIndex(entries: number, from: EntryDraw): number {
  for (let draw = 0; draw < DRAWS; draw++) {
    const index = randomBelow(entries, from);
    if (!from.isTaken(index)) return index;
  }
  const free: number[] = [];
  for (let index = 0; index < entries; index++) if (!from.isTaken(index)) free.push(index);
  const index = free.length === 0 ? undefined : free[randomBelow(free.length, from)];
  if (index === undefined)
    throw new YizhengError('STATUS_LIST_FULL', 'Every entry of the status list is used; start the next list.', {
      status: 409,
    });
  return index;
}

/** Draws again above the largest multiple of `limit`, so that no remainder is likelier than another. */
function randomBelow(limit: number, from: EntryDraw): number {
  const bound = Math.floor(2 ** 32 / limit) * limit;
  for (;;) {
    const bytes = from.randomBytes(4);
    const value = (bytes[0] ?? 0) * 0x1000000 + (bytes[1] ?? 0) * 0x10000 + (bytes[2] ?? 0) * 0x100 + (bytes[3] ?? 0);
    if (value < bound) return value % limit;
  }
}
