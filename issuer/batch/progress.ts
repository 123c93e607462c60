import type { Knex } from 'knex';
import { readyRows, type StoredBatch, type StoredChunk } from './batch-tables.js';
import type { BatchProgress } from './types.js';

/** What a rate is taken over, in milliseconds. */
const WINDOW_MS = 30_000;

/**
 * How far a batch is, whoever works on it.
 * @param unstored code of what it failed with, where the database could not be told
 */
export async function progressOf(
  knex: Knex,
  batch: StoredBatch,
  now: Date,
  unstored: string | undefined,
): Promise<BatchProgress> {
  const ready = readyRows(batch);
  const rate = batch.state === 'running' ? await rowsPerSecond(knex, batch, now) : undefined;
  const code = batch.trouble ?? unstored;
  return {
    id: batch.id,
    operation: batch.operation,
    state: batch.state,
    rows: batch.rows,
    wrong: batch.wrong,
    already: batch.already,
    ready,
    done: batch.done,
    failed: batch.failed,
    skipped: batch.skipped,
    ...(rate === undefined ? {} : { rowsPerSecond: rate }),
    ...(rate === undefined || rate <= 0 ? {} : { secondsLeft: Math.ceil(ready / rate) }),
    ...(code === undefined
      ? {}
      : { trouble: { code, ...(batch.retry_at === null ? {} : { retryAt: batch.retry_at }) } }),
    needsApproval: batch.needs_approval !== 0,
    ...optional('fileName', batch.file_name),
    ...optional('fileHmac', batch.file_hmac),
    ...optional('assessmentId', batch.assessment),
    uploadedBy: batch.uploaded_by,
    ...optional('confirmedBy', batch.confirmed_by),
    ...optional('approvedBy', batch.approved_by),
    ...optional('approvedAt', batch.approved_at),
    ...optional('sentBack', batch.sent_back),
    ...optional('sentBackBy', batch.sent_back_by),
    ...optional('sentBackAt', batch.sent_back_at),
    uploadedAt: batch.uploaded_at,
    ...optional('startedAt', batch.started_at),
    ...optional('finishedAt', batch.finished_at),
  };
}

function optional<K extends string>(name: K, value: string | null): { [key in K]?: string } {
  return value === null ? {} : ({ [name]: value } as { [key in K]?: string });
}

async function rowsPerSecond(knex: Knex, batch: StoredBatch, now: Date): Promise<number | undefined> {
  const since = Math.max(now.getTime() - WINDOW_MS, Date.parse(batch.running_since ?? batch.uploaded_at));
  const seconds = (now.getTime() - since) / 1000;
  if (seconds <= 0) return undefined;
  const found = (await knex<StoredChunk>('batch_chunks')
    .where({ batch: batch.id, state: 'done' })
    .where('done_at', '>', new Date(since).toISOString())
    .sum({ rows: 'rows' })
    .first()) as { rows: number | string | null } | undefined;
  return Math.round((Number(found?.rows ?? 0) / seconds) * 10) / 10;
}
