/** A value to be stored; `undefined` is stored as NULL, bytes are the UTF-8 of a text, numbers are whole. */
export type SqlValue = string | number | null | undefined | Uint8Array;

/** What a column holds: one value for all rows, or a value for each. */
export type SqlColumn = SqlValue | readonly SqlValue[];

/** Does a column have a value for each row? */
export function isEach(column: SqlColumn): column is readonly SqlValue[] {
  return Array.isArray(column);
}

/** A number as both databases read it. @throws TypeError when it is not whole */
export function wholeNumber(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError('Only whole numbers can be stored.');
  return String(value);
}

/** A name as both databases take it. */
export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
