import type { Knex } from 'knex';
import { appendAudit } from '../../server/index.js';
import { chinaDate } from '../time.js';
import { fitOf } from './plan-fit.js';
import type { SessionAddress } from './plans.js';
import { rowsOfSession } from './rows.js';
import { factsOfSessions, type SessionFacts } from './session-state.js';
import { lineOf, readSession, type StoredPartner, type StoredSession } from './tables.js';
import { contextOf, type Actor, type SessionTools } from './tools.js';
import type { ExamSession, ExamSessionDetail, SessionPartner, SessionStaff } from './types.js';

/** A page of sessions, the latest day first. */
export interface SessionPage {
  sessions: ExamSession[];
  /** Where to go on; absent at the end. */
  next?: string;
}

/** Showing sessions to the institutions that take part in them, and to nobody else. */
export class Views {
  constructor(private readonly tools: SessionTools) {}

  /** Sessions of an institution. @param page `after`: `next` of the page before */
  async list(
    institution: string,
    { after, limit }: { after?: string | undefined; limit: number },
  ): Promise<SessionPage> {
    const { knex } = this.tools.effects.database;
    const [day = '', ...rest] = after?.split(' ') ?? [];
    const id = rest.join(' ');
    const rows: StoredSession[] = await knex<StoredSession>('assessment_sessions')
      .where({ institution })
      .where((query) => {
        if (after !== undefined)
          void query.where('held_on', '<', day).orWhere((same) => void same.where('held_on', day).where('id', '>', id));
      })
      .orderBy([{ column: 'held_on', order: 'desc' }, { column: 'id' }])
      .limit(limit + 1);
    const shown = rows.slice(0, limit);
    const facts = await factsOfSessions(knex, shown);
    const partners = await this.partnerCounts(knex, shown);
    const names = await this.names(shown.map(({ lead }) => lead));
    const last = shown.at(-1);
    return {
      sessions: shown.map((row) => sessionOf(row, facts(row), names, partners.get(`${row.lead} ${row.id}`) ?? 0)),
      ...(rows.length > limit && last && { next: `${last.held_on} ${last.id}` }),
    };
  }

  /** One session with its plan, its people and who takes part; that somebody read it is audited. @throws YizhengError `EXAM_SESSION_NOT_FOUND` (404) */
  async get({ institution, id }: SessionAddress, { actor }: Actor): Promise<ExamSessionDetail> {
    const { database, clock } = this.tools.effects;
    const home = await this.tools.institutions.get(institution);
    const row = await database.write(async (transaction) => {
      const found = await readSession(transaction, institution, id);
      await appendAudit(transaction, { tenant: institution, actor, action: 'exam-session.read', subject: id }, clock());
      return found;
    });
    const { knex } = database;
    const rows = await rowsOfSession(knex, row.lead, id);
    const facts = await factsOfSessions(knex, rows);
    const invited: StoredPartner[] = await knex<StoredPartner>('assessment_partners')
      .where({ lead: row.lead, session: id })
      .orderBy('institution');
    const names = await this.names([...rows.map((one) => one.institution), ...invited.map((one) => one.institution)]);
    const isPlannable = row.state === 'planned' || row.state === 'open';
    return {
      ...sessionOf(row, facts(row), names, invited.filter(({ state }) => state === 'accepted').length),
      ...(row.register_by !== null && { registerBy: row.register_by }),
      staff: JSON.parse(row.staff) as SessionStaff[],
      ...(row.publication_from !== null &&
        row.publication_until !== null && {
          publication: { from: row.publication_from, until: row.publication_until },
        }),
      plannedBy: row.planned_by,
      plannedAt: row.planned_at,
      ...(row.confirmed_by !== null && { confirmedBy: row.confirmed_by }),
      ...(row.sent_back !== null && { sentBack: row.sent_back }),
      ...(row.handed_in_by !== null && { handedInBy: row.handed_in_by }),
      ...(row.void_reason !== null && { voidReason: row.void_reason }),
      ...(row.archived_at !== null && { archivedAt: row.archived_at }),
      needsSecondPerson: home.requiresApproval,
      today: chinaDate(clock()),
      ...(isPlannable && {
        fit: fitOf({ id, heldOn: row.held_on, line: lineOf(row) }, await contextOf(this.tools, home)),
      }),
      joint: jointOf(row, rows, invited, { facts, names }),
      version: row.version,
    };
  }

  private async names(codes: readonly string[]): Promise<Map<string, string>> {
    const found: { code: string; name: string }[] = await this.tools.effects.database
      .knex('institutions')
      .whereIn('code', [...new Set(codes)])
      .select('code', 'name');
    return new Map(found.map(({ code, name }) => [code, name]));
  }

  private async partnerCounts(knex: Knex, rows: readonly StoredSession[]): Promise<Map<string, number>> {
    const found = (await knex<StoredPartner>('assessment_partners')
      .where({ state: 'accepted' })
      .whereIn(
        'lead',
        rows.map(({ lead }) => lead),
      )
      .whereIn(
        'session',
        rows.map(({ id }) => id),
      )
      .groupBy('lead', 'session')
      .select('lead', 'session')
      .count({ count: '*' })) as unknown as { lead: string; session: string; count: number | string }[];
    return new Map(found.map(({ lead, session, count }) => [`${lead} ${session}`, Number(count)]));
  }
}

/** Who takes part, as one of them sees it: all see who is there and whether they withdrew something; lines only the leading institution and their own. */
function jointOf(
  viewer: StoredSession,
  rows: readonly StoredSession[],
  invited: readonly StoredPartner[],
  { facts, names }: { facts: (row: StoredSession) => SessionFacts; names: ReadonlyMap<string, string> },
): SessionPartner[] {
  if (invited.length === 0) return [];
  const isLead = viewer.institution === viewer.lead;
  const parts = rows.map((row): SessionPartner => {
    const { state, isDisputed } = facts(row);
    return {
      institution: row.institution,
      name: names.get(row.institution) ?? row.institution,
      role: row.institution === row.lead ? 'lead' : 'partner',
      state,
      ...((isLead || row.institution === viewer.institution) && { line: lineOf(row) }),
      isDisputed,
    };
  });
  const waiting = invited.flatMap(({ institution, state }): SessionPartner[] =>
    isLead && state !== 'accepted'
      ? [{ institution, name: names.get(institution) ?? institution, role: 'partner', state, isDisputed: false }]
      : [],
  );
  return [...parts, ...waiting];
}

function sessionOf(
  row: StoredSession,
  { state, issued, revoked }: SessionFacts,
  names: ReadonlyMap<string, string>,
  partners: number,
): ExamSession {
  return {
    id: row.id,
    lead: row.lead,
    leadName: names.get(row.lead) ?? row.lead,
    state,
    ...lineOf(row),
    heldOn: row.held_on,
    ...(row.ends_on !== null && { endsOn: row.ends_on }),
    place: row.place,
    seats: row.seats,
    candidates: row.candidates,
    passed: row.passed,
    failed: row.failed,
    absent: row.absent,
    withheld: row.withheld,
    issued,
    revoked,
    ...(row.batch !== null && { batch: row.batch }),
    partners,
  };
}
