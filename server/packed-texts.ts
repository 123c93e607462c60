import type { PackedColumn, PackedKeys, PackedTexts } from './sql-values.js';

/** Some texts of a piece, from one to before another. */
export interface PackedRange {
  part: PackedTexts | PackedKeys;
  from: number;
  to: number;
}

/** How many texts a column in pieces holds. @throws TypeError when a piece does not hold what it says */
export function packedCount({ packed }: PackedColumn): number {
  return packed.reduce((sum, part) => sum + textsIn(part), 0);
}

/** Where a text of a piece ends; -1 for where the first begins. */
export function endOf(part: PackedTexts | PackedKeys, i: number): number {
  if ('width' in part) return (i + 1) * part.width;
  return part.ends[i] ?? 0;
}

/** The parts of a column's pieces its texts from `start` on lie in, in order. */
export function packedRanges({ packed }: PackedColumn, start: number, count: number): PackedRange[] {
  const ranges: PackedRange[] = [];
  let first = 0;
  for (const part of packed) {
    const length = textsIn(part);
    const from = Math.max(0, start - first);
    const to = Math.min(length, start + count - first);
    if (from < to) ranges.push({ part, from, to });
    first += length;
  }
  return ranges;
}

/** Bytes of a range, without a copy. */
export function rangeBytes({ part, from, to }: PackedRange): Uint8Array {
  return part.bytes.subarray(endOf(part, from - 1), endOf(part, to - 1));
}

/** Some texts of a column, to be copied one after the other. */
export class PackedReader {
  /** Bytes of all of them. */
  readonly size: number;
  private readonly ranges: readonly PackedRange[];
  private place = 0;
  private i: number;

  constructor(column: PackedColumn, start: number, count: number) {
    this.ranges = packedRanges(column, start, count);
    this.i = this.ranges[0]?.from ?? 0;
    let size = 0;
    for (const range of this.ranges) size += rangeBytes(range).length;
    this.size = size;
  }

  /** Copies the next to a place. @returns how many bytes it has */
  next(target: Buffer, at: number): number {
    if (this.i === this.ranges[this.place]?.to) this.i = this.ranges[++this.place]?.from ?? 0;
    const part = this.ranges[this.place]?.part;
    if (!part) throw new RangeError('There are no more texts.');
    const from = endOf(part, this.i - 1);
    const to = endOf(part, this.i++);
    const { buffer, byteOffset } = part.bytes;
    target.set(new Uint8Array(buffer, byteOffset + from, to - from), at);
    return to - from;
  }
}

function textsIn(part: PackedTexts | PackedKeys): number {
  const count = 'width' in part ? part.bytes.length / part.width : part.ends.length;
  if (!Number.isInteger(count) || endOf(part, count - 1) > part.bytes.length)
    throw new TypeError('Packed texts lie outside of their bytes.');
  return count;
}
