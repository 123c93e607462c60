import { YizhengError } from '../shared/errors.js';

/**
 * Reads a database driver's error as one of ours; all are 503 because the request may be repeated with the same idempotency key.
 *
 * `STORAGE_BUSY` (another writer holds the database, or a time limit), `STORAGE_FULL` (no space), `STORAGE_UNREACHABLE`
 * (PostgreSQL is gone, shuts down or takes no writes: the service goes on by itself when it is back), `STORAGE_FAILED` (the disk
 * reported an error: what it holds is no longer known, so the service must be restarted before it writes again).
 * @returns undefined when it is no error of a storage
 */
export function storageError(error: unknown): YizhengError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof YizhengError) return error.code.startsWith('STORAGE_') ? error : undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const options = { status: 503, cause: error };
  if (BUSY.test(code) || error.name === 'KnexTimeoutError')
    return new YizhengError(
      'STORAGE_BUSY',
      'The database is busy; repeat the request with the same idempotency key.',
      options,
    );
  if (FULL.test(code)) return new YizhengError('STORAGE_FULL', 'The disk is full; nothing was stored.', options);
  if (FAILED.test(code))
    return new YizhengError(
      'STORAGE_FAILED',
      'The database reported a disk error; writing stops until a restart.',
      options,
    );
  if (UNREACHABLE.test(code) || (code === '' && LOST.test(error.message)))
    return new YizhengError(
      'STORAGE_UNREACHABLE',
      'The database cannot be reached or takes no writes; repeat the request with the same idempotency key.',
      options,
    );
  return undefined;
}

/**
 * PostgreSQL: serialization failure, deadlock, lock not available, idle transaction ended, query cancelled by a time limit, out of
 * memory (PostgreSQL, Appendix A).
 */
const BUSY = /^(?:SQLITE_BUSY|SQLITE_LOCKED|40001|40P01|55P03|25P03|57014|53200)$/;
const FULL = /^(?:SQLITE_FULL|53100)$/;
const FAILED = /^(?:SQLITE_(?:IOERR|CORRUPT|NOTADB|CANTOPEN|READONLY|PROTOCOL).*|58030|XX001|XX002)$/;

/** Connection exceptions, refused log-in, too many connections, shutdown, read-only (a standby, or a primary that became one). */
const UNREACHABLE =
  /^(?:08...|28...|3D000|53300|57P0[1-5]|25006|ECONN(?:REFUSED|RESET|ABORTED)|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/** What `pg` says without a code; Knex puts the statement before it. */
const LOST =
  /(?:^| - )(?:timeout expired|Connection terminated.*|Query read timeout|Client (?:has encountered a connection error|was closed) and is not queryable|The server does not support SSL connections)$/;

/** True for a violated UNIQUE or PRIMARY KEY constraint (SQLite and PostgreSQL). */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === '23505' || (error.code === 'SQLITE_CONSTRAINT' && /UNIQUE|PRIMARY KEY/.test(error.message));
}
