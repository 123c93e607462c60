import { ByteRow } from '../byte-row.js';
import type { RawRow } from '../raw-sheet.js';
import { refuseSheet } from '../sheet-error.js';
import { CsvTokenizer, type CsvRecord } from './csv-tokenizer.js';

/** `="text"`: how some programs keep digits from being read as a number; a constant, not a calculation. */
const QUOTED_CONSTANT = /^="([^"]*)"$/;
/** Bytes there is room for at first; a longer row without an end is made text. */
const ROOM = 64 * 1024;
const FIRST_CELLS = 4096;
const LF = 0x0a;
const CR = 0x0d;

/** What a byte is to a row. */
const ORDINARY = 0;
const DELIMITER = 1;
const LINE_FEED = 2;
const CARRIAGE_RETURN = 3;
const SPECIAL = 4;

/**
 * Cuts the bytes of a CSV file, in UTF-8, into rows as {@link CsvTokenizer} does. Where nothing is quoted and no cell may be a formula,
 * which is nearly everywhere, no text is made: the rows say where their cells lie ({@link ByteRow}).
 */
export class CsvRows {
  private readonly tokenizer: CsvTokenizer;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  private readonly kinds = new Uint8Array(256);
  private bytes = new Uint8Array(ROOM);
  private ends = new Int32Array(FIRST_CELLS);
  /** The bytes that are in no row yet lie between these. */
  private from = 0;
  private to = 0;

  /** @param delimiter an ASCII character */
  constructor(
    private readonly delimiter: string,
    private readonly limits: { cellCharacters: number; columns: number },
  ) {
    this.tokenizer = new CsvTokenizer(delimiter, limits);
    for (const mark of '"=') this.kinds[mark.charCodeAt(0)] = SPECIAL;
    this.kinds[LF] = LINE_FEED;
    this.kinds[CR] = CARRIAGE_RETURN;
    this.kinds[delimiter.charCodeAt(0)] = DELIMITER;
  }

  /**
   * Takes the next bytes of the file. Nobody looks at the rows that were given before any more.
   * @returns the rows that are complete now and hold anything
   * @throws CsvFormatError; SheetError `SHEET_ENCODING_UNKNOWN` for bytes that are no UTF-8
   */
  push(more: Uint8Array): RawRow[] {
    if (more.length === 0) return [];
    this.hold(more);
    const end = this.bytes.lastIndexOf(LF, this.to - 1) + 1;
    const { isWithin } = this.tokenizer;
    if (end > 0) {
      this.from = end;
      return (isWithin ? undefined : this.cut(end)) ?? this.tokenized(0, end);
    }
    if (!isWithin && this.to < ROOM) return [];
    this.from = this.to;
    return this.tokenized(0, this.to);
  }

  /** Takes the end of the file. @returns the last rows. @throws as {@link CsvRows.push} */
  end(): RawRow[] {
    const text = this.textOf(this.from, this.to);
    this.from = this.to;
    return [...rowsOf(this.tokenizer.push(text)), ...rowsOf(this.tokenizer.end())];
  }

  /** Puts bytes behind those that are in no row yet, at the beginning. */
  private hold(more: Uint8Array): void {
    const left = this.to - this.from;
    const before = this.bytes;
    if (left + more.length > before.length) this.bytes = new Uint8Array(2 * (left + more.length));
    this.bytes.set(before.subarray(this.from, this.to));
    this.bytes.set(more, left);
    this.from = 0;
    this.to = left + more.length;
  }

  private tokenized(start: number, end: number): RawRow[] {
    return rowsOf(this.tokenizer.push(this.textOf(start, end, { stream: true })));
  }

  private textOf(start: number, end: number, options: TextDecodeOptions = {}): string {
    try {
      return this.decoder.decode(this.bytes.subarray(start, end), options);
    } catch (cause) {
      throw refuseSheet('SHEET_ENCODING_UNKNOWN', {}, { cause });
    }
  }

  /** The rows up to `end`, where one ends; undefined where something has to be looked at more closely. */
  private cut(end: number): RawRow[] | undefined {
    const { bytes, kinds, tokenizer } = this;
    const { cellCharacters, columns } = this.limits;
    const source = { bytes, ends: this.ends, delimiter: this.delimiter };
    const rows: RawRow[] = [];
    let { row } = tokenizer;
    let cells = 0;
    let first = 0;
    let start = 0;
    let cell = 0;
    for (let at = 0; at < end; at++) {
      const kind = kinds[bytes[at] ?? 0];
      if (kind === ORDINARY) continue;
      if (kind === SPECIAL || at - cell > cellCharacters || cells - first >= columns) return undefined;
      if (cells === source.ends.length) source.ends = this.longer();
      source.ends[cells++] = at;
      cell = at + 1;
      if (kind === DELIMITER) continue;
      row++;
      // Nothing but delimiters is a blank row.
      const count = cells - first;
      if (at - start >= count) rows.push(new ByteRow(row, source, start, first, count));
      if (kind === CARRIAGE_RETURN && bytes[++at] !== LF) return undefined;
      first = cells;
      start = cell = at + 1;
    }
    tokenizer.row = row;
    return rows;
  }

  private longer(): Int32Array<ArrayBuffer> {
    const before = this.ends;
    this.ends = new Int32Array(2 * before.length);
    this.ends.set(before);
    return this.ends;
  }
}

function rowsOf(records: readonly CsvRecord[]): RawRow[] {
  const rows: RawRow[] = [];
  for (const record of records) if (holdsAnything(record)) rows.push(rawRow(record));
  return rows;
}

function holdsAnything({ cells }: CsvRecord): boolean {
  return cells.length > 1 ? cells.some((cell) => cell !== '') : cells[0] !== '';
}

function rawRow({ row, cells }: CsvRecord): RawRow {
  return cells.some((cell) => cell.startsWith('=')) ? { row, cells: cells.map(constantOrFormula) } : { row, cells };
}

function constantOrFormula(text: string): RawRow['cells'][number] {
  if (!text.startsWith('=')) return text;
  return QUOTED_CONSTANT.exec(text)?.[1] ?? { type: 'formula', text };
}
