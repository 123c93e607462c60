import type { Knex } from 'knex';
import type { StoredBatch } from '../batch/batch-tables.js';
import type { StoredSession } from './tables.js';
import type { ExamSessionState } from './types.js';

/** What became of a session outside of its own row. */
export interface SessionFacts {
  state: ExamSessionState;
  /** Certificates that rest on it, superseded ones left out, and how many of them are revoked now. */
  issued: number;
  revoked: number;
  /** Some or all of what was certified was withdrawn. */
  isDisputed: boolean;
}

type BatchState = Pick<StoredBatch, 'id' | 'state' | 'done'>;

interface Counted {
  institution: string;
  assessment: string;
  status: string;
  status_reason: string | null;
  count: number | string;
}

/** How sessions stand, with what their batches and certificates say. */
export async function factsOfSessions(
  knex: Knex,
  rows: readonly StoredSession[],
): Promise<(row: StoredSession) => SessionFacts> {
  const ids = [...new Set(rows.map(({ id }) => id))];
  const institutions = [...new Set(rows.map(({ institution }) => institution))];
  const batches: BatchState[] = await knex<StoredBatch>('batches')
    .whereIn(
      'id',
      rows.flatMap(({ batch }) => batch ?? []),
    )
    .select('id', 'state', 'done');
  const voided: Pick<StoredBatch, 'institution' | 'assessment'>[] = await knex<StoredBatch>('batches')
    .where({ operation: 'void-session', state: 'done' })
    .whereIn('institution', institutions)
    .whereIn('assessment', ids)
    .select('institution', 'assessment');
  const counted = (await knex('certificates')
    .where({ state: 'issued' })
    .whereIn('institution', institutions)
    .whereIn('assessment', ids)
    .groupBy('institution', 'assessment', 'status', 'status_reason')
    .select('institution', 'assessment', 'status', 'status_reason')
    .count({ count: '*' })) as unknown as Counted[];
  const leads: Pick<StoredSession, 'institution' | 'id' | 'state'>[] = await knex<StoredSession>('assessment_sessions')
    .whereIn(
      'institution',
      rows.map(({ lead }) => lead),
    )
    .whereIn('id', ids)
    .select('institution', 'id', 'state');
  return (row) => {
    const own = counted.filter(
      (one) =>
        one.institution === row.institution &&
        one.assessment === row.id &&
        !(one.status === 'revoked' && one.status_reason === 'superseded'),
    );
    const sum = (some: readonly Counted[]): number => some.reduce((total, { count }) => total + Number(count), 0);
    const issued = sum(own);
    const revoked = sum(own.filter(({ status }) => status === 'revoked'));
    const isVoid =
      issued > 0 &&
      issued === revoked &&
      voided.some(({ institution, assessment }) => institution === row.institution && assessment === row.id);
    const lead = leads.find(({ institution, id }) => institution === row.lead && id === row.id);
    const state = isVoid
      ? 'voided'
      : stateOf(
          row,
          lead?.state,
          batches.find(({ id }) => id === row.batch),
        );
    return { state, issued, revoked, isDisputed: state === 'voided' || revoked > 0 };
  };
}

function stateOf(
  row: StoredSession,
  lead: StoredSession['state'] | undefined,
  batch: BatchState | undefined,
): ExamSessionState {
  const isComplete = lead === 'results-entered' || lead === 'handed-in';
  if (row.state === 'handed-in') {
    if (batch?.state === 'done') return 'issued';
    if (batch?.state !== 'cancelled') return 'handed-in';
    // What a cancelled batch issued stays issued; where it issued nothing, the session may be handed in again while the results are complete.
    if (batch.done > 0) return 'issued';
    return isComplete ? 'results-entered' : 'open';
  }
  return row.state === 'open' && row.institution !== row.lead && isComplete ? 'results-entered' : row.state;
}
