import { YizhengError } from '../shared/errors.js';

/** The part of a `sqlite3` connection that is needed to set it up. */
export interface SqliteConnection {
  exec(sql: string, done: (error: Error | null) => void): unknown;
  get(sql: string, done: (error: Error | null, row: unknown) => void): unknown;
}

/** How long a connection waits for another writer, in milliseconds. */
export const BUSY_TIMEOUT_MS = 5000;

/**
 * KiB of pages a connection may keep. Where a batch writes, with the default of 2,000 the pages of the indexes it writes to at random
 * places are written to the log several times in one transaction.
 */
const CACHE_KIB = { reads: 2000, writes: 10_000 };

/**
 * Bytes of a page of a new file: a signed certificate takes 2.5 to 3.5 kB, of which five or so share a page. In smaller ones up to a third
 * stays empty, and in larger ones what is written of an index at a random place costs more. A file of before keeps what it has.
 */
const PAGE_BYTES = 16_384;

/**
 * Bytes of the log after which a commit carries them over to the database: 32 MB instead of 4, so that a page many transactions
 * change is carried over once. What a reader keeps from being carried over is cut off again at 64 MB.
 */
const CHECKPOINT_BYTES = 32 * 1024 * 1024;
const LOG_BYTES = 2 * CHECKPOINT_BYTES;

/**
 * Makes a fresh connection durable and proves it (SECURITY F10).
 *
 * SQLite keeps none of these settings in the file, and builds differ in their defaults: a WAL database with
 * `synchronous=NORMAL` loses acknowledged commits at a power failure. So every connection sets them and reads them back.
 *
 * What a statement may have to undo is kept in a file: that of a chunk of a batch grows with the indexes it writes to, and in memory
 * SQLite keeps it in pieces of 1 kB, which cost more than the file and leave the allocator in pieces as well.
 * @param connection fresh from the pool
 * @param options `patient`: for migrations; `writes`: for write transactions
 * @throws YizhengError `DATABASE_NOT_DURABLE`
 */
export async function configureSqliteConnection(
  connection: SqliteConnection,
  options: { patient?: boolean; writes?: boolean } = {},
): Promise<void> {
  const cache = options.writes || options.patient ? CACHE_KIB.writes : CACHE_KIB.reads;
  await run(
    connection,
    `PRAGMA busy_timeout=${BUSY_TIMEOUT_MS}; PRAGMA page_size=${PAGE_BYTES}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
      PRAGMA foreign_keys=ON; PRAGMA temp_store=FILE; PRAGMA cache_size=-${cache};
      PRAGMA journal_size_limit=${LOG_BYTES};`,
  );
  const pageBytes = Number(await pragma(connection, 'page_size'));
  await run(connection, `PRAGMA wal_autocheckpoint=${Math.ceil(CHECKPOINT_BYTES / pageBytes)};`);
  const found = {
    synchronous: await pragma(connection, 'synchronous'),
    foreign_keys: await pragma(connection, 'foreign_keys'),
    journal_mode: await pragma(connection, 'journal_mode'),
  };
  if (found.synchronous !== 2 || found.foreign_keys !== 1 || found.journal_mode !== 'wal')
    throw new YizhengError(
      'DATABASE_NOT_DURABLE',
      `The database connection is not durable (synchronous=${String(found.synchronous)}, journal_mode=${String(found.journal_mode)}, foreign_keys=${String(found.foreign_keys)}); no certificate may be issued on it.`,
      { status: 503 },
    );
}

async function run(connection: SqliteConnection, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.exec(sql, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Reads one PRAGMA of a connection. */
export async function pragma(connection: SqliteConnection, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    connection.get(`PRAGMA ${name}`, (error, row) => {
      if (error) reject(error);
      else resolve(row && typeof row === 'object' ? Object.values(row)[0] : undefined);
    });
  });
}
