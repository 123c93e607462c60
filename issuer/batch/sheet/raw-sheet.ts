import type { SheetEncoding, SheetNotice } from './types.js';

/**
 * A cell that is more than its text. `number`: stored as a number, `text` holds its digits; `formula`, `error`, `boolean`: not
 * a value a person typed; `merged`: part of the merged area `area`.
 */
export interface SpecialCell {
  type: 'number' | 'boolean' | 'error' | 'formula' | 'merged';
  text: string;
  area?: string;
}

/** A cell: its text (dates as `2026-05-01`), or what makes it special. Empty = `''`. */
export type Cell = string | SpecialCell;

/** A row that holds something, numbered as the spreadsheet program does. */
export interface RawRow {
  row: number;
  cells: readonly Cell[];
}

/** A sheet of whatever format, before anything in it is understood. */
export interface RawSheet {
  format: 'csv' | 'xlsx';
  encoding?: SheetEncoding;
  /** Rows in order, in blocks; once only. */
  blocks(): AsyncIterable<readonly RawRow[]>;
  notices(): readonly SheetNotice[];
  close(): Promise<void>;
}

/** Text of a cell as it stands there. */
export function textOf(cell: Cell | undefined): string {
  return typeof cell === 'object' ? cell.text : (cell ?? '');
}

/** The spreadsheet program's letter of a column: 0 → `A`, 26 → `AA`. */
export function columnLetter(index: number): string {
  const head = Math.floor(index / 26);
  return (head === 0 ? '' : columnLetter(head - 1)) + String.fromCharCode(65 + (index % 26));
}

/** The column of a letter, or -1: `A` → 0, `AA` → 26. */
export function columnIndex(letters: string): number {
  let index = 0;
  for (let i = 0; i < letters.length; i++) {
    const digit = letters.charCodeAt(i) - 64;
    if (digit < 1 || digit > 26) return -1;
    index = index * 26 + digit;
  }
  return index - 1;
}
