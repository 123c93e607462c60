import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { parseCertificateRecord } from '../../shared/certificate/record.js';
import { YizhengError } from '../../shared/errors.js';
import type { Role } from '../../server/index.js';
import { recordOfRow, type CertificateRow } from '../certificate-row.js';
import { checkCorrection } from '../check-correction.js';
import { findCorrectable, keepsNumber, notCorrectable, requireCorrectable, type Correctable } from '../correctable.js';
import type { IssuerKeystore } from '../effects.js';
import { draftOf, type CertificateDraft, type ExamResult } from '../exam-result.js';
import { findDuplicates } from '../find-duplicates.js';
import { checkNumber, numberTaken, takenNumbers } from '../reserve-number.js';
import { resultKeys, type ResultKeys } from '../result-keys.js';
import { coverFacts, type CoverDecisions } from './cover-facts.js';
import { DuplicateSet } from './duplicate-set.js';
import type { FactIds } from './fact-ids.js';
import type { OpenRows } from './open-rows.js';
import { PlainKeys } from './plain-keys.js';
import type { PlainRows } from './plain-rows.js';
import { ReadyPlainRows } from './ready-plain-rows.js';
import type { CheckedBatchRow, RowBlock } from './row-block.js';
import { rowProblem } from './row-problem.js';
import type { CheckedRow, HeaderColumn } from './sheet/types.js';
import { UNPLACED } from './sheet/unplaced.js';
import { storedDraft } from './stored-draft.js';

/** What the rows of one upload are checked with. */
export interface IssueCheck {
  knex: Knex;
  keystore: Pick<IssuerKeystore, 'hmacAll' | 'hmacPacked'>;
  institution: string;
  roles: readonly Role[];
  /** The day of the upload, China Standard Time. */
  today: string;
  header: readonly HeaderColumn[];
  decisions: CoverDecisions;
  facts: FactIds;
  /** What stood in this file before: results, numbers given by hand, certificates to be corrected. */
  results: DuplicateSet;
  names: DuplicateSet;
  /** Rows of other batches that will be issued. */
  others: OpenRows;
}

interface Candidate {
  row: number;
  exam: ExamResult;
  corrects: string | undefined;
  draft: CertificateDraft;
  old: Correctable | undefined;
  keys: ResultKeys;
}

/** Rows of a sheet as the sheet has checked them: everything that stands in the row alone. */
export interface IssueRows {
  rows: readonly CheckedRow[];
  /** Those that are not among them. */
  plain: PlainRows;
}

/**
 * Finishes the dry run of a block of rows: everything that needs the database.
 * @param before ends when the block before is finished; what stands in a row alone is done meanwhile
 */
export async function checkIssueRows(
  { rows, plain }: IssueRows,
  check: IssueCheck,
  before: Promise<unknown>,
): Promise<Pick<RowBlock, 'rows' | 'ready'>> {
  const { candidates, checked } = await findCandidates(rows, check);
  const keys = await PlainKeys.of(check.keystore, plain);
  await before;
  const duplicates = await findDuplicates(
    check.knex,
    check.institution,
    candidates.map(({ keys: own, old }) => ({ ...own, supersedes: old?.row.id })),
    { packed: keys },
  );
  const given = candidates.flatMap(({ draft, old }) => (old ? [] : (draft.certificateNumber ?? [])));
  const taken = await takenNumbers(check.knex, given);
  const plainOnes = new PlainCheck(plain, keys, duplicates.slice(candidates.length), checked, check);
  for (const [i, candidate] of candidates.entries()) {
    // The first of two rows with the same result stays, so all are taken in the order of the sheet.
    plainOnes.take(candidate.row);
    try {
      const same = duplicates[i];
      if (same !== undefined && candidate.old === undefined && !same.startsWith(OF_BATCH)) {
        checked.push({ row: candidate.row, already: same });
        continue;
      }
      refuseRepeated(candidate, same, taken, check);
      checked.push({ row: candidate.row, ready: readyRow(candidate, check) });
    } catch (error) {
      checked.push({ row: candidate.row, problems: [problem(error, candidate, check)] });
    }
  }
  plainOnes.take(Infinity);
  return { rows: checked.sort((a, b) => a.row - b.row), ready: plainOnes.ready.columns() };
}

/** Takes the plain rows of a block one after the other. */
class PlainCheck {
  readonly ready: ReadyPlainRows;
  private next = 0;

  /**
   * @param duplicates what `findDuplicates` says of each
   * @param checked where those go that are not ready
   */
  constructor(
    private readonly plain: PlainRows,
    private readonly keys: PlainKeys,
    private readonly duplicates: readonly (string | undefined)[],
    private readonly checked: CheckedBatchRow[],
    private readonly check: IssueCheck,
  ) {
    this.ready = new ReadyPlainRows(plain, keys);
  }

  /** Takes those before a row of the sheet. */
  take(before: number): void {
    const { rows } = this.plain;
    for (let row = rows[this.next]; row !== undefined && row < before; row = rows[++this.next])
      try {
        this.takeOne(row, this.next);
      } catch (error) {
        this.checked.push({ row, problems: [problem(error, { row, corrects: undefined }, this.check)] });
      }
  }

  private takeOne(row: number, i: number): void {
    const { keys, check } = this;
    const same = this.duplicates[i];
    if (same !== undefined && !same.startsWith(OF_BATCH)) {
      this.checked.push({ row, already: same });
      return;
    }
    refuseKnown(same);
    const first = check.results.addDigest(keys.digests, keys.place(i), row);
    if (first !== undefined || !check.others.isEmpty) refuseListed(first, keys.key('duplicateKey', i), check);
    this.ready.add(i, check.facts);
  }
}

/** The good rows with their drafts and keys, and what is to be said of the others. */
async function findCandidates(
  rows: readonly CheckedRow[],
  check: IssueCheck,
): Promise<{ candidates: Candidate[]; checked: CheckedBatchRow[] }> {
  const olds = await findOlds(rows, check);
  const checked: CheckedBatchRow[] = [];
  const good: Omit<Candidate, 'keys'>[] = [];
  for (const one of rows) {
    if ('problems' in one) {
      checked.push({ row: one.row, problems: one.problems });
      continue;
    }
    const { row, exam, corrects } = one;
    try {
      good.push({ row, exam, corrects, ...draftAndOld(exam, corrects, olds, check) });
    } catch (error) {
      checked.push({ row, problems: [problem(error, { row, corrects }, check)] });
    }
  }
  const keys = await resultKeys(check.keystore, good);
  return { candidates: good.flatMap((one, i) => (keys[i] ? [{ ...one, keys: keys[i] }] : [])), checked };
}

/** The certificates this block would correct, by what the rows call them. */
async function findOlds(rows: readonly CheckedRow[], check: IssueCheck): Promise<Map<string, Correctable>> {
  const named = rows.flatMap((row) => ('exam' in row ? (row.corrects ?? []) : []));
  if (named.length === 0) return new Map();
  const issued: Pick<CertificateRow, 'id' | 'number' | 'revision'>[] = await check
    .knex<CertificateRow>('certificates')
    .where({ institution: check.institution, state: 'issued' })
    .where((either) => {
      void either.whereIn('number', named).orWhereIn('id', named);
    })
    .orderBy('revision')
    .select('id', 'number', 'revision');
  const ids = new Map(issued.flatMap(({ id, number }) => [[number, id] as const]));
  for (const { id } of issued) ids.set(id, id);
  const olds = await findCorrectable(check.knex, check.institution, [...new Set(ids.values())]);
  return new Map(
    named.flatMap((name) => {
      const old = olds.get(ids.get(name) ?? '');
      return old ? [[name, old] as const] : [];
    }),
  );
}

function draftAndOld(
  exam: ExamResult,
  corrects: string | undefined,
  olds: ReadonlyMap<string, Correctable>,
  { institution, today, decisions }: IssueCheck,
): { draft: CertificateDraft; old: Correctable | undefined } {
  if (corrects === undefined) return { draft: draftOf(exam, exam.issuedOn ?? today), old: undefined };
  const found = olds.get(corrects);
  if (!found) throw notCorrectable();
  const old = requireCorrectable(found);
  const draft = { ...draftOf(exam, exam.issuedOn ?? recordOfRow(old.row).issuedOn), supersedes: old.row.id };
  if (draft.certificateNumber !== undefined && draft.certificateNumber !== old.row.number) throw keepsNumber();
  checkNumber(institution, old.row.number, draft);
  parseCertificateRecord({
    ...draft,
    certificateNumber: old.row.number,
    revision: old.lastRevision + 1,
    ...UNPLACED,
  });
  const facts = coverFacts(draft, institution);
  const decision = decisions.decide(JSON.stringify(facts), facts, draft.issuedOn);
  if ('code' in decision)
    throw new YizhengError(decision.code, 'The accreditation does not cover this certificate.', { status: 403 });
  return { draft, old };
}

/** How `findDuplicates` names a reserved row. */
const OF_BATCH = 'batch:';

function refuseRepeated(
  { row, draft, old, keys }: Candidate,
  duplicate: string | undefined,
  taken: ReadonlySet<string>,
  check: IssueCheck,
): void {
  refuseKnown(duplicate);
  const key = keys.duplicateKey ?? keys.resultKey;
  refuseListed(check.results.add(key, row), key, check);
  const number = old?.row.id ?? draft.certificateNumber;
  if (number === undefined) return;
  if (taken.has(number)) throw numberTaken();
  const before = check.names.add(createHash('sha256').update(number).digest('hex'), row);
  if (before !== undefined) throw new Refusal('DUPLICATE_IN_SHEET', { row: String(before) });
}

/** @param duplicate what `findDuplicates` says of the row */
function refuseKnown(duplicate: string | undefined): void {
  if (duplicate === undefined) return;
  if (!duplicate.startsWith(OF_BATCH)) throw new Refusal('CERTIFICATE_DUPLICATE', { certificate: duplicate });
  const [, batch = '', at = ''] = duplicate.split(':');
  throw new Refusal('DUPLICATE_IN_BATCH', { batch, row: at });
}

/** @param first row of this sheet with the same result */
function refuseListed(first: number | undefined, key: string, { others }: IssueCheck): void {
  if (first !== undefined) throw new Refusal('DUPLICATE_IN_SHEET', { row: String(first) });
  const elsewhere = others.find(key);
  if (elsewhere) throw new Refusal('DUPLICATE_IN_BATCH', { batch: elsewhere.batch, row: String(elsewhere.row) });
}

function readyRow(
  { exam, draft, old, keys }: Candidate,
  { roles, facts }: IssueCheck,
): Extract<CheckedBatchRow, { ready: unknown }>['ready'] {
  const { issuedOn, certificateNumber } = draft;
  const correctsHolder = old !== undefined && checkCorrection(old.row, draft, { holderKey: keys.holderKey, roles });
  return {
    draft: storedDraft(draft),
    facts: facts.idOf(draft),
    number: old ? null : (certificateNumber ?? null),
    // A number given by hand holds the year of the day it was checked for.
    issued_on: old || exam.issuedOn !== undefined || certificateNumber !== undefined ? issuedOn : null,
    assessment: draft.assessment.id,
    duplicate_key: keys.duplicateKey,
    result_key: keys.resultKey,
    holder_key: keys.holderKey,
    certificate: old?.row.id ?? null,
    reason: correctsHolder ? 'correct-holder' : null,
  };
}

/** A refusal whose sentence needs facts. */
class Refusal extends YizhengError {
  constructor(
    code: string,
    readonly parameters: Record<string, string>,
  ) {
    super(code, 'This row stands for a result that is certified or listed already.', { status: 409 });
  }
}

function problem(
  error: unknown,
  { row, corrects, draft }: { row: number; corrects: string | undefined; draft?: CertificateDraft },
  { header }: IssueCheck,
): ReturnType<typeof rowProblem> {
  const value = corrects ?? draft?.certificateNumber;
  return rowProblem(
    error,
    { row, header, ...(value === undefined ? {} : { value }) },
    error instanceof Refusal ? error.parameters : {},
  );
}
