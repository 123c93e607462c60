import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import { personOf, type ActOfTwo } from '../../server/index.js';
import type { StoredBatch } from './batch-tables.js';

/** Who handed a batch in, and who would agree. */
export function actOf({ uploaded_by, uploaded_at, confirmed_by, confirmed_at }: StoredBatch, second: string): ActOfTwo {
  const confirmed = confirmed_by === null ? [] : [{ actor: confirmed_by, at: confirmed_at ?? uploaded_at }];
  return { first: [{ actor: uploaded_by, at: uploaded_at }, ...confirmed], second };
}

/** Tells the later of two approvers who was first, and when. @throws YizhengError `BATCH_DECIDED` (409) */
export async function refuseDecided(transaction: Knex.Transaction, batch: StoredBatch): Promise<void> {
  const { approved_by, approved_at, sent_back_by, sent_back_at, state } = batch;
  const isSentBack = approved_by === null && state === 'checked';
  const [by, at, what] = isSentBack
    ? [sent_back_by, sent_back_at, 'sent this back']
    : [approved_by, approved_at, 'approved this'];
  if (by === null) return;
  throw new YizhengError('BATCH_DECIDED', `${await personOf(transaction, by)} ${what} at ${at ?? ''}.`, {
    status: 409,
  });
}

/** What somebody writes into the audit log stays there for good, so no document number may. @throws YizhengError `NOTE_HOLDS_ID_NUMBER` (422) */
export function refuseIdNumber(note: string): void {
  if (/(?<!\d)(?:\d{15}|\d{17}[\dXx])(?!\d)/.test(note.normalize('NFKC').replace(/[\s-]/g, '')))
    throw new YizhengError(
      'NOTE_HOLDS_ID_NUMBER',
      'Name the row instead of the document number: this stays in the log.',
      {
        status: 422,
        at: '/note',
      },
    );
}
