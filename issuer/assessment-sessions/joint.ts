import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import { appendAudit } from '../../server/index.js';
import { hasResults, refuseTaken, requireHeldParts, type SessionAddress } from './plans.js';
import { fitOf, resolveLine } from './plan-fit.js';
import type { LineInput } from './plan-schema.js';
import { recount } from './rows.js';
import {
  lineColumns,
  lineOf,
  passMarksOf,
  readSession,
  requireLead,
  requireState,
  wrongState,
  writersWith,
  type StoredPartner,
  type StoredSession,
} from './tables.js';
import { changeSession, contextOf, type Actor, type SessionTools } from './tools.js';
import type { PassMark, PlanFit, SessionLine } from './types.js';

/** An invitation to take part in a joint examination, as who is invited sees it. */
export interface Invitation {
  lead: string;
  leadName: string;
  id: string;
  state: StoredPartner['state'];
  heldOn: string;
  endsOn?: string;
  place: string;
  seats: number;
  /** What the leading institution certifies, as a beginning for one's own line. */
  line: SessionLine;
  /** Parts that are held. */
  parts: PassMark['part'][];
}

/** Joint examinations (一试多证, DOMAIN M17): one session, several institutions, each with a certificate of its own. */
export class Joint {
  constructor(private readonly tools: SessionTools) {}

  /**
   * Invites an institution of this host, while the session is planned: whoever confirms the plan confirms who takes part.
   * @throws YizhengError `EXAM_PARTNER_UNKNOWN` (422), `EXAM_PARTNER_EXISTS`, `EXAM_SESSION_STATE`, `EXAM_SESSION_NOT_LEAD` (409)
   */
  async invite({ institution, id }: SessionAddress, partner: string, { actor }: Actor): Promise<void> {
    await changeSession(this.tools, { institution, id, actor, action: 'invite' }, async (row, transaction, now) => {
      requireLead(row);
      requireState(row, 'planned');
      const known: unknown = await transaction('institutions').where({ code: partner }).first('code');
      if (known === undefined || partner === institution)
        throw new YizhengError('EXAM_PARTNER_UNKNOWN', 'No other institution of this host has this code.', {
          at: '/institution',
          status: 422,
        });
      const where = { lead: institution, session: id, institution: partner };
      const before = await transaction<StoredPartner>('assessment_partners').where(where).first();
      if (before && before.state !== 'declined')
        throw new YizhengError('EXAM_PARTNER_EXISTS', 'This institution is invited already.', { status: 409 });
      await transaction<StoredPartner>('assessment_partners').where(where).delete();
      await transaction<StoredPartner>('assessment_partners').insert({
        ...where,
        state: 'invited',
        invited_by: actor,
        invited_at: now.toISOString(),
      });
      return { columns: { writers: writersWith(row, actor, now) }, detail: { partner } };
    });
  }

  /** Takes an invitation back that was not answered. @throws YizhengError `EXAM_INVITATION_NOT_FOUND` (404) */
  async withdraw({ institution, id }: SessionAddress, partner: string, { actor }: Actor): Promise<void> {
    await changeSession(
      this.tools,
      { institution, id, actor, action: 'withdraw-invitation' },
      async (row, transaction) => {
        requireLead(row);
        const gone = await transaction<StoredPartner>('assessment_partners')
          .where({ lead: institution, session: id, institution: partner, state: 'invited' })
          .delete();
        if (gone === 0) throw notInvited();
        return { detail: { partner } };
      },
    );
  }

  /** Invitations of an institution that wait for an answer, or that it declined; newest first, at most 200. */
  async invitations(institution: string): Promise<Invitation[]> {
    const { knex } = this.tools.effects.database;
    const found: StoredPartner[] = await knex<StoredPartner>('assessment_partners')
      .where({ institution })
      .whereIn('state', ['invited', 'declined'])
      .orderBy('invited_at', 'desc')
      .limit(200);
    return Promise.all(
      found.map(async ({ lead, session, state }) => {
        const row = await readSession(knex, lead, session);
        return {
          lead,
          leadName: (await this.tools.institutions.get(lead)).name,
          id: session,
          state,
          heldOn: row.held_on,
          ...(row.ends_on !== null && { endsOn: row.ends_on }),
          place: row.place,
          seats: row.seats,
          line: lineOf(row),
          parts: passMarksOf(row).map(({ part }) => part),
        };
      }),
    );
  }

  /**
   * Does an invited institution's accreditation cover the line it would accept with? Nothing is stored.
   * @throws YizhengError `EXAM_INVITATION_NOT_FOUND` (404), codes of `resolveLine`, `EXAM_PART_NOT_HELD` (422)
   */
  async check({ institution, id }: SessionAddress, lead: string, input: LineInput): Promise<PlanFit> {
    const { row } = await this.invited(this.tools.effects.database.knex, { institution, id }, lead);
    const context = await contextOf(this.tools, await this.tools.institutions.get(institution));
    const line = resolveLine(input, context);
    requireHeldParts(line.passMarks, passMarksOf(row));
    return fitOf({ id, heldOn: row.held_on, line }, context);
  }

  /**
   * Takes part with a line of one's own, which the institution's own people confirm like a plan.
   * @throws YizhengError `EXAM_INVITATION_NOT_FOUND` (404), `EXAM_SESSION_EXISTS`, `EXAM_SESSION_STATE` once the session has results (409), codes of
   *   `resolveLine`, `EXAM_PART_NOT_HELD` (422)
   */
  async accept({ institution, id }: SessionAddress, lead: string, input: LineInput, { actor }: Actor): Promise<void> {
    const { effects, institutions } = this.tools;
    const line = resolveLine(input, await contextOf(this.tools, await institutions.get(institution)));
    await effects.database.write(async (transaction) => {
      const now = effects.clock();
      const { row } = await this.invited(transaction, { institution, id }, lead);
      requireState(row, 'planned', 'open');
      if (await hasResults(transaction, row)) throw wrongState('results-entered');
      requireHeldParts(line.passMarks, passMarksOf(row));
      await refuseTaken(transaction, institution, id);
      await transaction<StoredSession>('assessment_sessions').insert({
        institution,
        id,
        lead,
        state: 'planned',
        ...lineColumns(line),
        held_on: row.held_on,
        ends_on: row.ends_on,
        register_by: row.register_by,
        place: row.place,
        seats: row.seats,
        staff: '[]',
        planned_by: actor,
        writers: writersWith({ writers: '[]' }, actor, now),
        planned_at: now.toISOString(),
      });
      await answer(transaction, { lead, session: id, institution }, { state: 'accepted', actor, now });
      await recount(transaction, lead, id);
      for (const tenant of [institution, lead])
        await appendAudit(
          transaction,
          { tenant, actor, action: 'exam-session.accept', subject: id, detail: { lead, partner: institution } },
          now,
        );
    });
  }

  /** Does not take part. @throws YizhengError `EXAM_INVITATION_NOT_FOUND` (404) */
  async decline({ institution, id }: SessionAddress, lead: string, { actor }: Actor): Promise<void> {
    const { database, clock } = this.tools.effects;
    await database.write(async (transaction) => {
      const now = clock();
      await this.invited(transaction, { institution, id }, lead);
      await answer(transaction, { lead, session: id, institution }, { state: 'declined', actor, now });
      for (const tenant of [institution, lead])
        await appendAudit(
          transaction,
          { tenant, actor, action: 'exam-session.decline', subject: id, detail: { lead, partner: institution } },
          now,
        );
    });
  }

  private async invited(
    knex: Knex,
    { institution, id }: SessionAddress,
    lead: string,
  ): Promise<{ row: StoredSession }> {
    const found = await knex<StoredPartner>('assessment_partners')
      .where({ lead, session: id, institution, state: 'invited' })
      .first();
    if (!found) throw notInvited();
    return { row: await readSession(knex, lead, id) };
  }
}

async function answer(
  transaction: Knex.Transaction,
  where: Pick<StoredPartner, 'lead' | 'session' | 'institution'>,
  { state, actor, now }: { state: StoredPartner['state']; actor: string; now: Date },
): Promise<void> {
  await transaction<StoredPartner>('assessment_partners')
    .where(where)
    .update({ state, answered_by: actor, answered_at: now.toISOString() });
}

function notInvited(): YizhengError {
  return new YizhengError('EXAM_INVITATION_NOT_FOUND', 'There is no such invitation waiting for an answer.', {
    status: 404,
  });
}
