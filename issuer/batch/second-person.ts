import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import { personOf, type ActOfTwo } from '../../server/index.js';
import type { StoredBatch } from './batch-tables.js';

/** Who handed a batch in, also by entering the results of the assessment session it comes from, and who would agree. */
export async function actOf(knex: Knex, batch: StoredBatch, second: string): Promise<ActOfTwo> {
  const { uploaded_by, uploaded_at, confirmed_by, confirmed_at } = batch;
  const confirmed = confirmed_by === null ? [] : [{ actor: confirmed_by, at: confirmed_at ?? uploaded_at }];
  const results = await resultWriters(knex, batch);
  return { first: [{ actor: uploaded_by, at: uploaded_at }, ...confirmed, ...results], second };
}

/** Everybody who entered a result of the assessment session a batch comes from, as the audit log has it. */
async function resultWriters(
  knex: Knex,
  { institution, id }: Pick<StoredBatch, 'institution' | 'id'>,
): Promise<ActOfTwo['first']> {
  const session = await knex('assessment_sessions')
    .where({ institution, batch: id })
    .first<{ id: string; lead: string } | undefined>('id', 'lead');
  if (!session) return [];
  const where = { tenant: session.lead, subject: session.id, action: 'exam-session.enter-results' };
  const found: { actor: string; at: string }[] = await knex('audit_log')
    .where(where)
    .orderBy('sequence')
    .select('actor', 'at');
  return [...new Map(found.toReversed().map((one) => [one.actor, one])).values()];
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
