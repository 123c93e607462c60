import type { Knex } from 'knex';
import { lastFourOf } from '../../shared/certificate/identity-document.js';
import { YizhengError } from '../../shared/errors.js';
import { appendAudit, insertRows } from '../../server/index.js';
import type { HeaderColumn } from '../batch/sheet/types.js';
import type { CellProblem } from '../batch/types.js';
import { holderKeysOf } from '../result-keys.js';
import { chinaDate } from '../time.js';
import type { CandidateInput } from './candidate-input.js';
import { readCandidateSheet } from './candidate-sheet.js';
import { NumberSeal } from './number-seal.js';
import { outcomeOf } from './outcome.js';
import { full, type SessionAddress } from './plans.js';
import { candidatesOf, recount, rowsOfSession, sharedWith } from './rows.js';
import { factsOfSessions } from './session-state.js';
import {
  passMarksOf,
  readSession,
  requireLead,
  requireState,
  type StoredCandidate,
  type StoredNumber,
  type StoredSession,
} from './tables.js';
import { changeSession, type Actor, type SessionTools } from './tools.js';
import type { Candidate } from './types.js';

/** A part of a long list. */
export interface CandidatePage {
  /** Number to start behind. */
  after: number;
  limit: number;
}

interface Prepared {
  input: CandidateInput;
  lastFour: string;
  holderKey: string;
  sealed: string;
  /** Row of the sheet. */
  row: number;
}

/** Who is to be assessed. */
export class Candidates {
  constructor(private readonly tools: SessionTools) {}

  /**
   * Candidates with their results, in order; that somebody read them is audited. A partner of a joint examination gets those who agreed and
   * passed by its own pass marks, once the results are complete, and no more of each than a certificate needs.
   * @throws YizhengError `EXAM_SESSION_NOT_FOUND` (404)
   */
  async list({ institution, id }: SessionAddress, page: CandidatePage, { actor }: Actor): Promise<Candidate[]> {
    const { database, clock } = this.tools.effects;
    return database.write(async (transaction) => {
      const row = await readSession(transaction, institution, id);
      const found = await this.visible(transaction, row, page);
      await appendAudit(
        transaction,
        {
          tenant: institution,
          actor,
          action: 'exam-session.read-candidates',
          subject: id,
          detail: { after: page.after, found: found.length },
        },
        clock(),
      );
      return found;
    });
  }

  /**
   * Enters one candidate.
   * @returns their number in the session
   * @throws YizhengError `ID_NUMBER_INVALID` (422), `EXAM_SESSION_STATE`, `EXAM_SESSION_NOT_LEAD`, `EXAM_SESSION_FULL`, `EXAM_REGISTRATION_OVER`,
   *   `EXAM_CANDIDATE_EXISTS`, `EXAM_TICKET_TAKEN`, `EXAM_SEAT_TAKEN` (409)
   */
  async add(address: SessionAddress, input: CandidateInput, { actor }: Actor): Promise<number> {
    return this.store(address, await this.prepare(address, [{ row: 0, input }]), actor);
  }

  /**
   * Enters the candidates of a sheet: all of them, or none where a row is wrong.
   * @param file on a private disk; the caller deletes it
   * @returns how many were added, and what is wrong
   * @throws SheetError; YizhengError as {@link Candidates.add} where it concerns the session
   */
  async addSheet(
    address: SessionAddress,
    file: { path: string; name: string },
    { actor }: Actor,
  ): Promise<{ added: number; problems: CellProblem[] }> {
    const { candidates, problems, header } = await readCandidateSheet(file);
    if (problems.length > 0) return { added: 0, problems };
    const prepared = await this.prepare(address, candidates);
    try {
      await this.store(address, prepared, actor);
      return { added: prepared.length, problems: [] };
    } catch (error) {
      if (!(error instanceof RepeatedCandidates)) throw error;
      return {
        added: 0,
        problems: error.problems.map((problem) => ({ ...placeOf(header, problem.column), ...problem })),
      };
    }
  }

  /** Strikes a candidate off. @throws YizhengError `EXAM_CANDIDATE_NOT_FOUND` (404), `EXAM_SESSION_STATE`, `EXAM_SESSION_NOT_LEAD` (409) */
  async remove({ institution, id }: SessionAddress, candidate: number, { actor }: Actor): Promise<void> {
    await changeSession(
      this.tools,
      { institution, id, actor, action: 'remove-candidate' },
      async (row, transaction) => {
        requireLead(row);
        requireState(row, 'planned', 'open');
        const gone = await transaction<StoredCandidate>('assessment_candidates')
          .where({ institution, session: id, candidate })
          .delete();
        if (gone === 0) throw unknownCandidate();
        const certifiers = (await rowsOfSession(transaction, institution, id)).map((one) => one.institution);
        await transaction<StoredNumber>('assessment_numbers')
          .where({ session: id, candidate })
          .whereIn('institution', certifiers)
          .delete();
        await recount(transaction, institution, id);
        return { detail: { candidate } };
      },
    );
  }

  private async visible(knex: Knex, row: StoredSession, { after, limit }: CandidatePage): Promise<Candidate[]> {
    const marks = passMarksOf(row);
    const numbers: StoredNumber[] = await knex<StoredNumber>('assessment_numbers').where({
      institution: row.institution,
      session: row.id,
    });
    const numberOf = new Map(numbers.map(({ candidate, number }) => [candidate, number]));
    const shown = (stored: StoredCandidate): Candidate => candidateOf(stored, outcomeOf(stored, marks), numberOf);
    if (row.institution === row.lead) {
      const stored: StoredCandidate[] = await knex<StoredCandidate>('assessment_candidates')
        .where({ institution: row.lead, session: row.id })
        .where('candidate', '>', after)
        .orderBy('candidate')
        .limit(limit);
      return stored.map(shown);
    }
    const { state } = (await factsOfSessions(knex, [row]))(row);
    if (state === 'planned' || state === 'open') return [];
    const own = sharedWith(row, await candidatesOf(knex, row.lead, row.id));
    return own
      .filter((one) => one.candidate > after && outcomeOf(one, marks) === 'passed')
      .slice(0, limit)
      .map(({ ticket: _, seat: __, ...stored }) =>
        shown({ ...stored, ticket: null, seat: null, ...partsOf(stored, marks) }),
      );
  }

  private async prepare(
    { institution, id }: SessionAddress,
    rows: readonly { row: number; input: CandidateInput }[],
  ): Promise<Prepared[]> {
    const { effects } = this.tools;
    const seal = await NumberSeal.of(effects, { institution, id });
    const keys = await holderKeysOf(
      effects.keystore,
      rows.map(({ input }) => input),
    );
    return rows.map(({ row, input }, i) => {
      const holderKey = keys[i] ?? '';
      const lastFour = lastFourOf(input.idType, input.idNumber);
      return { input, row, lastFour, holderKey, sealed: seal.seal(input.idNumber.toUpperCase(), holderKey) };
    });
  }

  /** @returns number of the first one stored @throws RepeatedCandidates and then nothing is stored */
  private async store({ institution, id }: SessionAddress, rows: readonly Prepared[], actor: string): Promise<number> {
    let first = 0;
    await changeSession(
      this.tools,
      { institution, id, actor, action: 'add-candidates' },
      async (row, transaction, now) => {
        requireLead(row);
        requireState(row, 'planned', 'open');
        if (row.register_by !== null && chinaDate(now) > row.register_by)
          throw new YizhengError('EXAM_REGISTRATION_OVER', `Registration ended on ${row.register_by}.`, {
            status: 409,
          });
        if (row.candidates + rows.length > row.seats) throw full(row.seats);
        const known = await candidatesOf(transaction, institution, id);
        const problems = repeated(rows, known);
        if (problems[0]) throw new RepeatedCandidates(problems[0], problems);
        first = row.last_candidate + 1;
        await insertRows(
          transaction,
          'assessment_candidates',
          rows.map(({ input, lastFour, holderKey, sealed }, i) => ({
            institution,
            session: id,
            candidate: first + i,
            name: input.name,
            id_type: input.idType,
            last_four: lastFour,
            holder_key: holderKey,
            sealed_number: sealed,
            ticket: input.ticket ?? null,
            seat: input.seat ?? null,
            employer: input.employer === undefined ? null : JSON.stringify(input.employer),
            shares: input.shares ? 1 : 0,
            attendance: null,
            theory: null,
            practical: null,
            comprehensive: null,
            verdict: null,
            version: 1,
          })),
        );
        await recount(transaction, institution, id);
        return { columns: { last_candidate: row.last_candidate + rows.length }, detail: { first, added: rows.length } };
      },
    );
    return first;
  }
}

/** Rows whose person, ticket or seat is taken, in the session or further up in the sheet. */
function repeated(rows: readonly Prepared[], known: readonly StoredCandidate[]): CellProblem[] {
  const places = [
    {
      column: 'idNumber',
      code: 'EXAM_CANDIDATE_EXISTS',
      taken: new Map(known.map((one) => [one.holder_key, one.candidate])),
    },
    { column: 'ticket', code: 'EXAM_TICKET_TAKEN', taken: new Map(known.map((one) => [one.ticket, one.candidate])) },
    { column: 'seat', code: 'EXAM_SEAT_TAKEN', taken: new Map(known.map((one) => [one.seat, one.candidate])) },
  ] as const;
  const problems: CellProblem[] = [];
  const seen = {
    idNumber: new Map<string, number>(),
    ticket: new Map<string, number>(),
    seat: new Map<string, number>(),
  };
  for (const { row, holderKey, input } of rows)
    for (const { column, code, taken } of places) {
      const value = column === 'idNumber' ? holderKey : input[column];
      if (value === undefined) continue;
      const candidate = taken.get(value);
      const before = seen[column].get(value);
      if (candidate !== undefined) problems.push({ row, column, code, parameters: { candidate: String(candidate) } });
      else if (before !== undefined)
        problems.push({ row, column, code: 'EXAM_CANDIDATE_TWICE', parameters: { row: String(before) } });
      seen[column].set(value, row);
    }
  return problems;
}

/** Somebody, a ticket or a seat stands in the session or the sheet twice. */
class RepeatedCandidates extends YizhengError {
  constructor(
    { code, column }: CellProblem,
    readonly problems: readonly CellProblem[],
  ) {
    super(code, 'A candidate of this session has this document, ticket or seat already.', {
      at: `/${column ?? ''}`,
      status: 409,
    });
  }
}

function placeOf(header: readonly HeaderColumn[], wanted: string | undefined): Partial<CellProblem> {
  const found = header.find(({ column }) => column === wanted);
  return found ? { letter: found.letter, header: found.header } : {};
}

/** Scores of the parts an institution counts; others are none of its business. */
function partsOf(
  stored: Pick<StoredCandidate, 'theory' | 'practical' | 'comprehensive'>,
  marks: ReturnType<typeof passMarksOf>,
): Pick<StoredCandidate, 'theory' | 'practical' | 'comprehensive'> {
  const counted = new Set<string>(marks.map(({ part }) => part));
  return {
    theory: counted.has('theory') ? stored.theory : null,
    practical: counted.has('practical') ? stored.practical : null,
    comprehensive: counted.has('comprehensive') ? stored.comprehensive : null,
  };
}

/** A stored candidate as people see them. */
export function candidateOf(
  stored: StoredCandidate,
  outcome: Candidate['outcome'],
  numbers: ReadonlyMap<number, string>,
): Candidate {
  const { candidate, ticket, seat, employer, attendance, theory, practical, comprehensive, verdict } = stored;
  const certificateNumber = numbers.get(candidate);
  return {
    candidate,
    name: stored.name,
    idType: stored.id_type,
    lastFour: stored.last_four,
    ...(ticket !== null && { ticket }),
    ...(seat !== null && { seat }),
    ...(employer !== null && { employer: JSON.parse(employer) as NonNullable<Candidate['employer']> }),
    shares: stored.shares !== 0,
    ...(attendance !== null && { attendance }),
    ...(theory !== null && { theory }),
    ...(practical !== null && { practical }),
    ...(comprehensive !== null && { comprehensive }),
    ...(verdict !== null && { verdict }),
    outcome,
    ...(certificateNumber !== undefined && { certificateNumber }),
    version: stored.version,
  };
}

/** The refusal of a number no candidate has. */
export function unknownCandidate(): YizhengError {
  return new YizhengError('EXAM_CANDIDATE_NOT_FOUND', 'The session has no candidate of this number.', { status: 404 });
}
