import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import knexPackage, { type Knex } from 'knex';
import { YizhengError } from '../shared/errors.js';
import { baseMigrations } from './base-migrations.js';
import { migrate } from './migrate.js';
import { SILENT } from './silent-knex.js';
import { ImmediateSqliteClient } from './sqlite-client.js';
import { configureSqliteConnection, type SqliteConnection } from './sqlite-connection.js';
import { storageError } from './storage-error.js';

/** One step of the schema. Portable Knex schema calls only: the same steps run on SQLite and PostgreSQL. */
export interface Migration {
  /** Name with its order, e.g. `issuer-001-certificates`; never changed once released. */
  name: string;
  up(knex: Knex): Promise<void>;
}

/** An open database with its schema brought up to date. */
export interface Database {
  /** For reads. Writes go through {@link Database.write}. */
  readonly knex: Knex;
  /**
   * Runs `work` in one write transaction, alone over all processes from its start (SQLite: `BEGIN IMMEDIATE`; PostgreSQL: an advisory
   * lock of the schema), and resolves after the commit is on disk. Everything `work` did is undone when it throws.
   * @throws YizhengError `STORAGE_BUSY`, `STORAGE_FULL`, `STORAGE_UNREACHABLE`, `STORAGE_FAILED` (503), or what `work` threw
   */
  write<T>(work: (transaction: Knex.Transaction) => Promise<T>): Promise<T>;
  /** Resolves when the database answers and may be written. @throws YizhengError as {@link Database.write} */
  check(): Promise<void>;
  /** Waits for the running write and closes all connections. */
  close(): Promise<void>;
}

/**
 * Opens a database and brings its schema up to date; several processes may do so at once.
 * @param options `url`: `sqlite:<file>` or `postgres://…` (all `pg` takes, and `?schema=`: each service needs a database or a schema of
 *   its own); `migrations`: the service's own steps, run after the common ones (API keys, audit, idempotency keys)
 * @throws YizhengError `DATABASE_URL` for another kind of address, `DATABASE_NOT_DURABLE` (SECURITY F10), `DATABASE_UNFIT`,
 *   `DATABASE_FOREIGN`, `STORAGE_*`; none of them quotes the address
 */
export async function openDatabase(options: { url: string; migrations: readonly Migration[] }): Promise<Database> {
  const migrations = [...baseMigrations, ...options.migrations];
  const file = /^sqlite:(?!:memory:)(.+)$/.exec(options.url)?.[1];
  if (file !== undefined) return openSqlite(file, migrations);
  if (/^postgres(?:ql)?:\/\//.test(options.url)) return openPostgres(options.url, migrations);
  throw new YizhengError('DATABASE_URL', 'The database address must be sqlite:<file> or postgres://….', {
    status: 500,
  });
}

async function openSqlite(file: string, migrations: readonly Migration[]): Promise<Database> {
  await createPrivateFile(file);
  const patient = connectSqlite(file, { patient: true });
  try {
    await migrate(patient, migrations);
  } catch (error) {
    throw storageError(error) ?? error;
  } finally {
    await patient.destroy();
  }
  return new SerialDatabase(connectSqlite(file), {
    writer: connectSqlite(file, { writes: true }),
    beforeWrite: () => Promise.resolve(),
  });
}

/**
 * Connections to a SQLite file. Those for reads are other ones than the one for writes: what a connection has read of the file is worth
 * nothing any more once another one wrote, and a batch writes to the same pages of the indexes again and again.
 */
function connectSqlite(file: string, options: { patient?: boolean; writes?: boolean } = {}): Knex {
  return knexPackage({
    client: ImmediateSqliteClient as unknown as typeof Knex.Client,
    connection: { filename: file },
    useNullAsDefault: true,
    log: SILENT,
    acquireConnectionTimeout: 10_000,
    pool: {
      min: 1,
      max: options.writes ? 1 : 4,
      afterCreate: (
        connection: SqliteConnection,
        done: (error: unknown, connection: SqliteConnection) => void,
      ): void => {
        configureSqliteConnection(connection, options).then(
          () => done(null, connection),
          (error: unknown) => done(error, connection),
        );
      },
    },
  });
}

async function openPostgres(url: string, migrations: readonly Migration[]): Promise<Database> {
  // Memory of its driver is for those who use it.
  const { connectPostgres, migratePostgres, parsePostgresUrl, takeWriteLock } = await import('./postgres-database.js');
  const address = parsePostgresUrl(url);
  try {
    await migratePostgres(address, (knex) => migrate(knex, migrations, { alone: true }));
  } catch (error) {
    throw storageError(error) ?? error;
  }
  const knex = connectPostgres(address);
  return new SerialDatabase(knex, { writer: knex, beforeWrite: takeWriteLock });
}

class SerialDatabase implements Database {
  private last: Promise<unknown> = Promise.resolve();
  private failure: YizhengError | undefined;

  constructor(
    readonly knex: Knex,
    private readonly dialect: {
      /** Where write transactions are begun. */
      writer: Knex;
      /** Takes the write lock where the transaction's begin does not. */
      beforeWrite: (transaction: Knex.Transaction) => Promise<void>;
    },
  ) {}

  write<T>(work: (transaction: Knex.Transaction) => Promise<T>): Promise<T> {
    const next = this.last.then(() => this.transaction(work));
    this.last = next.catch(() => undefined);
    return next;
  }

  private async transaction<T>(work: (transaction: Knex.Transaction) => Promise<T>): Promise<T> {
    if (this.failure) throw this.failure;
    try {
      return await this.dialect.writer.transaction(async (transaction) => {
        await this.dialect.beforeWrite(transaction);
        return work(transaction);
      });
    } catch (error) {
      const storage = storageError(error);
      if (storage?.code === 'STORAGE_FAILED') this.failure = storage;
      throw storage ?? error;
    }
  }

  async check(): Promise<void> {
    if (this.failure) throw this.failure;
    try {
      await this.knex.raw('select 1');
    } catch (error) {
      throw storageError(error) ?? error;
    }
  }

  async close(): Promise<void> {
    await this.last;
    await this.knex.destroy();
    await this.dialect.writer.destroy();
  }
}

async function createPrivateFile(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a', 0o600);
  await handle.close();
}
