import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Knex } from 'knex';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** One row to be stored: column → value; `undefined` is stored as NULL. */
export type InsertRow = Readonly<Record<string, string | number | null | undefined>>;

/** Most parameters of one SQLite statement (SQLITE_MAX_VARIABLE_NUMBER). */
const SQLITE_PARAMETERS = 32_766;

/** SQLite gains nothing from longer statements, and short ones keep memory flat. */
const SQLITE_ROWS = 1000;

/** Rows put into one piece of text on the way to PostgreSQL, so that a long insert is never one string. */
const COPY_ROWS = 128;

/**
 * Stores many rows at once, as fast as each database takes them (docs/scaling.md has the figures): on SQLite multi-row inserts that
 * bind a value shared by all rows once, on PostgreSQL `COPY`. The caller's transaction decides whether they stay.
 * @param transaction the act's transaction
 * @param table name of the table, from the program and never from outside
 * @param rows all with the same columns, at any number
 * @throws TypeError when a row has other columns than the first; the driver's error, e.g. one {@link isUniqueViolation} knows
 */
export async function insertRows(
  transaction: Knex.Transaction,
  table: string,
  rows: readonly InsertRow[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first);
  for (const row of rows)
    if (Object.keys(row).length !== columns.length || !columns.every((column) => column in row))
      throw new TypeError(`All rows for ${table} must have the same columns.`);
  const { dialect } = transaction.client as { dialect: string };
  if (dialect === 'postgresql') await copyRows(transaction, table, columns, rows);
  else await insertMany(transaction, table, columns, rows);
}

async function insertMany(
  transaction: Knex.Transaction,
  table: string,
  columns: readonly string[],
  rows: readonly InsertRow[],
): Promise<void> {
  const most = Math.min(SQLITE_ROWS, Math.floor(SQLITE_PARAMETERS / columns.length) - 1);
  for (let start = 0; start < rows.length; start += most) {
    const part = rows.slice(start, start + most);
    const shared = columns.filter((column) => part.every((row) => row[column] === part[0]?.[column]));
    const own = columns.filter((column) => !shared.includes(column));
    const bindings = shared.map((column) => part[0]?.[column] ?? null);
    for (const row of part) for (const column of own) bindings.push(row[column] ?? null);
    const values = own.length === 0 ? '(1)' : `(${own.map(() => '?').join(',')})`;
    const names = [...shared, ...own].map(quoted).join(',');
    const selected = [...shared.map(() => '?'), ...own.map((_, at) => `column${at + 1}`)].join(',');
    await transaction.raw(
      `insert into ${quoted(table)} (${names}) select ${selected} from (values ${part.map(() => values).join(',')})`,
      bindings,
    );
  }
}

async function copyRows(
  transaction: Knex.Transaction,
  table: string,
  columns: readonly string[],
  rows: readonly InsertRow[],
): Promise<void> {
  const client = transaction.client as { acquireConnection(): Promise<Client> };
  const connection = await client.acquireConnection();
  const copy = connection.query(copyFrom(`copy ${quoted(table)} (${columns.map(quoted).join(',')}) from stdin`));
  await pipeline(Readable.from(copyText(columns, rows), { objectMode: true }), copy);
}

function* copyText(columns: readonly string[], rows: readonly InsertRow[]): Generator<Buffer> {
  for (let start = 0; start < rows.length; start += COPY_ROWS) {
    let text = '';
    for (const row of rows.slice(start, start + COPY_ROWS)) {
      let separator = '';
      for (const column of columns) {
        text += separator + copyField(row[column] ?? null);
        separator = '\t';
      }
      text += '\n';
    }
    yield Buffer.from(text);
  }
}

function copyField(value: string | number | null): string {
  if (value === null) return '\\N';
  if (typeof value === 'number') return String(value);
  return NEEDS_ESCAPE.test(value) ? value.replace(ESCAPED, (character) => ESCAPES[character] ?? character) : value;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const NEEDS_ESCAPE = /[\\\n\r\t]/;
const ESCAPED = /[\\\n\r\t]/g;

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
