import { decimalText } from '../shared/decimal-text.js';

/** A value to be stored; `undefined` is stored as NULL, bytes are the UTF-8 of a text, numbers are whole. */
export type SqlValue = string | number | null | undefined | Uint8Array;

/** Texts in one piece of memory, in UTF-8: text `i` lies between `ends[i - 1]` (0 for the first) and `ends[i]`. */
export interface PackedTexts {
  readonly bytes: Uint8Array;
  readonly ends: ArrayLike<number>;
}

/** Texts in one piece of memory, in UTF-8, all of `width` bytes. */
export interface PackedKeys {
  readonly bytes: Uint8Array;
  readonly width: number;
}

/** A text for each row, in pieces one after the other: nothing is kept for a single row, and databases get a piece with one copy. */
export interface PackedColumn {
  readonly packed: readonly (PackedTexts | PackedKeys)[];
}

/** What a column holds: one value for all rows, or a value for each. */
export type SqlColumn = SqlValue | readonly SqlValue[] | PackedColumn;

/** Does a column hold its texts in pieces? */
export function isPacked(column: SqlColumn): column is PackedColumn {
  return typeof column === 'object' && column !== null && 'packed' in column;
}

/** Does a column have a value for each row? */
export function isEach(column: SqlColumn): column is readonly SqlValue[] {
  return Array.isArray(column);
}

/** A number as both databases read it. @throws TypeError when it is not whole */
export function wholeNumber(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError('Only whole numbers can be stored.');
  return decimalText(value);
}

/** A name as both databases take it. */
export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
