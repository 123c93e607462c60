import SqliteClient from 'knex/lib/dialects/sqlite3/index.js';

/**
 * Knex's SQLite dialect with two changes to transactions.
 *
 * They take the write lock at their start (`BEGIN IMMEDIATE`): a deferred one that reads before it writes fails with
 * `SQLITE_BUSY` at once when another process wrote in between, whatever the busy timeout. And whatever fails (disk full), the
 * connection returns to the pool without an open transaction and the caller gets the first error: SQLite may have rolled back
 * by itself, or not.
 */
export class ImmediateSqliteClient extends SqliteClient {
  override transaction(container: unknown, config: unknown, outer: unknown): ReturnType<SqliteClient['transaction']> {
    const transaction = super.transaction(container, config, outer);
    transaction.begin = (connection) => transaction.query(connection, 'BEGIN IMMEDIATE;');
    transaction.commit = async (connection, value) => {
      try {
        await this.query(connection, 'COMMIT;');
      } catch (error) {
        await this.query(connection, 'ROLLBACK;').catch(() => undefined);
        return transaction.query(connection, 'SELECT 1;', 2, error);
      }
      return transaction.query(connection, 'SELECT 1;', 1, value);
    };
    transaction.rollback = async (connection, error) => {
      await this.query(connection, 'ROLLBACK;').catch(() => undefined);
      return transaction.query(connection, 'SELECT 1;', 2, error);
    };
    return transaction;
  }
}
