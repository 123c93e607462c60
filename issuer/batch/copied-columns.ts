import type { TextRanges } from '../../keys/bulk-signer.js';
import type { CopiedRows } from '../../server/index.js';
import { emptyColumn } from './empty-column.js';
import { RowKeys } from './row-keys.js';

/** Rows read with `copyRows`, column by column, in memory of their own; an empty text counts as none. */
export class CopiedColumns<Column extends string> {
  /** @param columns names of the fields, in their order */
  constructor(
    private readonly rows: CopiedRows,
    private readonly columns: readonly Column[],
  ) {}

  numbers(column: Column): (number | null)[] {
    const { bytes, count, starts, lengths } = this.rows;
    const numbers: (number | null)[] = [];
    const { first, step } = this.fieldsOf(column);
    for (let row = 0, field = first; row < count; row++, field += step) {
      const length = lengths[field] ?? -1;
      numbers.push(length < 1 ? null : bytes.readIntBE(starts[field] ?? 0, length));
    }
    return numbers;
  }

  /** Of texts that follow each other and are the same one is kept. */
  texts(column: Column): readonly (string | null)[] {
    const { bytes, count, starts, lengths } = this.rows;
    const texts: (string | null)[] = [];
    let isEmpty = true;
    let last: string | null = null;
    let lastStart = 0;
    let lastLength = -1;
    const { first, step } = this.fieldsOf(column);
    for (let row = 0, field = first; row < count; row++, field += step) {
      const start = starts[field] ?? 0;
      const length = lengths[field] ?? -1;
      if (length < 1) {
        texts.push(null);
        continue;
      }
      if (length !== lastLength || !isSame(bytes, start, lastStart, length)) {
        last = bytes.toString('utf8', start, start + length);
        lastLength = length;
      }
      lastStart = start;
      isEmpty = false;
      texts.push(last);
    }
    return isEmpty ? emptyColumn(count) : texts;
  }

  keys(column: Column): RowKeys {
    const { bytes, count, starts, lengths } = this.rows;
    const { first, step } = this.fieldsOf(column);
    const width = lengths[first] ?? 0;
    if (!this.isEachOf(column, width)) return RowKeys.of(this.texts(column));
    const keys = Buffer.allocUnsafeSlow(count * width);
    let at = 0;
    for (let row = 0, field = first; row < count; row++, field += step) {
      const start = starts[field] ?? 0;
      for (let i = start; i < start + width; i++) keys[at++] = bytes[i] ?? 0;
    }
    return RowKeys.packed({ bytes: keys, width });
  }

  /** Texts as bytes, one after the other in memory of their own. */
  ranges(column: Column): TextRanges {
    const { bytes, count, lengths, starts } = this.rows;
    const from = new Uint32Array(count);
    const ends = new Uint32Array(count);
    const { first, step } = this.fieldsOf(column);
    let size = 0;
    for (let row = 0, field = first; row < count; row++, field += step) size += Math.max(0, lengths[field] ?? 0);
    const texts = Buffer.allocUnsafeSlow(size);
    let at = 0;
    for (let row = 0, field = first; row < count; row++, field += step) {
      const start = starts[field] ?? 0;
      from[row] = at;
      at += bytes.copy(texts, at, start, start + Math.max(0, lengths[field] ?? 0));
      ends[row] = at;
    }
    return { bytes: texts, starts: from, ends };
  }

  /** Whether there are rows, and the texts of all have so many bytes, one at least. */
  private isEachOf(column: Column, width: number): boolean {
    const { count, lengths } = this.rows;
    const { first, step } = this.fieldsOf(column);
    for (let row = 0, field = first; row < count; row++, field += step) if (lengths[field] !== width) return false;
    return count > 0 && width > 0;
  }

  /** Number of a column's field in the first row, and how many further it is in each row after that. */
  private fieldsOf(column: Column): { first: number; step: number } {
    return { first: this.columns.indexOf(column), step: this.columns.length };
  }
}

function isSame(bytes: Buffer, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}
