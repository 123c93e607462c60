import type { Knex } from 'knex';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { appendAudit, type Role } from '../../server/index.js';
import type { AccreditationStore } from '../accreditation-store.js';
import type { Batches } from '../batch/batches.js';
import type { IssueSheetContext } from '../batch/sheet/types.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution, Institutions } from '../institutions.js';
import { readSession, type StoredSession } from './tables.js';

/** What assessment sessions work with. */
export interface SessionTools {
  effects: IssuerEffects;
  institutions: Institutions;
  accreditations: AccreditationStore;
  batches: Batches;
}

/** Who does something, and what they may do. */
export interface Actor {
  /** Id of API key or account. */
  actor: string;
  roles: readonly Role[];
}

/** What plans of an institution are checked against. @throws YizhengError `KEY_NOT_FOUND` (404) */
export async function contextOf(
  { effects, accreditations }: SessionTools,
  institution: Institution,
): Promise<IssueSheetContext> {
  await effects.keystore.refresh();
  const { id: verificationMethod } = effects.keystore.activeKey(institution.did, 'assertion');
  const view = await accreditations.view(institution.authority);
  return { operation: 'issue', institution, view, verificationMethod, now: effects.clock() };
}

/**
 * Changes a session in one transaction with its audit row. The row's version counts up.
 * @param work changes what it must and gives the columns of the row that change
 * @throws YizhengError `EXAM_SESSION_NOT_FOUND` (404), what `work` threw
 */
export function changeSession(
  { effects: { database, clock } }: SessionTools,
  { institution, id, actor, action }: { institution: string; id: string; actor: string; action: string },
  work: (
    row: StoredSession,
    transaction: Knex.Transaction,
    now: Date,
  ) => Promise<{ columns?: Partial<StoredSession>; detail?: JsonObject }>,
): Promise<void> {
  return database.write(async (transaction) => {
    const now = clock();
    const row = await readSession(transaction, institution, id);
    const { columns = {}, detail } = await work(row, transaction, now);
    await transaction<StoredSession>('assessment_sessions')
      .where({ institution, id })
      .update({ ...columns, version: row.version + 1 });
    const entry = { tenant: institution, actor, action: `exam-session.${action}`, subject: id };
    await appendAudit(transaction, { ...entry, ...(detail && { detail }) }, now);
  });
}

/** Somebody makes the batch of a session right now. */
export function isHandingIn(until: string | null, { effects }: Pick<SessionTools, 'effects'>): boolean {
  return until !== null && until > effects.clock().toISOString();
}
