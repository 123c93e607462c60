import type { Knex } from 'knex';
import { countOutcomes } from './outcome.js';
import { passMarksOf, type StoredCandidate, type StoredSession } from './tables.js';

/** All candidates of a session, in order. */
export function candidatesOf(knex: Knex, lead: string, session: string): Promise<StoredCandidate[]> {
  return knex<StoredCandidate>('assessment_candidates').where({ institution: lead, session }).orderBy('candidate');
}

/** The rows of all institutions that certify on the ground of a session, the leading one's first. */
export async function rowsOfSession(knex: Knex, lead: string, id: string): Promise<StoredSession[]> {
  const rows = await knex<StoredSession>('assessment_sessions').where({ lead, id }).orderBy('institution');
  return rows.toSorted((a, b) => Number(b.institution === lead) - Number(a.institution === lead));
}

/** Candidates a row's institution certifies: all of its own session, of another's those who agreed. */
export function sharedWith(
  row: Pick<StoredSession, 'institution' | 'lead'>,
  all: readonly StoredCandidate[],
): StoredCandidate[] {
  return row.institution === row.lead ? [...all] : all.filter(({ shares }) => shares !== 0);
}

/** Counts the candidates of every institution anew, each by its own pass marks. */
export async function recount(transaction: Knex.Transaction, lead: string, id: string): Promise<void> {
  const all = await candidatesOf(transaction, lead, id);
  for (const row of await rowsOfSession(transaction, lead, id))
    await transaction<StoredSession>('assessment_sessions')
      .where({ institution: row.institution, id })
      .update({ ...countOutcomes(sharedWith(row, all), passMarksOf(row)) });
}
