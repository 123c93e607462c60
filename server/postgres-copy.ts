import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Knex } from 'knex';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { isEach, quotedName, wholeNumber, type SqlColumn, type SqlValue } from './sql-values.js';

/** Rows put into one piece on the way to the server, so that a long insert is never one text. */
const ROWS = 128;

/**
 * Stores rows with `COPY`.
 * @param transaction the act's transaction, on PostgreSQL
 * @param table name of the table
 * @param count how many rows
 * @param columns as for `insertColumns`, of the right lengths
 */
export async function copyColumns(
  transaction: Knex.Transaction,
  table: string,
  count: number,
  columns: Readonly<Record<string, SqlColumn>>,
): Promise<void> {
  const client = transaction.client as { acquireConnection(): Promise<Client> };
  const connection = await client.acquireConnection();
  const names = Object.keys(columns).map(quotedName).join(',');
  const copy = connection.query(copyFrom(`copy ${quotedName(table)} (${names}) from stdin`));
  await pipeline(Readable.from(pieces(Object.values(columns), count), { objectMode: true }), copy);
}

function* pieces(columns: readonly SqlColumn[], count: number): Generator<Buffer> {
  const same = columns.map((column) => (isEach(column) ? undefined : field(column)));
  for (let start = 0; start < count; start += ROWS) {
    let text = '';
    for (let row = start; row < Math.min(start + ROWS, count); row++) {
      let separator = '';
      for (const [i, column] of columns.entries()) {
        text += separator + (same[i] ?? field(isEach(column) ? column[row] : column));
        separator = '\t';
      }
      text += '\n';
    }
    yield Buffer.from(text);
  }
}

function field(value: SqlValue): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'number') return wholeNumber(value);
  if (typeof value === 'string') return escaped(value);
  if (value instanceof Uint8Array)
    return escaped(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString());
  throw new TypeError('Only texts and whole numbers can be stored.');
}

function escaped(text: string): string {
  return NEEDS_ESCAPE.test(text) ? text.replace(ESCAPED, (character) => ESCAPES[character] ?? character) : text;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const NEEDS_ESCAPE = /[\\\n\r\t]/;
const ESCAPED = /[\\\n\r\t]/g;
