import { YizhengError } from '../shared/errors.js';

/**
 * Reads a database driver's error as one of ours; all are 503 because nothing was done and the request may be repeated.
 *
 * `STORAGE_BUSY` (another writer holds the database), `STORAGE_FULL` (no space), `STORAGE_FAILED` (the disk reported an error:
 * what it holds is no longer known, so the service must be restarted before it writes again).
 * @returns undefined when it is no error of a storage
 */
export function storageError(error: unknown): YizhengError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED' || error.name === 'KnexTimeoutError')
    return new YizhengError('STORAGE_BUSY', 'The database is busy; repeat the request with the same idempotency key.', {
      status: 503,
      cause: error,
    });
  if (code === 'SQLITE_FULL')
    return new YizhengError('STORAGE_FULL', 'The disk is full; nothing was stored.', { status: 503, cause: error });
  if (/^SQLITE_(?:IOERR|CORRUPT|NOTADB|CANTOPEN|READONLY|PROTOCOL)/.test(code))
    return new YizhengError('STORAGE_FAILED', 'The database reported a disk error; writing stops until a restart.', {
      status: 503,
      cause: error,
    });
  return undefined;
}

/** True for a violated UNIQUE or PRIMARY KEY constraint (SQLite and PostgreSQL). */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === '23505' || (error.code === 'SQLITE_CONSTRAINT' && /UNIQUE|PRIMARY KEY/.test(error.message));
}
