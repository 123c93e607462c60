import type { Knex } from 'knex';
import { endOf, packedRanges, rangeBytes, type PackedRange } from './packed-texts.js';
import { isEach, isPacked, quotedName, wholeNumber, type SqlColumn, type SqlValue } from './sql-values.js';

/** Rows of one statement: more gain nothing, and fewer keep memory flat. */
const ROWS = 250;

/** Decimal digits of a place in the packed bytes. */
const DIGITS = 10;

/** The most bytes that are kept for the next statement. */
const KEPT_BYTES = 4 * 1024 * 1024;

/**
 * What the values of a statement are put together in, again and again: the driver copies a binding before it returns, and memory that is
 * new for each statement makes the collector of garbage look through all there is.
 */
let kept = Buffer.alloc(0);

/** The part of a `sqlite3` connection that is needed to run a statement. */
interface Connection {
  run(sql: string, bindings: readonly unknown[], done: (error: Error | null) => void): unknown;
}

/**
 * Inserts rows with one binding for the values of a block: bytes that hold them column by column, which the statement cuts up. A binding
 * for each value costs the main thread several times as much, and a statement with a thousand rows has to be compiled anew each time.
 * @param transaction the act's transaction, on SQLite
 * @param table name of the table
 * @param count how many rows
 * @param columns as for `insertColumns`, of the right lengths
 */
export async function insertPacked(
  transaction: Knex.Transaction,
  table: string,
  count: number,
  columns: Readonly<Record<string, SqlColumn>>,
): Promise<void> {
  const client = transaction.client as { acquireConnection(): Promise<Connection> };
  const connection = await client.acquireConnection();
  const names = Object.keys(columns).map(quotedName).join(',');
  for (let start = 0; start < count; start += ROWS) {
    const rows = Math.min(ROWS, count - start);
    const { bytes, bindings, expressions } = pack(Object.values(columns), start, rows);
    await run(
      connection,
      `with recursive r(i) as (select 0 union all select i+1 from r where i<${rows - 1})
        insert into ${quotedName(table)} (${names}) select ${expressions.join(',')} from r`,
      [bytes, ...bindings],
    );
  }
}

function run(connection: Connection, sql: string, bindings: readonly unknown[]): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.run(sql, bindings, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Values of a column, ready to be written behind those before. */
interface Part {
  size: number;
  /** What the statement says for row `i` when the part begins at the given byte, counted from 1. */
  expression(at: number): string;
  write(bytes: Buffer, at: number): void;
}

function pack(
  columns: readonly SqlColumn[],
  start: number,
  rows: number,
): { bytes: Buffer; bindings: (string | number | null)[]; expressions: string[] } {
  const bindings: (string | number | null)[] = [];
  const parts: { part: Part; at: number }[] = [];
  let size = 0;
  const placed = (part: Part): string => {
    const at = size;
    parts.push({ part, at });
    size += part.size;
    return part.expression(at + 1);
  };
  const expressions = columns.map((column) => {
    if (isPacked(column)) return placed(pieces(packedRanges(column, start, rows), rows));
    const values = isEach(column) ? column.slice(start, start + rows) : undefined;
    if (!values || values.every(isNull)) {
      bindings.push(values ? null : bound(column as SqlValue));
      return `?${bindings.length + 1}`;
    }
    const expression = placed(values.every(isNumberOrNull) ? numbers(values) : texts(values));
    if (!values.some(isNull)) return expression;
    const flags = placed(fixed(values.map((value) => (isNull(value) ? '1' : '0')).join(''), 1, 'integer'));
    return `case ${flags} when 0 then ${expression} end`;
  });
  // A byte more: SQLite takes an empty binding for NULL.
  const bytes = room(size + 1);
  for (const { part, at } of parts) part.write(bytes, at);
  return { bytes, bindings, expressions };
}

function room(size: number): Buffer {
  if (size > KEPT_BYTES) return Buffer.allocUnsafe(size);
  if (size > kept.length) kept = Buffer.allocUnsafeSlow(Math.min(KEPT_BYTES, size * 2));
  return kept.subarray(0, size);
}

function isNull(value: SqlValue): value is null | undefined {
  return value === null || value === undefined;
}

function isNumberOrNull(value: SqlValue): value is number | null | undefined {
  return typeof value === 'number' || isNull(value);
}

function bound(value: SqlValue): string | number | null {
  if (typeof value === 'number') return Number(wholeNumber(value));
  return isNull(value) ? null : textOf(value);
}

function textOf(value: string | Uint8Array): string {
  if (typeof value === 'string') return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
}

function numbers(values: readonly (number | null | undefined)[]): Part {
  const digits = values.map((value) => wholeNumber(value ?? 0));
  const width = digits.reduce((most, { length }) => Math.max(most, length), 0);
  return fixed(digits.map((text) => text.padStart(width)).join(''), width, 'integer');
}

function texts(values: readonly SqlValue[]): Part {
  const known = values.map((value): string | Uint8Array => {
    if (typeof value === 'string' || value instanceof Uint8Array) return value;
    if (isNull(value)) return '';
    if (typeof value === 'number') return wholeNumber(value);
    throw new TypeError('Only texts and whole numbers can be stored.');
  });
  return keys(known) ?? lengthy(known);
}

/** Texts of one length without anything beyond ASCII, such as keys and ids. */
function keys(values: readonly (string | Uint8Array)[]): Part | undefined {
  const width = values[0]?.length;
  if (width === undefined || !values.every((value) => typeof value === 'string' && value.length === width)) return;
  const text = values.join('');
  return Buffer.byteLength(text) === text.length ? fixed(text, width, 'text') : undefined;
}

function fixed(text: string, width: number, type: 'text' | 'integer'): Part {
  return {
    size: text.length,
    expression: (at) => fixedExpression(at, width, type),
    write: (bytes, at) => void bytes.write(text, at, 'latin1'),
  };
}

function fixedExpression(at: number, width: number, type: 'text' | 'integer'): string {
  return `cast(substr(?1,${at}+i*${width},${width}) as ${type})`;
}

function lengthy(values: readonly (string | Uint8Array)[]): Part {
  const lengths = values.map((value) => (typeof value === 'string' ? Buffer.byteLength(value) : value.length));
  const size = lengths.reduce((sum, length) => sum + length, 0);
  return listed(values.length, size, (bytes, list, at) => {
    let end = 0;
    writePlace(bytes, list, end);
    for (const [i, value] of values.entries()) {
      if (typeof value === 'string') bytes.write(value, at + end, 'utf8');
      else bytes.set(value, at + end);
      end += lengths[i] ?? 0;
      writePlace(bytes, list + (i + 1) * DIGITS, end);
    }
  });
}

/** Texts that lie one after the other already. */
function pieces(ranges: readonly PackedRange[], rows: number): Part {
  const size = ranges.reduce((sum, range) => sum + rangeBytes(range).length, 0);
  const write = (bytes: Buffer, at: number): void => {
    for (const range of ranges) {
      const piece = rangeBytes(range);
      bytes.set(piece, at);
      at += piece.length;
    }
  };
  const width = widthOf(ranges);
  if (width !== undefined) return { size, expression: (at) => fixedExpression(at, width, 'text'), write };
  return listed(rows, size, (bytes, list, at) => {
    write(bytes, at);
    let end = 0;
    writePlace(bytes, list, end);
    for (const { part, from, to } of ranges) {
      const before = endOf(part, from - 1) - end;
      for (let i = from; i < to; i++) writePlace(bytes, (list += DIGITS), endOf(part, i) - before);
      end = endOf(part, to - 1) - before;
    }
  });
}

/** How many bytes all texts have, where that is the same. */
function widthOf(ranges: readonly PackedRange[]): number | undefined {
  const widths = new Set(ranges.map(({ part }) => ('width' in part ? part.width : undefined)));
  const [width] = widths;
  return widths.size === 1 ? width : undefined;
}

/** Texts of any length, behind a list of where each of them ends. */
function listed(count: number, textBytes: number, write: (bytes: Buffer, list: number, at: number) => void): Part {
  const list = (count + 1) * DIGITS;
  const place = (at: number): string => `cast(substr(?1,${at}+i*${DIGITS},${DIGITS}) as integer)`;
  return {
    size: list + textBytes,
    expression: (at) => `cast(substr(?1,${at + list}+${place(at)},${place(at + DIGITS)}-${place(at)}) as text)`,
    write: (bytes, at) => write(bytes, at, at + list),
  };
}

function writePlace(bytes: Buffer, at: number, place: number): void {
  for (let digit = at + DIGITS - 1; digit >= at; digit--) {
    bytes[digit] = 48 + (place % 10);
    place = Math.floor(place / 10);
  }
}
