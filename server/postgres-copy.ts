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
  const wanted = Object.values(columns).map((column, i): Column => columnOf(column, types.get(names[i] ?? ''), table));
  const copy = connection.query(
    copyFrom(`copy ${quotedName(table)} (${names.map(quotedName).join(',')}) from stdin (format binary)`),
  );
  await send(copy, wanted, count);
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
  same: Buffer | undefined;
}

function columnOf(column: SqlColumn, type: string | undefined, table: string): Column {
  // A column that is not there is named by the server.
  const numberBytes = NUMBER_BYTES[type ?? ''] ?? 0;
  if (type !== undefined && numberBytes === 0 && !TEXTS.has(type))
    throw new TypeError(`${table} has a column of type ${type}; only texts and whole numbers can be stored.`);
  if (isPacked(column) && numberBytes > 0) throw new TypeError('A column of numbers takes whole numbers only.');
  if (isPacked(column) || isEach(column)) return { numberBytes, values: column, same: undefined };
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

async function send(copy: CopyStreamQuery, columns: readonly Column[], count: number): Promise<void> {
  const ended = finished(copy);
  const server = { isDone: false };
  ended.catch(() => (server.isDone = true));
  const pair: Pair = spare.pop() ?? [Buffer.alloc(0), Buffer.alloc(0)];
  try {
    copy.write(HEADER);
    let sent: Promise<unknown> = Promise.resolve();
    for (let start = 0, turn: 0 | 1 = 0; start < count; start += ROWS, turn = turn === 0 ? 1 : 0) {
      const bytes = piece(columns, start, Math.min(ROWS, count - start), (size) => room(pair, turn, size));
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
function piece(columns: readonly Column[], start: number, rows: number, memory: (size: number) => Buffer): Buffer {
  const fields = columns.map((column) => fieldsOf(column, start, rows));
  const bytes = memory(fields.reduce((sum, { size }) => sum + size, rows * 2));
  let at = 0;
  for (let row = 0; row < rows; row++) {
    at = bytes.writeInt16BE(columns.length, at);
    for (const own of fields) at = own.write(bytes, at, row);
  }
  return bytes;
}

/** The fields of a column in some rows. */
interface Fields {
  readonly size: number;
  /** Writes the field of a row, which follows the one written before. @returns where the next field begins */
  write(bytes: Buffer, at: number, row: number): number;
}

function fieldsOf({ numberBytes, values, same }: Column, start: number, rows: number): Fields {
  if (same) return new SameFields(same, rows);
  if (values && isPacked(values)) return new PackedFields(new PackedReader(values, start, rows), rows);
  return new OwnFields((values ?? []).slice(start, start + rows), numberBytes);
}

class SameFields implements Fields {
  readonly size: number;

  constructor(
    private readonly field: Buffer,
    rows: number,
  ) {
    this.size = rows * field.length;
  }

  write(bytes: Buffer, at: number): number {
    return at + this.field.copy(bytes, at);
  }
}

class PackedFields implements Fields {
  readonly size: number;

  constructor(
    private readonly texts: PackedReader,
    rows: number,
  ) {
    this.size = rows * 4 + texts.size;
  }

  write(bytes: Buffer, at: number): number {
    const length = this.texts.next(bytes, at + 4);
    return bytes.writeInt32BE(length, at) + length;
  }
}

class OwnFields implements Fields {
  readonly size: number;
  private readonly values: (string | Uint8Array | null)[] = [];

  constructor(
    values: readonly SqlValue[],
    private readonly numberBytes: number,
  ) {
    let size = 0;
    for (const value of values) {
      const own = plain(value, numberBytes);
      this.values.push(own);
      size += 4 + Math.max(0, sizeOf(own, numberBytes));
    }
    this.size = size;
  }

  write(bytes: Buffer, at: number, row: number): number {
    return writeField(bytes, at, this.values[row] ?? null, this.numberBytes);
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
