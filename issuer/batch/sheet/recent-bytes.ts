import type { ByteRow } from './byte-row.js';

/** Places; a power of two. */
const PLACES = 256;
/** Bytes of all cells of a row that is kept. */
const MOST_BYTES = 2000;

interface Kept<Known> {
  /** The cells one after the other, and where each ends. */
  bytes: Uint8Array;
  ends: readonly number[];
  known: Known;
}

/** As `RecentRows`, of rows that are bytes. */
export class RecentBytes<Known> {
  private readonly kept = new Array<Kept<Known> | undefined>(PLACES);

  /** @param columns indexes of the columns that count */
  constructor(private readonly columns: readonly number[]) {}

  /** What was kept of a row like this. */
  find(row: ByteRow): Known | undefined {
    const kept = this.kept[this.placeOf(row)];
    if (!kept) return undefined;
    const { columns } = this;
    const { bytes } = row;
    let before = 0;
    for (let i = 0; i < columns.length; i++) {
      const index = columns[i] ?? 0;
      const end = row.endOf(index);
      const keptEnd = kept.ends[i] ?? 0;
      let at = row.startOf(index);
      if (end - at !== keptEnd - before) return undefined;
      for (; at < end; at++, before++) if (bytes[at] !== kept.bytes[before]) return undefined;
    }
    return kept.known;
  }

  /** Keeps what is known of a row, where its cells are not long. */
  keep(row: ByteRow, known: Known): void {
    const cells = this.columns.map((index) => row.bytes.slice(row.startOf(index), row.endOf(index)));
    const ends: number[] = [];
    for (const { length } of cells) ends.push((ends.at(-1) ?? 0) + length);
    if ((ends.at(-1) ?? 0) <= MOST_BYTES) this.kept[this.placeOf(row)] = { bytes: Buffer.concat(cells), ends, known };
  }

  private placeOf(row: ByteRow): number {
    const { bytes } = row;
    let place = 0;
    for (const index of this.columns) {
      const start = row.startOf(index);
      const end = row.endOf(index);
      if (end <= start) continue;
      // Words for levels and the like differ in the last byte of a character, and in one of their first.
      place = Math.imul(place ^ (bytes[start] ?? 0) ^ ((bytes[start + 2] ?? 0) << 8), 0x01000193);
      place = Math.imul(place ^ (bytes[end - 1] ?? 0) ^ ((end - start) << 8), 0x01000193);
    }
    return (place ^ (place >>> 13)) & (PLACES - 1);
  }
}
