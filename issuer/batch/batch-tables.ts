import type { Knex } from 'knex';
import { decimalText } from '../../shared/decimal-text.js';
import { YizhengError } from '../../shared/errors.js';
import type { BatchOperation, BatchState } from './types.js';

/** A batch as it is stored. Instants are RFC 3339 with milliseconds, people are API key ids. */
export interface StoredBatch {
  id: string;
  institution: string;
  operation: BatchOperation;
  state: BatchState;
  /** Reason of status changes whose row names none. */
  reason: string | null;
  file_name: string | null;
  /** See `sheetHmac`. */
  file_hmac: string | null;
  assessment: string | null;
  row_mode: 'all' | 'good' | null;
  needs_approval: number;
  uploaded_by: string;
  uploader_roles: string;
  uploaded_at: string;
  confirmed_by: string | null;
  confirmed_at: string | null;
  approved_by: string | null;
  approved_at: string | null;
  /** Why the second person did not agree. */
  sent_back: string | null;
  sent_back_by: string | null;
  sent_back_at: string | null;
  started_at: string | null;
  /** Start, or the last resumption. */
  running_since: string | null;
  finished_at: string | null;
  rows: number;
  wrong: number;
  /** Rows whose result had its certificate before this sheet came. */
  already: number;
  done: number;
  failed: number;
  skipped: number;
  trouble: string | null;
  retry_at: string | null;
  /** While `checking`: until when whoever checks is believed to be alive. */
  checking_until: string | null;
  /** Signed batch record. */
  record: string | null;
}

/**
 * A row of a sheet. A row that was issued is no longer here: the same transaction moved it to `certificates`, whose idempotency key
 * is `batch/<id>/<row, seven digits>`. So it is in one place or the other, never in both.
 */
export interface StoredRow {
  batch: string;
  row: number;
  state: 'wrong' | 'already' | 'ready' | 'done' | 'failed' | 'skipped';
  /** Why it failed. */
  code: string | null;
  /** JSON of the certificate record as far as the sheet gives it; no document number but its last characters. */
  draft: string | null;
  /** Which of `batch_facts` the accreditation decision looks at. */
  facts: number | null;
  /** Certificate number given by hand. */
  number: string | null;
  /** Date of issue given by hand, of the certificate to be corrected, or of the upload where the number is given; else the day of issue. */
  issued_on: string | null;
  assessment: string | null;
  duplicate_key: string | null;
  result_key: string | null;
  holder_key: string | null;
  /** Credential id of the certificate to be corrected or changed, or that was there `already`. */
  certificate: string | null;
  /** Reason of a status change; `correct-holder` where a correction is for another document. */
  reason: string | null;
}

/** Consecutive rows, up to some thousand, done by one worker at a time. */
export interface StoredChunk {
  batch: string;
  chunk: number;
  institution: string;
  first_row: number;
  last_row: number;
  /** How many of them were ready. */
  rows: number;
  /** `reserved`: everything is decided and the signatures are being made; it is always brought to its end. */
  state: 'waiting' | 'reserved' | 'done' | 'skipped';
  claim: string | null;
  claimed_until: string | null;
  numbers: string | null;
  reservation: string | null;
  digest: string | null;
  done: number | null;
  done_at: string | null;
}

/** Highest row {@link rowKey} can tell; its keys have seven digits. */
export const LAST_ROW = 9_999_999;

/** Idempotency key of a certificate a batch issued; sorts like the rows. No client can send it, as theirs hold no slash. */
export function rowKey(batch: string, row: number): string {
  return `batch/${batch}/${decimalText(row).padStart(7, '0')}`;
}

/** Row of an idempotency key that {@link rowKey} made. */
export function rowOfKey(key: string): number {
  return Number(key.slice(key.lastIndexOf('/') + 1));
}

/** @throws YizhengError `BATCH_NOT_FOUND` (404), also for a batch of another institution */
export async function readBatch(knex: Knex, institution: string, id: string): Promise<StoredBatch> {
  const batch = await knex<StoredBatch>('batches').where({ id, institution }).first();
  if (!batch) throw new YizhengError('BATCH_NOT_FOUND', 'There is no such batch here.', { status: 404 });
  return batch;
}

/** Rows that wait for their turn. */
export function readyRows({ rows, wrong, already, done, failed, skipped }: StoredBatch): number {
  return rows - wrong - already - done - failed - skipped;
}
