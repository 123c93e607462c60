import { YizhengError } from '../../shared/errors.js';
import type { CellProblem } from '../batch/types.js';
import { chinaDate } from '../time.js';
import { candidateOf, unknownCandidate } from './candidates.js';
import { outcomeOf } from './outcome.js';
import type { SessionAddress } from './plans.js';
import { resultProblem, type ResultInput } from './result-input.js';
import { readResultSheet } from './result-sheet.js';
import { candidatesOf, recount, rowsOfSession, sharedWith } from './rows.js';
import { factsOfSessions } from './session-state.js';
import {
  passMarksOf,
  readSession,
  requireLead,
  requireState,
  wrongState,
  type StoredCandidate,
  type StoredNumber,
} from './tables.js';
import { changeSession, isHandingIn, type Actor, type SessionTools } from './tools.js';
import type { Candidate } from './types.js';

/** What became of candidates. */
export class Results {
  constructor(private readonly tools: SessionTools) {}

  /**
   * Enters results, each as a whole.
   * @returns the candidates as they stand now
   * @throws YizhengError `EXAM_CANDIDATE_NOT_FOUND` (404), `EXAM_CANDIDATE_CHANGED` where somebody else was faster, `EXAM_SESSION_STATE`,
   *   `EXAM_SESSION_NOT_LEAD`, `EXAM_SESSION_TOO_EARLY` (409), codes of `resultProblem` (422); then none is stored
   */
  async enter(
    { institution, id }: SessionAddress,
    inputs: readonly ResultInput[],
    { actor }: Actor,
  ): Promise<Candidate[]> {
    const changed: Candidate[] = [];
    await changeSession(
      this.tools,
      { institution, id, actor, action: 'enter-results' },
      async (row, transaction, now) => {
        requireLead(row);
        requireState(row, 'open');
        refuseBefore(row.held_on, chinaDate(now));
        const marks = passMarksOf(row);
        const known = new Map((await candidatesOf(transaction, institution, id)).map((one) => [one.candidate, one]));
        for (const { candidate, version, ...result } of inputs) {
          const stored = known.get(candidate);
          if (!stored) throw unknownCandidate();
          if (version !== undefined && stored.version !== version)
            throw new YizhengError(
              'EXAM_CANDIDATE_CHANGED',
              'Somebody else entered this result meanwhile; load it again.',
              {
                at: String(candidate),
                status: 409,
              },
            );
          const wrong = resultProblem(result, marks);
          if (wrong)
            throw new YizhengError(wrong.code, 'This result does not fit the parts the session holds.', {
              at: `/${candidate}/${wrong.at}`,
              status: 422,
            });
          const next: StoredCandidate = { ...stored, ...result, version: stored.version + 1 };
          await transaction<StoredCandidate>('assessment_candidates')
            .where({ institution, session: id, candidate })
            .update({ ...result, version: next.version });
          known.set(candidate, next);
          changed.push(candidateOf(next, outcomeOf(next, marks), NO_NUMBERS));
        }
        await recount(transaction, institution, id);
        return { detail: { candidates: inputs.map(({ candidate }) => candidate) } };
      },
    );
    return changed;
  }

  /**
   * Enters the results of a sheet: all of them, or none where a row is wrong.
   * @throws SheetError; YizhengError as {@link Results.enter}
   */
  async enterSheet(
    address: SessionAddress,
    file: { path: string; name: string },
    actor: Actor,
  ): Promise<{ entered: number; problems: CellProblem[] }> {
    const { knex } = this.tools.effects.database;
    const row = await readSession(knex, address.institution, address.id);
    requireLead(row);
    const candidates = await candidatesOf(knex, address.institution, address.id);
    const { results, problems } = await readResultSheet(file, { candidates, passMarks: passMarksOf(row) });
    if (problems.length > 0) return { entered: 0, problems };
    await this.enter(address, results, actor);
    return { entered: results.length, problems: [] };
  }

  /**
   * Says that the results are complete.
   * @throws YizhengError `EXAM_SESSION_STATE`, `EXAM_SESSION_NOT_LEAD`, `EXAM_RESULTS_MISSING` (409) naming the first candidate without one
   */
  async complete({ institution, id }: SessionAddress, { actor }: Actor): Promise<void> {
    await changeSession(this.tools, { institution, id, actor, action: 'complete' }, async (row, transaction) => {
      requireLead(row);
      requireState(row, 'open');
      const marks = passMarksOf(row);
      const all = await candidatesOf(transaction, institution, id);
      const missing = all.filter((one) => outcomeOf(one, marks) === 'open');
      if (all.length === 0 || missing[0])
        throw new YizhengError('EXAM_RESULTS_MISSING', `${missing.length} candidates have no result yet.`, {
          status: 409,
          ...(missing[0] && { at: String(missing[0].candidate) }),
        });
      return { columns: { state: 'results-entered' }, detail: { candidates: all.length } };
    });
  }

  /**
   * Opens the results again, while no certificate rests on them and nobody has handed them in.
   * @throws YizhengError `EXAM_SESSION_STATE`, `EXAM_SESSION_NOT_LEAD`, `EXAM_SESSION_LOCKED` (409)
   */
  async reopen({ institution, id }: SessionAddress, { actor }: Actor): Promise<void> {
    await changeSession(this.tools, { institution, id, actor, action: 'reopen' }, async (row, transaction) => {
      requireLead(row);
      const rows = await rowsOfSession(transaction, institution, id);
      const facts = await factsOfSessions(transaction, rows);
      for (const one of rows) {
        const { state, issued } = facts(one);
        const isTaken = issued > 0 || isHandingIn(one.handing_in_until, this.tools);
        if (one.institution === institution) {
          if (state !== 'results-entered' || isTaken) throw wrongState(state);
        } else if (isTaken || state === 'handed-in' || state === 'issued')
          throw new YizhengError('EXAM_SESSION_LOCKED', `${one.institution} has handed these results in.`, {
            status: 409,
            at: one.institution,
          });
      }
      return { columns: { state: 'open', batch: null } };
    });
  }

  /**
   * Sets the certificate numbers an authority gave, of kinds without a numbering rule.
   * @throws YizhengError `EXAM_SESSION_STATE` (409), `EXAM_CANDIDATE_NOT_FOUND` (404), `EXAM_NUMBER_TAKEN` (409)
   */
  async setNumbers(
    { institution, id }: SessionAddress,
    numbers: readonly { candidate: number; number: string | null }[],
    { actor }: Actor,
  ): Promise<void> {
    await changeSession(this.tools, { institution, id, actor, action: 'set-numbers' }, async (row, transaction) => {
      const { state } = (await factsOfSessions(transaction, [row]))(row);
      if (state === 'handed-in' || state === 'issued' || state === 'voided') throw wrongState(state);
      if (isHandingIn(row.handing_in_until, this.tools)) throw wrongState('handed-in');
      const own = sharedWith(row, await candidatesOf(transaction, row.lead, id));
      const known = new Set(own.map(({ candidate }) => candidate));
      for (const { candidate, number } of numbers) {
        if (!known.has(candidate)) throw unknownCandidate();
        const where = { institution, session: id, candidate };
        await transaction<StoredNumber>('assessment_numbers').where(where).delete();
        if (number !== null) await transaction<StoredNumber>('assessment_numbers').insert({ ...where, number });
      }
      const all: StoredNumber[] = await transaction<StoredNumber>('assessment_numbers').where({
        institution,
        session: id,
      });
      if (new Set(all.map(({ number }) => number)).size < all.length)
        throw new YizhengError('EXAM_NUMBER_TAKEN', 'Two candidates cannot have the same certificate number.', {
          status: 409,
        });
      return { detail: { candidates: numbers.map(({ candidate }) => candidate) } };
    });
  }
}

const NO_NUMBERS: ReadonlyMap<number, string> = new Map();

/** @throws YizhengError `EXAM_SESSION_TOO_EARLY` (409) */
export function refuseBefore(day: string, today: string): void {
  if (today < day)
    throw new YizhengError('EXAM_SESSION_TOO_EARLY', `This can be done from ${day} on (China Standard Time).`, {
      status: 409,
    });
}
