import { YizhengError } from '../shared/errors.js';

/** The part of a `pg` connection that is needed to set it up. */
export interface PostgresConnection {
  query(sql: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  end(): Promise<void>;
}

/** How long a write waits for another process's, in milliseconds. */
export const LOCK_TIMEOUT_MS = 10_000;

/** How long one statement may run, in milliseconds. */
export const STATEMENT_TIMEOUT_MS = 60_000;

/** How long a transaction may stand still, e.g. in a process that was stopped, before the server ends it and frees its locks. */
const IDLE_IN_TRANSACTION_MS = 30_000;

/** kB a statement may keep in memory: rows of a chunk wait there for what counts them, and go to files with PostgreSQL's 4 MB. */
const WORK_MEM_KB = 32_768;

/** Older ones get no fixes any more. */
const OLDEST_VERSION = 140_000;

/**
 * Sets a fresh connection up and proves that what it commits stays (SECURITY F10).
 *
 * `fsync` and `full_page_writes` are the server's and only read; `synchronous_commit` is the session's and set (a stricter
 * `remote_apply` is kept). Long texts are packed with lz4 where the server has it, which costs a fraction of its default. Everything the service relies on is read back from the server.
 * @param connection fresh from the pool
 * @param options `schema` its tables are in; `patient`: for migrations, whose statements may take as long as they need
 * @throws YizhengError `DATABASE_NOT_DURABLE`, `DATABASE_UNFIT` (version, encoding, missing schema), `STORAGE_UNREACHABLE`
 *   (a standby that takes no writes), all 503
 */
export async function configurePostgresConnection(
  connection: PostgresConnection,
  options: { schema: string; patient?: boolean },
): Promise<void> {
  const settings: Record<string, string> = {
    search_path: `"${options.schema}"`,
    statement_timeout: String(options.patient ? 0 : STATEMENT_TIMEOUT_MS),
    lock_timeout: String(options.patient ? 0 : LOCK_TIMEOUT_MS),
    idle_in_transaction_session_timeout: String(IDLE_IN_TRANSACTION_MS),
  };
  await connection.query(
    `select ${Object.keys(settings)
      .map((name, at) => `set_config('${name}', $${at + 1}, false)`)
      .join(', ')}, set_config('synchronous_commit',
        case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end, false),
      (select set_config(name, '${WORK_MEM_KB}', false) from pg_settings where name = 'work_mem' and setting::int < ${WORK_MEM_KB}),
      (select set_config(name, 'lz4', false) from pg_settings where name = 'default_toast_compression' and 'lz4' = any(enumvals))`,
    Object.values(settings),
  );
  const { rows } = await connection.query(
    `select current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
      current_setting('synchronous_commit') as synchronous_commit, current_setting('server_encoding') as encoding,
      current_setting('server_version_num')::int as version, current_schema() as schema,
      current_setting('transaction_read_only') as read_only`,
  );
  const found = rows[0] ?? {};
  if (found['read_only'] !== 'off')
    throw new YizhengError('STORAGE_UNREACHABLE', 'The database is a standby that takes no writes.', { status: 503 });
  const { fsync, full_page_writes: pages, synchronous_commit: commit } = found;
  if (fsync !== 'on' || pages !== 'on' || (commit !== 'on' && commit !== 'remote_apply'))
    throw new YizhengError(
      'DATABASE_NOT_DURABLE',
      `The database is not durable (fsync=${String(fsync)}, full_page_writes=${String(pages)}, synchronous_commit=${String(commit)}); no certificate may be issued on it.`,
      { status: 503 },
    );
  if (found['encoding'] !== 'UTF8' || Number(found['version']) < OLDEST_VERSION || found['schema'] !== options.schema)
    throw new YizhengError(
      'DATABASE_UNFIT',
      `The database must be PostgreSQL 14 or newer in UTF8 with the schema ${options.schema} (found ${String(found['version'])}, ${String(found['encoding'])}, ${String(found['schema'])}).`,
      { status: 503 },
    );
}
