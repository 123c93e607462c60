/** The PostgreSQL dialect class of Knex, which the package ships without a type of its own. */
declare module 'knex/lib/dialects/postgres/index.js' {
  import { Knex } from 'knex';
  import { Client } from 'pg';

  /** A pooled connection; one that carries `__knex__disposed` is not lent again. */
  export interface PooledConnection extends Client {
    __knex__disposed?: unknown;
  }

  export default class PostgresClient extends Knex.Client {
    constructor(config: Knex.Config);
    _query(connection: PooledConnection, query: unknown): Promise<unknown>;
  }
}
