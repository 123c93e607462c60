import type { Knex } from 'knex';
import type { ShortSealing } from '../../keys/short-sealing.js';
import { appendAudit, HOST_TENANT, type Database } from '../../server/index.js';
import { verifierBusy } from '../verifier-busy.js';
import {
  ANSWER_LIFE_MS,
  type FoundSession,
  type PresentationSession,
  type SessionOutcome,
  type SessionStore,
} from './presentation-session.js';

interface Row {
  id: string;
  phase: FoundSession['phase'];
  expires_at: string;
  erase_at: string;
  session: string;
  outcome: string | null;
}

const TABLE = 'presentation_sessions';
const MAX_SESSIONS = 50_000;

/**
 * Sessions in the database, so that any process of a verifier takes the answer to a request another one made. What certificates say is
 * sealed while it lies there. Requests, answers and their erasure stand in the audit log: who asked for which facts, and how it ended;
 * never what the certificate said or whose it was.
 */
export function createDatabaseSessions(database: Database, sealing: ShortSealing): SessionStore {
  const { knex } = database;
  return {
    add: (session, now) =>
      database.write(async (transaction) => {
        await transaction<Row>(TABLE).where('erase_at', '<=', now.toISOString()).delete();
        if ((await countOf(transaction)) >= MAX_SESSIONS) throw verifierBusy();
        await transaction<Row>(TABLE).insert({
          id: session.id,
          phase: 'waiting',
          expires_at: session.expiresAt,
          erase_at: session.expiresAt,
          session: JSON.stringify(session),
        });
        await audit(transaction, session, 'presentation.request', requestFacts(session), now);
      }),
    find: async (id, now) => {
      const row = await knex<Row>(TABLE).where({ id }).where('erase_at', '>', now.toISOString()).first();
      if (!row) return undefined;
      const outcome = row.outcome === null ? undefined : (JSON.parse(await sealing.open(id, row.outcome)) as SessionOutcome); // prettier-ignore
      return { session: readSession(row), phase: row.phase, ...(outcome && { outcome }) };
    },
    claim: (id, now) =>
      database.write(async (transaction) => {
        const changed = await transaction<Row>(TABLE)
          .where({ id, phase: 'waiting' })
          .where('expires_at', '>', now.toISOString())
          .update({ phase: 'checking' });
        return changed === 1;
      }),
    release: (id) =>
      database.write(async (transaction) => {
        await transaction<Row>(TABLE).where({ id, phase: 'checking' }).update({ phase: 'waiting' });
      }),
    conclude: async (id, outcome, now) => {
      const sealed = await sealing.seal(id, JSON.stringify(outcome));
      await database.write(async (transaction) => {
        const row = await transaction<Row>(TABLE).where({ id, phase: 'checking' }).first();
        if (!row) return;
        const erase_at = new Date(now.getTime() + ANSWER_LIFE_MS).toISOString();
        await transaction<Row>(TABLE).where({ id }).update({ phase: outcome.phase, outcome: sealed, erase_at });
        await audit(transaction, readSession(row), 'presentation.answer', outcomeFacts(outcome), now);
      });
    },
    erase: (id) =>
      database.write(async (transaction) => {
        await transaction<Row>(TABLE).where({ id }).delete();
      }),
    sweep: (now) =>
      database.write(async (transaction) => {
        await transaction<Row>(TABLE).where('erase_at', '<=', now.toISOString()).delete();
      }),
  };
}

function readSession(row: Row): PresentationSession {
  return JSON.parse(row.session) as PresentationSession;
}

async function countOf(transaction: Knex.Transaction): Promise<number> {
  const row = await transaction<Row>(TABLE).count({ sessions: '*' }).first<{ sessions: number | string }>();
  return Number(row.sessions);
}

async function audit(
  transaction: Knex.Transaction,
  { id, askedBy }: PresentationSession,
  action: string,
  detail: Record<string, string | string[]>,
  now: Date,
): Promise<void> {
  await appendAudit(transaction, { tenant: HOST_TENANT, actor: askedBy, action, subject: id, detail }, now);
}

function requestFacts({ request, anchor }: PresentationSession): Record<string, string | string[]> {
  return { anchor, kind: request.kind, claims: [...request.claims], formats: [...request.formats] };
}

function outcomeFacts(outcome: SessionOutcome): Record<string, string | string[]> {
  switch (outcome.phase) {
    case 'answered':
      return { headlines: outcome.presentations.map(({ verdict }) => verdict.headline) };
    case 'refused':
      return { codes: outcome.problems.map(({ code }) => code) };
    case 'declined':
      return { error: outcome.error };
  }
}
