/** The SQLite dialect class of Knex, which the package ships without a type of its own. */
declare module 'knex/lib/dialects/sqlite3/index.js' {
  import { Knex } from 'knex';

  interface Transaction {
    begin(connection: unknown): Promise<unknown>;
    commit(connection: unknown, value: unknown): Promise<unknown>;
    rollback(connection: unknown, error: unknown): Promise<unknown>;
    /** `status` 1 settles the transaction with `value`, 2 rejects it with `value`. */
    query(connection: unknown, sql: string, status?: 1 | 2, value?: unknown): Promise<unknown>;
  }

  export default class SqliteClient extends Knex.Client {
    constructor(config: Knex.Config);
    transaction(container: unknown, config: unknown, outer: unknown): Transaction;
    query(connection: unknown, sql: string): Promise<unknown>;
  }
}
