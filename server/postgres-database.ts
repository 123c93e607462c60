import knexPackage, { type Knex } from 'knex';
import pg from 'pg';
import { YizhengError } from '../shared/errors.js';
import { ReconnectingPostgresClient } from './postgres-client.js';
import { configurePostgresConnection, STATEMENT_TIMEOUT_MS, type PostgresConnection } from './postgres-connection.js';
import { SILENT } from './silent-knex.js';

/** Where a service's tables are. */
export interface PostgresAddress {
  /** For `pg`, without our own parameters. */
  connectionString: string;
  /** `?schema=`, `public` unless given. */
  schema: string;
}

/** Advisory locks of PostgreSQL are two numbers; the first tells ours from other programs', the second is the schema's. */
const WRITE_LOCK = 0x595a0001;
const MIGRATION_LOCK = 0x595a0002;

/**
 * Reads `postgres://…`: everything `pg` knows (`sslmode`, `sslrootcert`, `application_name` …) and `schema`.
 * @throws YizhengError `DATABASE_URL`; it never quotes the address, which may hold a password
 */
export function parsePostgresUrl(url: string): PostgresAddress {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw badUrl();
  }
  const schema = parsed.searchParams.get('schema') ?? 'public';
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema) || schema.startsWith('pg_')) throw badUrl();
  parsed.searchParams.delete('schema');
  return { connectionString: parsed.href, schema };
}

function badUrl(): YizhengError {
  return new YizhengError(
    'DATABASE_URL',
    'The database address must be postgres://user@host/database with an optional ?schema=name (a–z, 0–9, _).',
    { status: 500 },
  );
}

/**
 * A pool of proven connections.
 * @param address where
 * @param options `patient`: for migrations; three connections instead of ten, no timeouts of statements
 */
export function connectPostgres(address: PostgresAddress, options: { patient?: boolean } = {}): Knex {
  const patient = options.patient ?? false;
  const afterCreate = (connection: PostgresConnection, done: (error: unknown, connection: unknown) => void): void => {
    configurePostgresConnection(connection, { schema: address.schema, patient }).then(
      () => done(null, connection),
      (error: unknown) => {
        // Knex forgets a connection it could not set up, without closing it.
        connection.end().catch(() => undefined);
        done(error, connection);
      },
    );
  };
  return knexPackage({
    client: ReconnectingPostgresClient as unknown as typeof Knex.Client,
    connection: {
      connectionString: address.connectionString,
      fallback_application_name: 'yizheng',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      types: numbers(),
      ...(patient ? {} : { query_timeout: STATEMENT_TIMEOUT_MS + 5_000 }),
    } as Knex.PgConnectionConfig,
    log: SILENT,
    acquireConnectionTimeout: 15_000,
    pool: { min: 0, max: patient ? 3 : 10, afterCreate },
  });
}

/** Makes writes serial over all processes; to be the first statement of a write transaction. */
export async function takeWriteLock(transaction: Knex.Transaction): Promise<void> {
  await transaction.raw(`select pg_advisory_xact_lock(${WRITE_LOCK}, hashtext(current_schema()))`);
}

/**
 * Brings the schema up to date while no other process does, and makes text sort and compare by code point as SQLite does, whatever
 * collation the database was made with.
 * @param address where; its schema is made when missing
 * @param migrate the steps; they may rely on being alone
 */
export async function migratePostgres(address: PostgresAddress, migrate: (knex: Knex) => Promise<void>): Promise<void> {
  await makeSchema(address);
  const knex = connectPostgres(address, { patient: true });
  try {
    await knex.transaction(async (lock) => {
      // The transaction only holds the lock, which a killed process gives back by its connection's end; it stands still meanwhile.
      await lock.raw('set local idle_in_transaction_session_timeout = 0');
      await lock.raw(`select pg_advisory_xact_lock(${MIGRATION_LOCK}, hashtext(current_schema()))`);
      await migrate(knex);
      await sortByCodePoint(knex);
    });
  } finally {
    await knex.destroy();
  }
}

async function makeSchema({ connectionString, schema }: PostgresAddress): Promise<void> {
  if (schema === 'public') return;
  const knex = connectPostgres({ connectionString, schema: 'public' }, { patient: true });
  try {
    await knex.raw(`create schema if not exists "${schema}"`).catch((error: unknown) => {
      // Two processes that make it at once: one of them is told that it is there.
      if (!(error instanceof Error && 'code' in error && (error.code === '23505' || error.code === '42P06')))
        throw error;
    });
  } finally {
    await knex.destroy();
  }
}

async function sortByCodePoint(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: { table_name: string; column_name: string; type: string }[] }>(
    `select c.relname as table_name, a.attname as column_name, format_type(a.atttypid, a.atttypmod) as type
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_collation l on l.oid = a.attcollation
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0
        and not a.attisdropped and l.collname <> 'C' and c.relname not like 'knex_%'
      order by c.relname, a.attnum`,
  );
  const changes = new Map<string, string[]>();
  for (const { table_name: table, column_name: column, type } of rows)
    changes.set(table, [...(changes.get(table) ?? []), `alter column "${column}" type ${type} collate "C"`]);
  for (const [table, columns] of changes) await knex.raw(`alter table "${table}" ${columns.join(', ')}`);
}

/** `bigint` and `numeric` (counts and sums) as numbers: none of ours comes near 2^53. */
function numbers(): pg.TypeOverrides {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  types.setTypeParser(pg.types.builtins.NUMERIC, Number);
  return types;
}
