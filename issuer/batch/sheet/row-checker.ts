import { isCitizenNumber } from '../../../shared/certificate/identity-document.js';
import { YizhengError } from '../../../shared/errors.js';
import type { ExamResult } from '../../exam-result.js';
import type { CellProblem } from '../types.js';
import { allowedOf, type Allowed } from './allowed.js';
import { checkExam } from './check-exam.js';
import { examOf } from './exam-of.js';
import { findProblems } from './find-problems.js';
import type { PlacedColumn } from './header.js';
import { textOf, type Cell, type RawRow } from './raw-sheet.js';
import { kindOf, readCells, type ReadCells } from './read-cells.js';
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
/** Characters of all of them together. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** Values no check can object to, whatever stands beside them. Anything else takes the long way. */
const PLAIN = {
  name: /^(?=.{2,20}$)[\u4e00-\u9fff]+(?:·[\u4e00-\u9fff]+)*$/,
  assessmentId: /^(?!.*\d{12})[A-Za-z0-9][A-Za-z0-9-]{0,39}$/,
  score: /^(?:100|[6-9]\d(?:\.[1-9])?)$/,
  corrects: /^[YS]\d{21}$/,
};
const HOLDS_LONG_NUMBER = /\d{12}/;

/** Exam result without the personal cells, known to be good with any plain ones. */
interface Remembered {
  exam: ExamResult;
  /** All its texts, where one holds a number long enough to be that of a document. */
  text: string | undefined;
}

interface PlainPerson {
  name: string;
  idNumber: string;
  assessment: Pick<ExamResult['assessment'], 'id' | 'theoryScore' | 'practicalScore' | 'comprehensiveScore'>;
  corrects: string;
}

/**
 * Checks rows of exam results. The long way ({@link checkExam}, `findProblems`) is the authority. The short way is taken by rows that
 * differ from an earlier one only in plain names, valid card numbers, assessment ids and scores; a property test holds that both
 * give the same answer.
 */
export class RowChecker {
  private readonly allowed: readonly Allowed[];
  private readonly good = new Map<string, Remembered>();
  private readonly wrong = new Map<string, readonly CellProblem[]>();
  private characters = 0;
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
    if (key === undefined) return this.longWay(raw);
    return this.shortWay(raw, key) ?? this.longWay(raw, key);
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
    const problems = findProblems(this.columns, raw, read, this.context, this.allowed);
    if (key !== undefined) this.rememberWrong(key, problems, read);
    return { row, problems };
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

  private shortWay({ row, cells }: RawRow, key: string): CheckedRow | undefined {
    const good = this.good.get(key);
    const wrong = good ? undefined : this.wrong.get(key);
    const person = (good ?? wrong) && this.plainPerson(cells);
    if (!person) return undefined;
    if (wrong) return { row, problems: wrong.map((problem) => ({ ...problem, row })) };
    if (!good || good.text?.includes(person.idNumber) === true) return undefined;
    const { exam } = good;
    const { name, idNumber, assessment, corrects } = person;
    return {
      row,
      exam: { ...exam, holder: { ...exam.holder, name, idNumber }, assessment: { ...exam.assessment, ...assessment } },
      ...(corrects !== '' && { corrects }),
    };
  }

  /** The personal cells, where all of them are plain. */
  private plainPerson(cells: readonly Cell[]): PlainPerson | undefined {
    const text = (column: string): string => {
      const index = this.place.get(column);
      return index === undefined ? '' : textOf(cells[index]);
    };
    const [name, idNumber, id, corrects] = [text('name'), text('idNumber'), text('assessmentId'), text('corrects')];
    if (!PLAIN.name.test(name) || !PLAIN.assessmentId.test(id)) return undefined;
    if (!isCitizenNumber(idNumber) || typeof cells[this.place.get('idNumber') ?? -1] === 'object') return undefined;
    if (this.context.operation === 'correct' && !PLAIN.corrects.test(corrects)) return undefined;
    const assessment: PlainPerson['assessment'] = { id };
    for (const part of SCORES) {
      const score = text(part);
      if (score === '') continue;
      if (!PLAIN.score.test(score)) return undefined;
      assessment[part] = score;
    }
    return { name, idNumber, assessment, corrects };
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
    if (this.good.size >= MOST_REMEMBERED || exam.holder.idType !== PLAIN_DOCUMENT) return;
    if (exam.certificateNumber !== undefined) return;
    const { theoryScore: _, practicalScore: __, comprehensiveScore: ___, ...assessment } = exam.assessment;
    const { holder, ...rest } = exam;
    const shared = JSON.stringify({ ...rest, assessment: { ...assessment, id: '' } });
    if (!this.hasRoom(key.length + shared.length)) return;
    this.good.set(key, {
      exam: { ...rest, holder, assessment },
      text: HOLDS_LONG_NUMBER.test(shared) ? shared : undefined,
    });
  }

  /** Problems that lie in the shared cells alone are those of every plain row with the same ones. */
  private rememberWrong(key: string, problems: readonly CellProblem[], { values }: ReadCells): void {
    const isShared = problems.every(({ column }) => column === undefined || !PERSONAL.has(column));
    const idType = values.get('idType') ?? PLAIN_DOCUMENT;
    if (!isShared || idType !== PLAIN_DOCUMENT || problems.some(({ column }) => column === 'idType')) return;
    if (this.wrong.size >= MOST_REMEMBERED || HOLDS_LONG_NUMBER.test(key.normalize('NFKC'))) return;
    if (!this.hasRoom(key.length + JSON.stringify(problems).length)) return;
    this.wrong.set(key, problems);
  }

  private hasRoom(characters: number): boolean {
    if (this.characters + characters > MOST_CHARACTERS) return false;
    this.characters += characters;
    return true;
  }
}

const SCORES = ['theoryScore', 'practicalScore', 'comprehensiveScore'] as const;
const PLAIN_DOCUMENT = 'resident-identity-card';
