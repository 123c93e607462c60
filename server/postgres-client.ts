import PostgresClient, { type PooledConnection } from 'knex/lib/dialects/postgres/index.js';
import { storageError } from './storage-error.js';

/**
 * Knex's PostgreSQL dialect with one change: a connection whose server is gone, shuts down, has become read-only or does not answer
 * is not lent again, so that the service goes on by itself when there is a server again.
 */
export class ReconnectingPostgresClient extends PostgresClient {
  override async _query(connection: PooledConnection, query: unknown): Promise<unknown> {
    try {
      return await super._query(connection, query);
    } catch (error) {
      if (storageError(error)?.code === 'STORAGE_UNREACHABLE') {
        connection.__knex__disposed ??= error;
        // With a query under way this closes the socket at once, instead of waiting for a server that may never answer.
        connection.end().catch(() => undefined);
      }
      throw error;
    }
  }
}
