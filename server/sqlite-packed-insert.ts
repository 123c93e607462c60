import type { Knex } from 'knex';
import { endOf, packedRanges, rangeBytes, type PackedRange } from './packed-texts.js';
import { isEach, isPacked, quotedName, wholeNumber, type SqlColumn, type SqlValue } from './sql-values.js';

/**
 * Rows of one statement: the first of a block has so few, those behind it as many as keep memory flat. Between two of them the main thread
 * has to have its turn.
 */
const ROWS = { first: 250, most: 1000 };

/** Bytes of one statement, about. */
const STATEMENT_BYTES = 768 * 1024;

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
  let most = ROWS.first;
  for (let start = 0; start < count;) {
    const rows = Math.min(most, count - start);
    const { bytes, bindings, expressions } = pack(Object.values(columns), start, rows);
    most = rowsWithin(STATEMENT_BYTES, bytes.length / rows);
    await run(
      connection,
      `with recursive r(i) as (select 0 union all select i+1 from r where i<${rows - 1})
        insert into ${quotedName(table)} (${names}) select ${expressions.join(',')} from r`,
      [bytes, ...bindings],
    );
    start += rows;
  }
}

function rowsWithin(bytes: number, each: number): number {
  return Math.max(ROWS.first, Math.min(ROWS.most, Math.floor(bytes / each)));
}

function run(connection: Connection, sql: string, bindings: readonly unknown[]): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.run(sql, bindings, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** What a statement is bound to. */
interface Packed {
  bytes: Buffer;
  bindings: (string | number | null)[];
  expressions: string[];
}

/** Values of a column, ready to be written behind those before. */
interface Part {
  readonly size: number;
  /** What the statement says for row `i` when the part begins at the given byte, counted from 1. */
  expression(at: number): string;
  write(bytes: Buffer, at: number): void;
}

/** Parts one behind the other. */
class Parts {
  readonly #parts: Part[] = [];
  #size = 0;

  /** @returns what the statement says for it */
  add(part: Part): string {
    const expression = part.expression(this.#size + 1);
    this.#parts.push(part);
    this.#size += part.size;
    return expression;
  }

  written(): Buffer {
    // A byte more: SQLite takes an empty binding for NULL.
    const bytes = room(this.#size + 1);
    let at = 0;
    for (const part of this.#parts) {
      part.write(bytes, at);
      at += part.size;
    }
    return bytes;
  }
}

function pack(columns: readonly SqlColumn[], start: number, rows: number): Packed {
  const bindings: (string | number | null)[] = [];
  const parts = new Parts();
  const expressions: string[] = [];
  for (const column of columns) {
    if (isPacked(column)) {
      expressions.push(parts.add(pieces(packedRanges(column, start, rows), rows)));
      continue;
    }
    const values = isEach(column) ? column.slice(start, start + rows) : undefined;
    if (!values || values.every(isNull)) {
      bindings.push(values ? null : bound(column as SqlValue));
      expressions.push(`?${bindings.length + 1}`);
      continue;
    }
    const expression = parts.add(values.every(isNumberOrNull) ? numbers(values) : texts(values));
    const isWhole = !values.some(isNull);
    expressions.push(isWhole ? expression : `case ${parts.add(flags(values))} when 0 then ${expression} end`);
  }
  return { bytes: parts.written(), bindings, expressions };
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

/** What stands in a block row by row, all of one width, as ASCII. */
class Fixed implements Part {
  constructor(
    private readonly text: string,
    private readonly width: number,
    private readonly type: 'text' | 'integer',
  ) {}

  get size(): number {
    return this.text.length;
  }

  expression(at: number): string {
    return fixedExpression(at, this.width, this.type);
  }

  write(bytes: Buffer, at: number): void {
    bytes.write(this.text, at, 'latin1');
  }
}

function fixedExpression(at: number, width: number, type: 'text' | 'integer'): string {
  return `cast(substr(?1,${at}+i*${width},${width}) as ${type})`;
}

function flags(values: readonly SqlValue[]): Part {
  let text = '';
  for (const value of values) text += isNull(value) ? '1' : '0';
  return new Fixed(text, 1, 'integer');
}

function numbers(values: readonly (number | null | undefined)[]): Part {
  const digits: string[] = [];
  let width = 0;
  for (const value of values) {
    const text = wholeNumber(value ?? 0);
    width = Math.max(width, text.length);
    digits.push(text);
  }
  let text = '';
  for (const one of digits) text += one.padStart(width);
  return new Fixed(text, width, 'integer');
}

function texts(values: readonly SqlValue[]): Part {
  const known: (string | Uint8Array)[] = [];
  for (const value of values) known.push(unboundText(value));
  return keys(known) ?? new Lengthy(known);
}

function unboundText(value: SqlValue): string | Uint8Array {
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  if (isNull(value)) return '';
  if (typeof value === 'number') return wholeNumber(value);
  throw new TypeError('Only texts and whole numbers can be stored.');
}

/** Texts of one length without anything beyond ASCII, such as keys and ids. */
function keys(values: readonly (string | Uint8Array)[]): Part | undefined {
  const width = values[0]?.length;
  if (width === undefined) return undefined;
  for (const value of values) if (typeof value !== 'string' || value.length !== width) return undefined;
  const text = values.join('');
  return Buffer.byteLength(text) === text.length ? new Fixed(text, width, 'text') : undefined;
}

/** Texts of any length, behind a list of where each of them ends. */
abstract class Listed implements Part {
  readonly size: number;
  private readonly list: number;

  constructor(count: number, textBytes: number) {
    this.list = (count + 1) * DIGITS;
    this.size = this.list + textBytes;
  }

  expression(at: number): string {
    const text = at + this.list;
    return `cast(substr(?1,${text}+${placeAt(at)},${placeAt(at + DIGITS)}-${placeAt(at)}) as text)`;
  }

  write(bytes: Buffer, at: number): void {
    writePlace(bytes, at, 0);
    this.writeTexts(bytes, at + DIGITS, at + this.list);
  }

  /** @param list where it says where the first ends */
  protected abstract writeTexts(bytes: Buffer, list: number, at: number): void;
}

class Lengthy extends Listed {
  constructor(private readonly values: readonly (string | Uint8Array)[]) {
    let size = 0;
    for (const value of values) size += bytesOf(value);
    super(values.length, size);
  }

  protected writeTexts(bytes: Buffer, list: number, at: number): void {
    let end = 0;
    for (const value of this.values) {
      if (typeof value === 'string') end += bytes.write(value, at + end, 'utf8');
      else {
        bytes.set(value, at + end);
        end += value.length;
      }
      writePlace(bytes, list, end);
      list += DIGITS;
    }
  }
}

function bytesOf(value: string | Uint8Array): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : value.length;
}

/** Texts that lie one after the other already. */
function pieces(ranges: readonly PackedRange[], rows: number): Part {
  let size = 0;
  for (const range of ranges) size += rangeBytes(range).length;
  const width = widthOf(ranges);
  return width === undefined ? new ListedPieces(ranges, rows, size) : new FixedPieces(ranges, width, size);
}

/** How many bytes all texts have, where that is the same. */
function widthOf(ranges: readonly PackedRange[]): number | undefined {
  const widths = new Set(ranges.map(({ part }) => ('width' in part ? part.width : undefined)));
  const [width] = widths;
  return widths.size === 1 ? width : undefined;
}

class FixedPieces implements Part {
  constructor(
    private readonly ranges: readonly PackedRange[],
    private readonly width: number,
    readonly size: number,
  ) {}

  expression(at: number): string {
    return fixedExpression(at, this.width, 'text');
  }

  write(bytes: Buffer, at: number): void {
    writeRanges(this.ranges, bytes, at);
  }
}

class ListedPieces extends Listed {
  constructor(
    private readonly ranges: readonly PackedRange[],
    rows: number,
    textBytes: number,
  ) {
    super(rows, textBytes);
  }

  protected writeTexts(bytes: Buffer, list: number, at: number): void {
    writeRanges(this.ranges, bytes, at);
    let end = 0;
    for (const { part, from, to } of this.ranges) {
      const before = endOf(part, from - 1) - end;
      for (let i = from; i < to; i++) {
        writePlace(bytes, list, endOf(part, i) - before);
        list += DIGITS;
      }
      end = endOf(part, to - 1) - before;
    }
  }
}

function writeRanges(ranges: readonly PackedRange[], bytes: Buffer, at: number): void {
  for (const range of ranges) {
    const piece = rangeBytes(range);
    bytes.set(piece, at);
    at += piece.length;
  }
}

function placeAt(at: number): string {
  return `cast(substr(?1,${at}+i*${DIGITS},${DIGITS}) as integer)`;
}

function writePlace(bytes: Buffer, at: number, place: number): void {
  for (let digit = at + DIGITS - 1; digit >= at; digit--) {
    bytes[digit] = 48 + (place % 10);
    place = Math.floor(place / 10);
  }
}
