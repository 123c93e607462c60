import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import { appendAudit, isUniqueViolation, requireSecondPerson } from '../../server/index.js';
import { fitOf, resolveLine } from './plan-fit.js';
import type { LineInput, PlanInput } from './plan-schema.js';
import { rowsOfSession } from './rows.js';
import { factsOfSessions } from './session-state.js';
import {
  lineColumns,
  lineOf,
  passMarksOf,
  requireLead,
  requireState,
  wrongState,
  writersWith,
  type PlanWriter,
  type StoredCandidate,
  type StoredSession,
} from './tables.js';
import { changeSession, contextOf, isHandingIn, type Actor, type SessionTools } from './tools.js';
import type { PassMark, PlanFit } from './types.js';

/** Which session of which institution. */
export interface SessionAddress {
  institution: string;
  id: string;
}

/** Planning sessions, confirming plans, ending sessions. */
export class Plans {
  constructor(private readonly tools: SessionTools) {}

  /** Does the accreditation cover a plan? Nothing is stored. @throws YizhengError codes of `resolveLine` (422) */
  async check(institution: string, plan: Pick<PlanInput, 'id' | 'heldOn'> & LineInput): Promise<PlanFit> {
    const context = await contextOf(this.tools, await this.tools.institutions.get(institution));
    return fitOf({ ...plan, line: resolveLine(plan, context) }, context);
  }

  /**
   * Plans a session. What the accreditation does not cover may be planned and not opened.
   * @throws YizhengError `EXAM_SESSION_EXISTS` (409) also where certificates rest on this assessment id already; codes of `resolveLine`
   */
  async create(institution: string, plan: PlanInput, { actor }: Actor): Promise<void> {
    const { effects, institutions } = this.tools;
    const { code } = await institutions.get(institution);
    const line = resolveLine(plan, await contextOf(this.tools, await institutions.get(institution)));
    await effects.database.write(async (transaction) => {
      const now = effects.clock();
      await refuseTaken(transaction, code, plan.id);
      await transaction<StoredSession>('assessment_sessions')
        .insert({
          institution: code,
          id: plan.id,
          lead: code,
          state: 'planned',
          ...lineColumns(line),
          ...planColumns(plan),
          planned_by: actor,
          writers: writersWith({ writers: '[]' }, actor, now),
          planned_at: now.toISOString(),
        })
        .catch((error: unknown) => {
          throw isUniqueViolation(error) ? taken() : error;
        });
      await appendAudit(
        transaction,
        { tenant: code, actor, action: 'exam-session.plan', subject: plan.id, detail: factsOf(plan) },
        now,
      );
    });
  }

  /**
   * Changes a plan; it must be confirmed again. Partners of a joint examination get the new days, place and seats.
   * @param version of the plan that was looked at
   * @throws YizhengError `EXAM_SESSION_CHANGED`, `EXAM_SESSION_STATE` also once a result is entered, `EXAM_SESSION_NOT_LEAD`, `EXAM_SESSION_FULL` (409), `EXAM_PART_NOT_HELD` (422)
   */
  async edit({ institution, id }: SessionAddress, plan: PlanInput, version: number, { actor }: Actor): Promise<void> {
    const line = resolveLine(plan, await contextOf(this.tools, await this.tools.institutions.get(institution)));
    await changeSession(this.tools, { institution, id, actor, action: 'edit' }, async (row, transaction, now) => {
      requireLead(row);
      await requirePlannable(transaction, row, version);
      if (plan.id !== id)
        throw new YizhengError('REQUEST_INVALID', 'The id of a session stays as it is.', { at: '/id', status: 422 });
      if (plan.seats < row.candidates) throw full(row.candidates);
      const partners = (await rowsOfSession(transaction, institution, id)).filter(
        (one) => one.institution !== institution,
      );
      for (const partner of partners) requireHeldParts(passMarksOf(partner), line.passMarks);
      const { held_on, ends_on, register_by, place, seats } = planColumns(plan);
      if (partners.length > 0)
        await transaction<StoredSession>('assessment_sessions')
          .where({ lead: institution, id })
          .whereNot({ institution })
          .update({ held_on, ends_on, register_by, place, seats });
      return {
        columns: { ...lineColumns(line), ...planColumns(plan), ...unconfirmed(row, actor, now) },
        detail: factsOf(plan),
      };
    });
  }

  /** A partner changes what it certifies. @throws YizhengError as {@link Plans.edit} */
  async editLine(
    { institution, id }: SessionAddress,
    input: LineInput,
    version: number,
    { actor }: Actor,
  ): Promise<void> {
    const line = resolveLine(input, await contextOf(this.tools, await this.tools.institutions.get(institution)));
    await changeSession(this.tools, { institution, id, actor, action: 'edit' }, async (row, transaction, now) => {
      if (row.institution === row.lead) throw wrongState(row.state);
      await requirePlannable(transaction, row, version);
      const [lead] = await rowsOfSession(transaction, row.lead, id);
      requireHeldParts(line.passMarks, lead ? passMarksOf(lead) : []);
      return { columns: { ...lineColumns(line), ...unconfirmed(row, actor, now) }, detail: factsOf(input) };
    });
  }

  /**
   * Confirms a plan, so that results can come. Where the institution asks for a second person, that is an approver or officer who has not
   * written the plan.
   * @throws YizhengError `EXAM_SESSION_STATE`, `EXAM_SESSION_OUT_OF_SCOPE` (409), `EXAM_SESSION_SCOPE_UNKNOWN` (503), `ROLE_MISSING`,
   *   codes of `requireSecondPerson` (403)
   */
  async open({ institution, id }: SessionAddress, { actor, roles }: Actor): Promise<void> {
    const home = await this.tools.institutions.get(institution);
    const context = await contextOf(this.tools, home);
    await changeSession(this.tools, { institution, id, actor, action: 'open' }, async (row, transaction, now) => {
      requireState(row, 'planned');
      requireCovered(fitOf({ id, heldOn: row.held_on, line: lineOf(row) }, context));
      const cautions = home.requiresApproval ? await secondPerson(transaction, row, { actor, roles }) : [];
      return {
        columns: { state: 'open', confirmed_by: actor, confirmed_at: now.toISOString(), sent_back: null },
        ...(cautions.length > 0 && { detail: { cautions } }),
      };
    });
  }

  /** Does not confirm a plan, and says why. @throws YizhengError `EXAM_SESSION_STATE` (409) */
  async sendBack({ institution, id }: SessionAddress, note: string, { actor }: Actor): Promise<void> {
    await changeSession(this.tools, { institution, id, actor, action: 'send-back' }, (row) => {
      requireState(row, 'planned');
      return Promise.resolve({ columns: { sent_back: note } });
    });
  }

  /**
   * Calls a session off while nothing of it is certified; what is certified is withdrawn by the batch operation `void-session`.
   * @throws YizhengError `EXAM_SESSION_STATE`, `EXAM_SESSION_ISSUED` (409)
   */
  async void({ institution, id }: SessionAddress, reason: string, { actor }: Actor): Promise<void> {
    await changeSession(this.tools, { institution, id, actor, action: 'void' }, async (row, transaction) => {
      const { state, issued } = (await factsOfSessions(transaction, [row]))(row);
      if (issued > 0)
        throw new YizhengError(
          'EXAM_SESSION_ISSUED',
          'Certificates rest on this session; withdraw them by void-session.',
          {
            status: 409,
          },
        );
      if (state === 'handed-in' || state === 'voided') throw wrongState(state);
      if (isHandingIn(row.handing_in_until, this.tools)) throw wrongState('handed-in');
      return { columns: { state: 'voided', void_reason: reason } };
    });
  }

  /**
   * Closes the file of a session that is done: the candidates' document numbers are deleted; what stays is what certificates show, and HMACs.
   * @throws YizhengError `EXAM_SESSION_STATE`, `EXAM_SESSION_LOCKED` while a partner still needs the numbers (409)
   */
  async archive({ institution, id }: SessionAddress, { actor }: Actor): Promise<void> {
    await changeSession(this.tools, { institution, id, actor, action: 'archive' }, async (row, transaction, now) => {
      const rows = row.institution === row.lead ? await rowsOfSession(transaction, institution, id) : [row];
      const facts = await factsOfSessions(transaction, rows);
      for (const one of rows) {
        const { state } = facts(one);
        if (state === 'issued' || state === 'voided') continue;
        if (one.institution === institution) throw wrongState(state);
        throw new YizhengError('EXAM_SESSION_LOCKED', `${one.institution} has not finished with this session.`, {
          status: 409,
          at: one.institution,
        });
      }
      if (row.institution === row.lead)
        await transaction<StoredCandidate>('assessment_candidates')
          .where({ institution, session: id })
          .update({ sealed_number: null });
      return { columns: { archived_at: now.toISOString() } };
    });
  }
}

/** @throws YizhengError `EXAM_SESSION_OUT_OF_SCOPE` (409), `EXAM_SESSION_SCOPE_UNKNOWN` (503) naming the codes */
function requireCovered({ answer, problems }: PlanFit): void {
  if (answer === 'covered') return;
  const codes = problems.map(({ code }) => code).join(', ');
  throw answer === 'outside'
    ? new YizhengError('EXAM_SESSION_OUT_OF_SCOPE', `The accreditation does not cover this plan: ${codes}.`, {
        status: 409,
      })
    : new YizhengError(
        'EXAM_SESSION_SCOPE_UNKNOWN',
        `Whether the accreditation covers this plan is not known: ${codes}.`,
        {
          status: 503,
        },
      );
}

async function secondPerson(
  transaction: Knex.Transaction,
  row: StoredSession,
  { actor, roles }: Actor,
): Promise<string[]> {
  if (!roles.some((role) => role === 'approver' || role === 'officer'))
    throw new YizhengError('ROLE_MISSING', 'This needs one of the roles: approver, officer.', { status: 403 });
  const first = JSON.parse(row.writers) as PlanWriter[];
  return (await requireSecondPerson(transaction, { first, second: actor })).cautions;
}

/**
 * Parts a partner counts must be held.
 * @throws YizhengError `EXAM_PART_NOT_HELD` (422)
 */
export function requireHeldParts(marks: readonly PassMark[], held: readonly PassMark[]): void {
  const missing = marks.find(({ part }) => !held.some((one) => one.part === part));
  if (missing || (marks.length === 0) !== (held.length === 0))
    throw new YizhengError(
      'EXAM_PART_NOT_HELD',
      'The leading institution holds other parts; count one or more of those that are held.',
      { at: '/passMarks', status: 422 },
    );
}

/** @throws YizhengError `EXAM_SESSION_EXISTS` (409) */
export async function refuseTaken(transaction: Knex.Transaction, institution: string, id: string): Promise<void> {
  const session: unknown = await transaction<StoredSession>('assessment_sessions')
    .where({ institution, id })
    .first('id');
  const certificate: unknown = await transaction('certificates').where({ institution, assessment: id }).first('id');
  if (session !== undefined || certificate !== undefined) throw taken();
}

function taken(): YizhengError {
  return new YizhengError('EXAM_SESSION_EXISTS', 'This institution has an assessment of this id already.', {
    at: '/id',
    status: 409,
  });
}

/** @throws YizhengError `EXAM_SESSION_CHANGED`, `EXAM_SESSION_STATE` (409): nobody moves a pass mark once a result is known */
async function requirePlannable(transaction: Knex.Transaction, row: StoredSession, version: number): Promise<void> {
  requireState(row, 'planned', 'open');
  if (row.version !== version)
    throw new YizhengError('EXAM_SESSION_CHANGED', 'Somebody else changed this session; load it again.', {
      status: 409,
    });
  if (await hasResults(transaction, row)) throw wrongState('results-entered');
}

/** Whether a result of a session is known. */
export async function hasResults(knex: Knex, { lead, id }: Pick<StoredSession, 'lead' | 'id'>): Promise<boolean> {
  const found: unknown = await knex<StoredCandidate>('assessment_candidates')
    .where({ institution: lead, session: id })
    .whereNotNull('attendance')
    .first('candidate');
  return found !== undefined;
}

function planColumns({ heldOn, endsOn, registerBy, place, seats, staff, publication }: PlanInput) {
  return {
    held_on: heldOn,
    ends_on: endsOn ?? null,
    register_by: registerBy ?? null,
    place,
    seats,
    staff: JSON.stringify(staff),
    publication_from: publication?.from ?? null,
    publication_until: publication?.until ?? null,
  };
}

function unconfirmed(row: StoredSession, actor: string, now: Date) {
  return {
    state: 'planned',
    writers: writersWith(row, actor, now),
    confirmed_by: null,
    confirmed_at: null,
    sent_back: null,
  } as const;
}

/** What the log keeps of a plan: no names. */
function factsOf({ kind, occupation, level, passMarks }: LineInput) {
  return { kind, occupation: occupation.code, level, passMarks: passMarks.map(({ part, mark }) => `${part} ${mark}`) };
}

/** The refusal of a session without room. */
export function full(seats: number): YizhengError {
  return new YizhengError('EXAM_SESSION_FULL', `There are no more than ${seats} seats.`, { at: '/seats', status: 409 });
}
