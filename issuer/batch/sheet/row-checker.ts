import { isCitizenNumber } from '../../../shared/certificate/identity-document.js';
import { YizhengError } from '../../../shared/errors.js';
import type { ExamResult } from '../../exam-result.js';
import { allowedOf, type Allowed } from './allowed.js';
import { checkExam } from './check-exam.js';
import { examOf } from './exam-of.js';
import { findProblems } from './find-problems.js';
import type { PlacedColumn } from './header.js';
import { textOf, type Cell, type RawRow } from './raw-sheet.js';
import { kindOf, readCells } from './read-cells.js';
import type { CheckedRow, IssueSheetContext } from './types.js';

/** Cells that differ from person to person. All others repeat from row to row, and what was found of them once holds again. */
const PERSONAL = new Set([
  'name',
  'idNumber',
  'assessmentId',
  'theoryScore',
  'practicalScore',
  'comprehensiveScore',
  'corrects',
]);
/** Combinations of the other cells that are remembered. */
const MOST_REMEMBERED = 5_000;

/** Values no check can object to, whatever stands beside them. Anything else takes the long way. */
const PLAIN: Readonly<Record<string, RegExp>> = {
  name: /^[\u4e00-\u9fff]{2,20}$/,
  assessmentId: /^(?!.*\d{12})[A-Za-z0-9][A-Za-z0-9-]{0,39}$/,
  score: /^(?:100|[6-9]\d(?:\.[1-9])?)$/,
};
const HOLDS_LONG_NUMBER = /\d{12}/;

/** Exam result without the personal cells, known to be good with any plain ones. */
interface Remembered {
  exam: ExamResult;
  /** All its texts, where one holds a number long enough to be that of a document. */
  text: string | undefined;
}

/**
 * Checks rows of exam results. The long way ({@link checkExam}, `findProblems`) is the authority. The short way is taken by rows that
 * differ from a good one only in plain names, valid card numbers, assessment ids and scores; a property test holds that both give
 * the same answer.
 */
export class RowChecker {
  private readonly allowed: readonly Allowed[];
  private readonly good = new Map<string, Remembered>();
  private readonly shared: readonly PlacedColumn[];
  private readonly place: ReadonlyMap<string, number>;

  constructor(
    private readonly columns: readonly PlacedColumn[],
    private readonly context: IssueSheetContext,
  ) {
    this.allowed = allowedOf(context.institution, context.view);
    this.shared = columns.filter(({ column }) => !PERSONAL.has(column));
    this.place = new Map(columns.map(({ column, index }) => [column, index]));
  }

  /** Checks one row. */
  check(raw: RawRow): CheckedRow {
    const key = this.keyOf(raw.cells);
    const known = key === undefined ? undefined : this.good.get(key);
    return (known && this.shortWay(raw, known)) ?? this.longWay(raw, key);
  }

  /** Checks one row the long way; what {@link check} must agree with. */
  longWay(raw: RawRow, key?: string): CheckedRow {
    const { row } = raw;
    const read = readCells(this.columns, raw);
    const kind = kindOf(read);
    const corrects = read.values.get('corrects');
    const isIncomplete = this.context.operation === 'correct' && corrects === undefined;
    if (read.problems.length === 0 && kind !== undefined && !isIncomplete && !this.strangers(read.values, kind))
      try {
        const granted = this.allowed.flatMap(({ action }) => action.scope.level ?? []);
        const exam = checkExam(examOf(read.values, kind, granted), this.context);
        if (key !== undefined) this.remember(key, exam);
        return { row, exam, ...(corrects !== undefined && { corrects: String(corrects) }) };
      } catch (error) {
        if (!(error instanceof YizhengError)) throw error;
      }
    return { row, problems: findProblems(this.columns, raw, read, this.context, this.allowed) };
  }

  /** Is there a value the kind has no place for? The occupation's edition alone says nothing. */
  private strangers(values: ReadonlyMap<string, unknown>, kind: string): boolean {
    return this.columns.some(
      ({ column, definition: { kinds } }) =>
        kinds !== undefined &&
        column !== 'catalogueEdition' &&
        values.has(column) &&
        !(kinds as readonly string[]).includes(kind),
    );
  }

  private shortWay({ row, cells }: RawRow, { exam, text: known }: Remembered): CheckedRow | undefined {
    const text = (column: string): string => {
      const index = this.place.get(column);
      return index === undefined ? '' : textOf(cells[index]);
    };
    const name = text('name');
    const idNumber = text('idNumber');
    const id = text('assessmentId');
    if (!matches('name', name) || !matches('assessmentId', id)) return undefined;
    if (!isCitizenNumber(idNumber) || typeof cells[this.place.get('idNumber') ?? -1] === 'object') return undefined;
    if (known?.includes(idNumber) === true) return undefined;
    const assessment: ExamResult['assessment'] = { ...exam.assessment, id };
    for (const part of SCORES) {
      const score = text(part);
      if (score === '') continue;
      if (!matches('score', score)) return undefined;
      assessment[part] = score;
    }
    const corrects = text('corrects');
    if (this.context.operation === 'correct' && !/^[YS]\d{21}$/.test(corrects)) return undefined;
    return {
      row,
      exam: { ...exam, holder: { ...exam.holder, name, idNumber }, assessment },
      ...(corrects !== '' && { corrects }),
    };
  }

  /** What the cells that repeat say; undefined where one of them is more than a text. */
  private keyOf(cells: readonly Cell[]): string | undefined {
    let key = '';
    for (const { index } of this.shared) {
      const cell = cells[index] ?? '';
      if (typeof cell === 'string') key += `${cell.length}:${cell}`;
      else if (cell.type === 'number') key += `n${cell.text.length}:${cell.text}`;
      else return undefined;
    }
    for (const column of PERSONAL) {
      const cell = cells[this.place.get(column) ?? -1];
      if (typeof cell === 'object' && cell.type !== 'number') return undefined;
    }
    return key;
  }

  private remember(key: string, exam: ExamResult): void {
    if (this.good.size >= MOST_REMEMBERED || exam.holder.idType !== 'resident-identity-card') return;
    if (exam.certificateNumber !== undefined) return;
    const { theoryScore: _, practicalScore: __, comprehensiveScore: ___, ...assessment } = exam.assessment;
    const { holder, ...rest } = exam;
    const shared = JSON.stringify({ ...rest, assessment: { ...assessment, id: '' } });
    this.good.set(key, {
      exam: { ...rest, holder, assessment },
      text: HOLDS_LONG_NUMBER.test(shared) ? shared : undefined,
    });
  }
}

const SCORES = ['theoryScore', 'practicalScore', 'comprehensiveScore'] as const;

function matches(what: keyof typeof PLAIN, text: string): boolean {
  return PLAIN[what]?.test(text) === true;
}
