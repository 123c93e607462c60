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
    const { bytes, starts, lengths } = this.rows;
    const numbers: (number | null)[] = [];
    for (const field of this.fields(column)) {
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
    for (const field of this.fields(column)) {
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
    const fields = this.fields(column);
    const width = lengths[fields[0] ?? -1] ?? 0;
    if (width < 1 || fields.some((field) => lengths[field] !== width)) return RowKeys.of(this.texts(column));
    const keys = Buffer.allocUnsafeSlow(count * width);
    let at = 0;
    for (const field of fields) {
      const start = starts[field] ?? 0;
      at += bytes.copy(keys, at, start, start + width);
    }
    return RowKeys.packed({ bytes: keys, width });
  }

  /** Texts as bytes, one after the other in memory of their own. */
  ranges(column: Column): TextRanges {
    const { bytes, lengths, starts } = this.rows;
    const fields = this.fields(column);
    const from = new Uint32Array(fields.length);
    const ends = new Uint32Array(fields.length);
    let size = 0;
    for (const field of fields) size += Math.max(0, lengths[field] ?? 0);
    const texts = Buffer.allocUnsafeSlow(size);
    let at = 0;
    for (const [row, field] of fields.entries()) {
      const start = starts[field] ?? 0;
      from[row] = at;
      at += bytes.copy(texts, at, start, start + Math.max(0, lengths[field] ?? 0));
      ends[row] = at;
    }
    return { bytes: texts, starts: from, ends };
  }

  private fields(column: Column): number[] {
    const first = this.columns.indexOf(column);
    const fields: number[] = [];
    for (let row = 0; row < this.rows.count; row++) fields.push(row * this.columns.length + first);
    return fields;
  }
}

function isSame(bytes: Buffer, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}
