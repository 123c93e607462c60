import { getDefaultHighWaterMark } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Knex } from 'knex';
import type { Client } from 'pg';
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams';
import { PackedReader } from './packed-texts.js';
import {
  isEach,
  isPacked,
  quotedName,
  wholeNumber,
  type PackedColumn,
  type SqlColumn,
  type SqlValue,
} from './sql-values.js';

/** Rows put into one piece on the way to the server, so that a long insert is never one buffer. */
const ROWS = 128;

/** What a binary COPY begins and ends with (PostgreSQL, COPY, "Binary Format"). */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);

/** Bytes of a number by the column's type; the others that can be stored are texts. */
const NUMBER_BYTES: Readonly<Record<string, number>> = { int2: 2, int4: 4, int8: 8 };
const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar']);

/** Types of columns, by connection and table: they change with the schema only, and then under other names. */
const known = new WeakMap<Client, Map<string, ReadonlyMap<string, string>>>();

/**
 * Stores rows with a binary `COPY`: texts go as they are, and the server looks for nothing to unescape in them.
 * @param transaction the act's transaction, on PostgreSQL
 * @param table name of the table
 * @param count how many rows
 * @param columns as for `insertColumns`, of the right lengths
 * @throws TypeError for a column that holds neither texts nor whole numbers
 */
export async function copyColumns(
  transaction: Knex.Transaction,
  table: string,
  count: number,
  columns: Readonly<Record<string, SqlColumn>>,
): Promise<void> {
  const client = transaction.client as { acquireConnection(): Promise<Client> };
  const connection = await client.acquireConnection();
  const names = Object.keys(columns);
  const types = await typesOf(connection, table, names);
  const wanted = names.map((name): NamedColumn => ({ name, ...columnOf(columns[name], types.get(name), table) }));
  // What is the same in all rows stands before what is not, so that it is written as one.
  const same = wanted.filter(({ values }) => values === undefined);
  const own = wanted.filter(({ values }) => values !== undefined);
  const order = [...same, ...own].map(({ name }) => quotedName(name)).join(',');
  const copy = connection.query(copyFrom(`copy ${quotedName(table)} (${order}) from stdin (format binary)`));
  const fields = Buffer.alloc(2);
  fields.writeInt16BE(wanted.length);
  const begin = Buffer.concat([fields, ...same.flatMap((column) => column.same ?? [])]);
  await send(copy, { begin, own }, count);
}

async function typesOf(
  connection: Client,
  table: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const tables = known.get(connection) ?? new Map<string, ReadonlyMap<string, string>>();
  known.set(connection, tables);
  const types = tables.get(table);
  if (types && names.every((name) => types.has(name))) return types;
  const { rows } = await connection.query<{ name: string; type: string }>(
    `select a.attname as name, t.typname as type from pg_attribute a join pg_type t on t.oid = a.atttypid
      where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped`,
    [quotedName(table)],
  );
  const found = new Map(rows.map(({ name, type }) => [name, type]));
  tables.set(table, found);
  return found;
}

/** A column with the bytes of its numbers, 0 for texts. */
interface Column {
  numberBytes: number;
  values: readonly SqlValue[] | PackedColumn | undefined;
  /** With its length before it, the value of every row. */
  same?: Buffer;
}

interface NamedColumn extends Column {
  name: string;
}

/** What rows are written from. */
interface Rows {
  /** What every row begins with: how many fields it has, and those that are the same in all. */
  begin: Buffer;
  /** The columns that follow. */
  own: readonly Column[];
}

function columnOf(column: SqlColumn, type: string | undefined, table: string): Column {
  // A column that is not there is named by the server.
  const numberBytes = NUMBER_BYTES[type ?? ''] ?? 0;
  if (type !== undefined && numberBytes === 0 && !TEXTS.has(type))
    throw new TypeError(`${table} has a column of type ${type}; only texts and whole numbers can be stored.`);
  if (isPacked(column) && numberBytes > 0) throw new TypeError('A column of numbers takes whole numbers only.');
  if (isPacked(column) || isEach(column)) return { numberBytes, values: column };
  const value = plain(column, numberBytes);
  const same = Buffer.allocUnsafe(4 + Math.max(0, sizeOf(value, numberBytes)));
  writeField(same, 0, value, numberBytes);
  return { numberBytes, values: undefined, same };
}

/** Memory pieces are put together in, in turns: one is filled while the other is on its way. */
type Pair = [Buffer, Buffer];

/**
 * What no statement uses now. Memory that is new for each piece makes the collector of garbage look through all there is every few
 * thousand rows.
 */
const spare: Pair[] = [];

/** The most bytes of a piece that are kept for the next statement. */
const KEPT_BYTES = 2 * 1024 * 1024;

/**
 * A socket takes less than this without saying when it is sent: what it was handed would change under it, were its memory used again. As
 * many bytes as Node lets wait, or those of its latest release where that is more.
 */
const socketBytes = (): number => Math.max(65_536, getDefaultHighWaterMark(false));

async function send(copy: CopyStreamQuery, rows: Rows, count: number): Promise<void> {
  const ended = finished(copy);
  const server = { isDone: false };
  ended.catch(() => (server.isDone = true));
  const pair: Pair = spare.pop() ?? [Buffer.alloc(0), Buffer.alloc(0)];
  try {
    copy.write(HEADER);
    let sent: Promise<unknown> = Promise.resolve();
    for (let start = 0, turn: 0 | 1 = 0; start < count; start += ROWS, turn = turn === 0 ? 1 : 0) {
      const bytes = piece(rows, start, Math.min(ROWS, count - start), (size) => room(pair, turn, size));
      await sent;
      sent = Promise.race([written(copy, bytes), ended]);
      // What goes wrong is told where it is waited for, unless something else did first.
      sent.catch(() => undefined);
    }
    await sent;
    copy.end(TRAILER);
    await ended;
  } catch (error) {
    if (!server.isDone) copy.destroy(error instanceof Error ? error : undefined);
    await ended.catch(() => undefined);
    throw error;
  }
  if (pair.every(({ length }) => length <= KEPT_BYTES)) spare.push(pair);
}

function written(copy: CopyStreamQuery, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    copy.write(bytes, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

function room(pair: Pair, turn: 0 | 1, size: number): Buffer {
  if (size < socketBytes()) return Buffer.allocUnsafe(size);
  if (pair[turn].length < size) pair[turn] = Buffer.allocUnsafeSlow(size + (size >> 2));
  return pair[turn].subarray(0, size);
}

/** @param memory gives memory of a size */
function piece({ begin, own }: Rows, start: number, rows: number, memory: (size: number) => Buffer): Buffer {
  const fields = own.map((column) => fieldsOf(column, start, rows));
  const bytes = memory(fields.reduce((sum, { most }) => sum + most, rows * begin.length));
  let at = 0;
  for (let row = 0; row < rows; row++) {
    bytes.set(begin, at);
    at += begin.length;
    for (const one of fields) at = one.write(bytes, at, row);
  }
  return bytes.subarray(0, at);
}

/** The fields of a column in some rows. */
interface Fields {
  /** Bytes they take at most. */
  readonly most: number;
  /** Writes the field of a row, which follows the one written before. @returns where the next field begins */
  write(bytes: Buffer, at: number, row: number): number;
}

function fieldsOf({ numberBytes, values = [] }: Column, start: number, rows: number): Fields {
  if (isPacked(values)) return new PackedFields(new PackedReader(values, start, rows), rows);
  return numberBytes > 0 ? new NumberFields(values, start, rows, numberBytes) : new TextFields(values, start, rows);
}

class PackedFields implements Fields {
  readonly most: number;

  constructor(
    private readonly texts: PackedReader,
    rows: number,
  ) {
    this.most = rows * 4 + texts.size;
  }

  write(bytes: Buffer, at: number): number {
    const length = this.texts.next(bytes, at + 4);
    return bytes.writeInt32BE(length, at) + length;
  }
}

class NumberFields implements Fields {
  readonly most: number;

  constructor(
    private readonly values: readonly SqlValue[],
    private readonly start: number,
    rows: number,
    private readonly numberBytes: number,
  ) {
    this.most = rows * (4 + numberBytes);
  }

  write(bytes: Buffer, at: number, row: number): number {
    const value = this.values[this.start + row];
    if (this.numberBytes !== 4 || typeof value !== 'number' || (value | 0) !== value)
      return writeField(bytes, at, plain(value, this.numberBytes), this.numberBytes);
    return bytes.writeInt32BE(value, bytes.writeInt32BE(4, at));
  }
}

/** UTF-8 bytes of one UTF-16 unit, at most. */
const MAX_UTF8_BYTES = 3;

class TextFields implements Fields {
  readonly most: number;

  constructor(
    private readonly values: readonly SqlValue[],
    private readonly start: number,
    rows: number,
  ) {
    let most = rows * 4;
    for (let i = start; i < start + rows; i++) {
      const value = values[i];
      most += typeof value === 'string' ? MAX_UTF8_BYTES * value.length : Math.max(0, sizeOf(plain(value, 0), 0));
    }
    this.most = most;
  }

  write(bytes: Buffer, at: number, row: number): number {
    const value = this.values[this.start + row];
    if (typeof value !== 'string') return writeField(bytes, at, plain(value, 0), 0);
    const written = bytes.write(value, at + 4, 'utf8');
    return bytes.writeInt32BE(written, at) + written;
  }
}

/** A value as its column takes it. */
function plain(value: SqlValue, numberBytes: number): string | Uint8Array | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return wholeNumber(value);
  if (typeof value !== 'string' && !(value instanceof Uint8Array))
    throw new TypeError('Only texts and whole numbers can be stored.');
  if (numberBytes === 0) return value;
  if (typeof value !== 'string' || !/^-?\d+$/.test(value))
    throw new TypeError('A column of numbers takes whole numbers only.');
  return wholeNumber(Number(value));
}

function sizeOf(value: string | Uint8Array | null, numberBytes: number): number {
  if (value === null) return -1;
  if (numberBytes > 0) return numberBytes;
  return typeof value === 'string' ? Buffer.byteLength(value) : value.length;
}

/** @returns where the next field begins */
function writeField(bytes: Buffer, at: number, value: string | Uint8Array | null, numberBytes: number): number {
  if (value === null) return bytes.writeInt32BE(-1, at);
  if (numberBytes === 8) return bytes.writeBigInt64BE(BigInt(String(value)), bytes.writeInt32BE(8, at));
  if (numberBytes > 0) return bytes.writeIntBE(Number(value), bytes.writeInt32BE(numberBytes, at), numberBytes);
  const written = typeof value === 'string' ? bytes.write(value, at + 4, 'utf8') : value.length;
  if (typeof value !== 'string') bytes.set(value, at + 4);
  return bytes.writeInt32BE(written, at) + written;
}
