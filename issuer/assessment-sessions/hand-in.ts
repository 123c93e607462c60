import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateKind } from '../../shared/certificate/kind.js';
import { YizhengError } from '../../shared/errors.js';
import { findColumn } from '../batch/sheet/columns.js';
import { writeCsv } from '../batch/sheet/write-csv.js';
import type { BatchProgress } from '../batch/types.js';
import { chinaDate } from '../time.js';
import { NumberSeal } from './number-seal.js';
import { outcomeOf } from './outcome.js';
import { lineCells } from './plan-fit.js';
import type { SessionAddress } from './plans.js';
import { refuseBefore } from './results.js';
import { candidatesOf, sharedWith } from './rows.js';
import { factsOfSessions } from './session-state.js';
import {
  lineOf,
  passMarksOf,
  readSession,
  wrongState,
  type StoredCandidate,
  type StoredNumber,
  type StoredSession,
} from './tables.js';
import { changeSession, isHandingIn, type Actor, type SessionTools } from './tools.js';

/** How long making the batch of a session is believed to be alive. */
const HANDING_IN_MS = 5 * 60_000;

/** Name of folders uploads are kept in; what a killed process leaves there is swept away. */
const FOLDER = 'yizheng-upload-';

/**
 * Hands those who passed in as an ordinary batch (dry run; who confirms and who approves it is the batch's matter). The results are locked
 * from then on.
 * @returns the batch
 * @throws YizhengError `EXAM_SESSION_STATE`, `EXAM_SESSION_TOO_EARLY` while the result is still shown to the public, `EXAM_NOBODY_PASSED`,
 *   `EXAM_NUMBERS_MISSING` (409) naming the first candidate without one; what `Batches.upload` throws
 */
export async function handIn(
  tools: SessionTools,
  { institution, id }: SessionAddress,
  { actor, roles }: Actor,
): Promise<BatchProgress> {
  const rows = await claim(tools, { institution, id }, actor);
  const folder = await mkdtemp(join(tmpdir(), FOLDER));
  try {
    const path = join(folder, 'sheet');
    await writeFile(path, writeCsv(await sheetOf(tools, { institution, id }, rows)), { mode: 0o600, flag: 'wx' });
    const batch = await tools.batches.upload({
      institution,
      actor,
      roles,
      operation: 'issue',
      file: { path, name: `${id.replaceAll('/', '_')}.csv` },
    });
    await changeSession(tools, { institution, id, actor, action: 'hand-in' }, (_, __, now) =>
      Promise.resolve({
        columns: {
          state: 'handed-in',
          batch: batch.id,
          handed_in_by: actor,
          handed_in_at: now.toISOString(),
          handing_in_until: null,
        },
        detail: { batch: batch.id, rows: rows.length },
      }),
    );
    return batch;
  } catch (error) {
    await release(tools, { institution, id });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Takes the session for this hand-in alone. @returns who passed */
async function claim(
  tools: SessionTools,
  { institution, id }: SessionAddress,
  actor: string,
): Promise<StoredCandidate[]> {
  let passed: StoredCandidate[] = [];
  const act = { institution, id, actor, action: 'read-numbers' };
  await changeSession(tools, act, async (row, transaction, now) => {
    const { state } = (await factsOfSessions(transaction, [row]))(row);
    if (state !== 'results-entered' || isHandingIn(row.handing_in_until, tools)) throw wrongState(state);
    if (row.archived_at !== null) throw wrongState('archived');
    const lead = await readSession(transaction, row.lead, id);
    // What the leading institution still shows to the public may be objected to, whoever certifies it.
    for (const { publication_until } of [row, lead])
      if (publication_until !== null) refuseBefore(dayAfter(publication_until), chinaDate(now));
    const marks = passMarksOf(row);
    const all = sharedWith(row, await candidatesOf(transaction, lead.institution, id));
    passed = all.filter((one) => outcomeOf(one, marks) === 'passed');
    if (passed.length === 0)
      throw new YizhengError('EXAM_NOBODY_PASSED', 'Nobody passed, so there is nothing to hand in.', { status: 409 });
    return {
      columns: { handing_in_until: new Date(now.getTime() + HANDING_IN_MS).toISOString() },
      detail: { candidates: passed.length },
    };
  });
  return passed;
}

async function release({ effects }: SessionTools, { institution, id }: SessionAddress): Promise<void> {
  await effects.database.write(async (transaction) => {
    await transaction<StoredSession>('assessment_sessions')
      .where({ institution, id })
      .update({ handing_in_until: null });
  });
}

/** The sheet a clerk would write of those who passed. */
async function sheetOf(
  { effects }: SessionTools,
  { institution, id }: SessionAddress,
  passed: readonly StoredCandidate[],
): Promise<string[][]> {
  const { knex } = effects.database;
  const row = await readSession(knex, institution, id);
  const line = lineOf(row);
  const numbers: StoredNumber[] = await knex<StoredNumber>('assessment_numbers').where({ institution, session: id });
  const numberOf = new Map(numbers.map(({ candidate, number }) => [candidate, number]));
  const seal = await NumberSeal.of(effects, { institution: row.lead, id });
  const shared = lineCells(line, { id, date: row.held_on });
  const counted = new Set<string>(line.passMarks.map(({ part }) => part));
  const cells = passed.map((one): Record<string, string> => {
    const number = numberOf.get(one.candidate);
    if (number === undefined && !certificateKind(line.kind).numbered)
      throw new YizhengError(
        'EXAM_NUMBERS_MISSING',
        'The authority numbers this kind of certificate; enter every number.',
        {
          status: 409,
          at: String(one.candidate),
        },
      );
    if (one.sealed_number === null) throw wrongState('archived');
    const employer = one.employer === null ? undefined : (JSON.parse(one.employer) as Record<string, string>);
    return {
      name: one.name,
      idType: one.id_type,
      idNumber: seal.open(one.sealed_number, one.holder_key),
      ...shared,
      theoryScore: counted.has('theory') ? (one.theory ?? '') : '',
      practicalScore: counted.has('practical') ? (one.practical ?? '') : '',
      comprehensiveScore: counted.has('comprehensive') ? (one.comprehensive ?? '') : '',
      certificateNumber: number ?? '',
      employerCode: employer?.['uscc'] ?? '',
      employerName: employer?.['name'] ?? '',
      supplyChainAgreement: employer?.['supplyChainAgreement'] ?? '',
    };
  });
  const keys = Object.keys(cells[0] ?? {}).filter((key) => cells.some((one) => one[key] !== ''));
  return [keys.map((key) => findColumn(key)?.zh ?? key), ...cells.map((one) => keys.map((key) => one[key] ?? ''))];
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
