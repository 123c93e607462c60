import type { Knex } from 'knex';
import { packedCount } from './packed-texts.js';
import { isEach, isPacked, type SqlColumn } from './sql-values.js';
import { insertPacked } from './sqlite-packed-insert.js';

/**
 * Stores many rows given by column, as fast as each database takes them (docs/scaling.md has the figures): on SQLite all values in one
 * binding that the statement cuts up, on PostgreSQL `COPY`. The caller's transaction decides whether they stay.
 * @param transaction the act's transaction
 * @param table name of the table, from the program and never from outside
 * @param count how many rows
 * @param columns column → its value in all rows, or its values in order, `count` of them
 * @throws TypeError for a column of another length and for what is neither text, whole number nor null; the driver's error, e.g. one
 *   {@link isUniqueViolation} knows
 */
export async function insertColumns(
  transaction: Knex.Transaction,
  table: string,
  count: number,
  columns: Readonly<Record<string, SqlColumn>>,
): Promise<void> {
  for (const [name, column] of Object.entries(columns)) {
    const length = isPacked(column) ? packedCount(column) : isEach(column) ? column.length : count;
    if (length !== count) throw new TypeError(`Column ${name} of ${table} has ${length} values for ${count} rows.`);
  }
  if (count === 0) return;
  const narrowed = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, oneWhereSame(column)]));
  const { dialect } = transaction.client as { dialect: string };
  if (dialect === 'postgresql') {
    // Loaded where there is a PostgreSQL only, as is the rest of its driver.
    const { copyColumns } = await import('./postgres-copy.js');
    await copyColumns(transaction, table, count, narrowed);
  } else await insertPacked(transaction, table, count, narrowed);
}

/** A value for all rows, where each has the same. */
function oneWhereSame(column: SqlColumn): SqlColumn {
  if (!isEach(column)) return column;
  const [first] = column;
  for (const value of column) if (value !== first) return column;
  return first;
}
