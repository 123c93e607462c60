import { certificateKind, type KindId } from '../../../shared/certificate/kind.js';
import { findLevelFramework } from '../../../shared/certificate/level.js';
import { findOccupation } from '../../../shared/certificate/occupation.js';
import { YizhengError } from '../../../shared/errors.js';
import { chinaDate } from '../../time.js';
import type { CellProblem } from '../types.js';
import { levelNames, listed, type Allowed } from './allowed.js';
import { checkExam } from './check-exam.js';
import { columnOfPointer } from './columns-of-pointer.js';
import { findColumn } from './columns.js';
import { examOf } from './exam-of.js';
import type { PlacedColumn } from './header.js';
import type { RawRow } from './raw-sheet.js';
import { cellProblem, kindOf, type ReadCells } from './read-cells.js';
import { levelOfKind } from './read-level.js';
import { REFUSED_COLUMN, SCOPE_COLUMNS, scopeProblems } from './scope-problems.js';
import type { IssueSheetContext } from './types.js';

/** More than a row can have: no question is asked twice. */
const MOST_ROUNDS = 60;
/** A document number of each type that is valid and nobody's. */
const SOMEBODYS_NUMBER: Readonly<Record<string, string>> = {
  'resident-identity-card': '11010519491231002X',
  'hk-macau-taiwan-residence-permit': '810000199408230021',
};
const ANY_NUMBER = 'ZZZZZZ';
/** An occupation every table knows. */
const OCCUPATION = '6-18-02-04';
/** Codes that say no more than "wrong": why, the cell itself tells. */
const GENERIC = new Set(['REQUEST_INVALID', 'RECORD_INVALID', 'FIELD_UNKNOWN', 'TEXT_FORBIDDEN']);

/**
 * Finds everything that is wrong with a row. {@link checkExam} is asked again and again, each time with the last wrong value replaced
 * by a harmless one, until it has nothing left to say.
 */
export function findProblems(
  columns: readonly PlacedColumn[],
  raw: RawRow,
  read: ReadCells,
  context: IssueSheetContext,
  allowed: readonly Allowed[],
): CellProblem[] {
  return new RowProblems(columns, raw, read, context, allowed).find();
}

class RowProblems {
  private readonly problems: CellProblem[];
  private readonly values: Map<string, string | number>;

  constructor(
    private readonly columns: readonly PlacedColumn[],
    private readonly raw: RawRow,
    private readonly read: ReadCells,
    private readonly context: IssueSheetContext,
    private readonly allowed: readonly Allowed[],
  ) {
    this.problems = [...read.problems];
    this.values = new Map(read.values);
  }

  find(): CellProblem[] {
    const kind = kindOf(this.read);
    if (kind === undefined) return this.sorted();
    this.findMissing(kind);
    this.findLevel(kind);
    this.findDateOrder();
    for (const { column } of this.problems) if (column !== undefined) this.replace(column, kind);
    this.ask(kind);
    return this.sorted();
  }

  private findMissing(kind: KindId): void {
    const { nameZh } = certificateKind(kind);
    const needed = this.context.operation === 'correct' ? [findColumn('corrects')] : [];
    for (const { definition } of this.columns) if (definition.key !== 'corrects') needed.push(definition);
    for (const key of KIND_KEYS) if (!needed.some((column) => column?.key === key)) needed.push(findColumn(key));
    for (const column of needed) {
      if (column === undefined || this.has(column.key)) continue;
      const belongs = column.kinds === undefined || column.kinds.includes(kind);
      const isGiven = this.read.values.has(column.key);
      if (isGiven && !belongs && column.key !== 'catalogueEdition')
        this.add(column.key, 'CELL_NOT_FOR_KIND', { kind: nameZh });
      else if (!isGiven && column.need === 'always') this.add(column.key, 'CELL_MISSING');
      else if (!isGiven && column.need === 'kind' && belongs)
        this.add(column.key, 'CELL_MISSING_FOR_KIND', { kind: nameZh });
    }
  }

  private findLevel(kind: KindId): void {
    const word = this.read.values.get('level');
    const { frameworks, nameZh } = certificateKind(kind);
    if (word === undefined || frameworks.length === 0 || levelOfKind(String(word), kind, []) !== undefined) return;
    const levels = frameworks.flatMap(
      (id) => findLevelFramework(id)?.values.map(({ value }) => ({ framework: id, value })) ?? [],
    );
    this.add('level', 'LEVEL_NOT_OF_KIND', { kind: nameZh, allowed: listed(levelNames(levels)) });
  }

  private findDateOrder(): void {
    const today = chinaDate(this.context.now);
    const issuedOn = String(this.read.values.get('issuedOn') ?? today);
    if (issuedOn > today) {
      this.add('issuedOn', 'ISSUED_IN_FUTURE', { today });
      return;
    }
    if (this.context.operation === 'correct' && !this.read.values.has('issuedOn')) return;
    if (String(this.read.values.get('assessmentDate') ?? '') > issuedOn)
      this.add('assessmentDate', 'ASSESSED_AFTER_ISSUE', { issuedOn });
    const expiresOn = this.read.values.get('expiresOn');
    if (expiresOn !== undefined && String(expiresOn) < issuedOn)
      this.add('expiresOn', 'EXPIRES_BEFORE_ISSUE', { issuedOn });
  }

  private ask(kind: KindId): void {
    const granted = this.allowed.flatMap(({ action }) => action.scope.level ?? []);
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const exam = examOf(this.values, kind, granted);
      try {
        checkExam(exam, this.context);
        this.addScope(kind);
        return;
      } catch (error) {
        if (!(error instanceof YizhengError)) throw error;
        const isRefused = error.status === 403 || error.status === 503;
        const column = isRefused || error.at === undefined ? undefined : columnOfPointer(error.at);
        if (column === undefined) {
          this.addScope(kind, error.code);
          return;
        }
        if (this.has(column)) return;
        this.addRefusal(column, error.code);
        this.replace(column, kind);
      }
    }
  }

  /** @param refusal what `coverByAccreditation` said, if it refused */
  private addScope(kind: KindId, refusal?: string): void {
    const wrong = new Set(this.problems.map(({ column }) => column));
    // While a cell the decision looks at is wrong, its own word rests on a stand-in and says nothing.
    const isUncertain = SCOPE_COLUMNS.some((column) => wrong.has(column));
    if (refusal !== undefined || isUncertain)
      for (const { column, code, parameters } of scopeProblems(this.values, kind, this.context, this.allowed))
        this.add(column, code, parameters);
    if (refusal === undefined || this.problems.some(({ code }) => code === refusal)) return;
    const column = REFUSED_COLUMN[refusal];
    if (column === undefined) this.problems.push({ row: this.raw.row, code: refusal, parameters: {} });
    else if (!isUncertain) this.add(column, refusal);
  }

  private addRefusal(column: string, code: string): void {
    const occupation = String(this.values.get('occupationCode') ?? '');
    const edition = String(this.values.get('catalogueEdition') ?? '2022');
    const expected = findOccupation(occupation, edition)?.name ?? '';
    const parameters: Record<string, Record<string, string>> = {
      OCCUPATION_NAME_MISMATCH: { code: occupation, expected },
      OCCUPATION_NAME_MISSING: { code: occupation },
      NUMBER_INSTITUTION_MISMATCH: { expected: this.context.institution.code },
    };
    this.add(column, GENERIC.has(code) ? this.reasonOf(column) : this.sharper(column, code), parameters[code] ?? {});
  }

  /** A generic refusal, put in words the cell gives. */
  private reasonOf(column: string): string {
    if (!this.read.values.has(column)) return 'CELL_MISSING';
    const holdsNumber = column !== 'idNumber' && /\d{14}/.test(String(this.read.values.get(column)));
    return holdsNumber ? 'ID_NUMBER_ON_CERTIFICATE' : 'CELL_INVALID';
  }

  /** A card number that ends in three zeros and fails its check lost them to a spreadsheet program. */
  private sharper(column: string, code: string): string {
    return code === 'ID_NUMBER_INVALID' && /^\d{15}000$/.test(String(this.read.values.get(column)))
      ? 'ID_NUMBER_LOST_DIGITS'
      : code;
  }

  private has(column: string): boolean {
    return this.problems.some((problem) => problem.column === column);
  }

  private add(column: string, code: string, parameters: Record<string, string> = {}): void {
    if (this.has(column)) return;
    const placed = this.columns.find((item) => item.column === column);
    this.problems.push(
      cellProblem(this.raw.row, placed ?? { column }, placed && this.raw.cells[placed.index], code, parameters),
    );
  }

  /** Puts a harmless value in the place of a wrong one. */
  private replace(column: string, kind: KindId): void {
    const definition = findColumn(column);
    const belongs = definition?.kinds === undefined || definition.kinds.includes(kind);
    if (column === 'idNumber') {
      const type = String(this.values.get('idType') ?? 'resident-identity-card');
      this.values.set(column, SOMEBODYS_NUMBER[type] ?? ANY_NUMBER);
    } else if (column === 'level' && belongs) this.values.set(column, kind === 'mo-skill' ? 'basic' : '5');
    else if (definition?.neutral !== undefined && belongs) this.values.set(column, definition.neutral);
    else this.values.delete(column);
    if (column === 'idType') this.values.set('idNumber', SOMEBODYS_NUMBER['resident-identity-card'] ?? ANY_NUMBER);
    if (column === 'occupationCode' || column === 'catalogueEdition') {
      for (const member of ['catalogueEdition', 'occupationName']) this.values.delete(member);
      if (belongs) this.values.set('occupationCode', OCCUPATION);
      else this.values.delete('occupationCode');
    } else if (column === 'occupationName' && this.isKnownOccupation()) this.values.delete(column);
    else if (column === 'advancementBasis') this.values.set('advancementPath', 'exceptional');
  }

  private isKnownOccupation(): boolean {
    const edition = String(this.values.get('catalogueEdition') ?? '2022');
    return findOccupation(String(this.values.get('occupationCode')), edition) !== undefined;
  }

  private sorted(): CellProblem[] {
    const place = new Map(this.columns.map(({ column, index }) => [column, index]));
    const at = ({ column }: CellProblem): number => place.get(column ?? '') ?? Number.MAX_SAFE_INTEGER;
    return this.problems.sort((a, b) => at(a) - at(b));
  }
}

/** Columns that some kinds need, so that a sheet without them is told so on the row. */
const KIND_KEYS = [
  'occupationCode',
  'level',
  'specificationCode',
  'specificationVersion',
  'competitionFilingNumber',
  'competitionName',
  'competitionEvent',
  'competitionRank',
  'appointmentPosition',
  'appointmentFrom',
  'permitCategory',
  'permitItem',
  'permitFirstIssuedOn',
  'trainingTitle',
  'trainingHours',
];
