import type { Knex } from 'knex';
import { insertColumns } from './insert-columns.js';
import type { SqlColumn } from './sql-values.js';

/** One row to be stored: column → value; `undefined` is stored as NULL. */
export type InsertRow = Readonly<Record<string, string | number | null | undefined>>;

/**
 * {@link insertColumns} for rows that are objects.
 * @param transaction the act's transaction
 * @param table name of the table, from the program and never from outside
 * @param rows all with the same columns, at any number
 * @throws TypeError when a row has other columns than the first; else as {@link insertColumns}
 */
export async function insertRows(
  transaction: Knex.Transaction,
  table: string,
  rows: readonly InsertRow[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const names = Object.keys(first);
  for (const row of rows)
    if (Object.keys(row).length !== names.length || !names.every((name) => name in row))
      throw new TypeError(`All rows for ${table} must have the same columns.`);
  const columns: Record<string, SqlColumn> = {};
  for (const name of names) {
    const same = first[name];
    columns[name] = rows.every((row) => row[name] === same) ? same : rows.map((row) => row[name]);
  }
  await insertColumns(transaction, table, rows.length, columns);
}
