import { isCitizenNumber } from '../../../shared/certificate/identity-document.js';
import { YizhengError } from '../../../shared/errors.js';
import type { ExamResult } from '../../exam-result.js';
import { chinaDate } from '../../time.js';
import { SCORES, type PersonBytes } from '../person-bytes.js';
import { RowTemplate, type PlainPerson, type PlainRow } from '../row-template.js';
import type { CellProblem } from '../types.js';
import { allowedOf, type Allowed } from './allowed.js';
import { ByteRow } from './byte-row.js';
import { tidyCode, tidyText } from './cell-text.js';
import { checkExam } from './check-exam.js';
import { examOf } from './exam-of.js';
import { findProblems } from './find-problems.js';
import type { PlacedColumn } from './header.js';
import { PlainBytes } from './plain-bytes.js';
import { textOf, type Cell, type RawRow } from './raw-sheet.js';
import { kindOf, readCells, type ReadCells } from './read-cells.js';
import { RecentRows } from './recent-rows.js';
import type { CheckedRow, IssueSheetContext } from './types.js';

/** Cells that differ from person to person. All others repeat from row to row, and what was found of them once holds again. */
const PERSONAL: ReadonlySet<string> = new Set([
  'name',
  'idNumber',
  'assessmentId',
  'theoryScore',
  'practicalScore',
  'comprehensiveScore',
  'corrects',
] satisfies Personal[]);
type Personal =
  'name' | 'idNumber' | 'assessmentId' | 'theoryScore' | 'practicalScore' | 'comprehensiveScore' | 'corrects';
/** Combinations of the other cells that are remembered. */
const MOST_REMEMBERED = 5_000;
/** Of these, how many get a template. */
const MOST_TEMPLATES = 1_000;
/** Characters of all of them together. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** Values no check can object to, whatever stands beside them. Anything else takes the long way. */
const PLAIN = {
  name: /^(?=.{2,20}$)[\u4e00-\u9fff]+(?:·[\u4e00-\u9fff]+)*$/,
  assessmentId: /^(?!.*\d{12})[A-Za-z0-9][A-Za-z0-9-]{0,39}$/,
  score: /^(?:100|[6-9]\d(?:\.[1-9])?)$/,
  corrects: /^[YS]\d{21}$/,
};
/** A score with a decimal that says nothing. */
const WHOLE = /^(?:100|[6-9]\d)\.0$/;
const HOLDS_LONG_NUMBER = /\d{12}/;

/** Exam result without the personal cells, known to be good with any plain ones. */
interface Remembered {
  exam: ExamResult;
  /** All its texts in capital letters, where one holds a number long enough to be that of a document. */
  text: string | undefined;
  /** Made for the second such row; null where there is none. */
  template?: RowTemplate | null;
}

interface PlainCells {
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
  private readonly recent: RecentRows<Remembered>;
  private readonly plainBytes: PlainBytes;
  private characters = 0;
  private templates = 0;
  private readonly shared: readonly PlacedColumn[];
  private readonly place: Readonly<Record<Personal, number | undefined>>;
  private readonly personal: readonly number[];

  constructor(
    private readonly columns: readonly PlacedColumn[],
    private readonly context: IssueSheetContext,
  ) {
    this.allowed = allowedOf(context.institution, context.view);
    this.shared = columns.filter(({ column }) => !PERSONAL.has(column));
    const shared = this.shared.map(({ index }) => index);
    this.recent = new RecentRows(shared);
    const index = (key: Personal): number | undefined => columns.find(({ column }) => column === key)?.index;
    this.place = {
      name: index('name'),
      idNumber: index('idNumber'),
      assessmentId: index('assessmentId'),
      theoryScore: index('theoryScore'),
      practicalScore: index('practicalScore'),
      comprehensiveScore: index('comprehensiveScore'),
      corrects: index('corrects'),
    };
    this.personal = Object.values(this.place).filter((place) => place !== undefined);
    const { name = -1, idNumber = -1, assessmentId = -1, corrects = -1 } = this.place;
    const scores = SCORES.map((part) => this.place[part] ?? -1);
    this.plainBytes = new PlainBytes({ name, idNumber, assessmentId, scores, corrects }, shared);
  }

  /** Checks one row. */
  check(raw: RawRow): CheckedRow {
    const key = this.keyOf(raw.cells);
    if (key === undefined) return this.longWay(raw);
    return this.shortWay(raw, key) ?? this.longWay(raw, key);
  }

  /**
   * Checks a row that is to be issued, where all rows like it go by one template: then no exam result is made of it.
   * @returns undefined where it has to be checked by {@link check}
   */
  plainRow(raw: RawRow): PlainRow | undefined {
    const { cells } = raw;
    if (this.context.operation === 'correct') return undefined;
    const good = this.recent.find(cells) ?? this.goodLike(cells);
    if (!good || good.template === null) return undefined;
    const plain = this.areTyped(cells) ? this.plainCells(cells) : undefined;
    if (plain?.corrects !== '' || good.text?.includes(plain.idNumber) === true) return undefined;
    const { name, idNumber, assessment } = plain;
    const { id: assessmentId, theoryScore, practicalScore, comprehensiveScore } = assessment;
    const person = { name, idNumber, assessmentId, theoryScore, practicalScore, comprehensiveScore };
    good.template ??= this.templateOf(examWith(good.exam, plain), person);
    const { template } = good;
    if (!template) return undefined;
    if (raw instanceof ByteRow && good.text === undefined) this.plainBytes.keep(raw, template);
    return { template, person };
  }

  /**
   * {@link RowChecker.plainRow} without a text being made of any cell, where a row like this one was plain before.
   * @param person told where its cells lie
   * @returns undefined where it has to be looked at by `plainRow`
   */
  plainOf(row: ByteRow, person: PersonBytes): RowTemplate | undefined {
    return this.plainBytes.find(row, person);
  }

  private goodLike(cells: readonly Cell[]): Remembered | undefined {
    const key = this.keyOf(cells);
    const good = key === undefined ? undefined : this.good.get(key);
    if (good) this.recent.keep(cells, good);
    return good;
  }

  private templateOf(exam: ExamResult, person: PlainPerson): RowTemplate | null {
    if (this.templates >= MOST_TEMPLATES) return null;
    const template = RowTemplate.of(exam, person, chinaDate(this.context.now));
    if (template) this.templates++;
    return template ?? null;
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
    const plain = (good ?? wrong) && this.plainCells(cells);
    if (!plain) return undefined;
    if (wrong) return { row, problems: wrong.map((problem) => ({ ...problem, row })) };
    if (!good || good.text?.includes(plain.idNumber) === true) return undefined;
    return { row, exam: examWith(good.exam, plain), ...(plain.corrects !== '' && { corrects: plain.corrects }) };
  }

  /** The personal cells, where all of them are plain. */
  private plainCells(cells: readonly Cell[]): PlainCells | undefined {
    const { place } = this;
    const name = plainText(textAt(cells, place.name));
    const idNumber = plainNumber(textAt(cells, place.idNumber));
    const id = plainCode(textAt(cells, place.assessmentId), PLAIN.assessmentId);
    const corrects = textAt(cells, place.corrects);
    if (name === undefined || idNumber === undefined || id === undefined) return undefined;
    if (typeof cells[place.idNumber ?? -1] === 'object') return undefined;
    if (this.context.operation === 'correct' && !PLAIN.corrects.test(corrects)) return undefined;
    const assessment: PlainCells['assessment'] = { id };
    for (const part of SCORES) {
      const text = textAt(cells, place[part]);
      if (text === '') continue;
      const score = WHOLE.test(text) ? text.slice(0, -2) : plainCode(text, PLAIN.score);
      if (score === undefined) return undefined;
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
    return this.areTyped(cells) ? key : undefined;
  }

  /** Are the personal cells what a person types, and no formulas or the like? */
  private areTyped(cells: readonly Cell[]): boolean {
    for (const index of this.personal) {
      const cell = cells[index];
      if (typeof cell === 'object' && cell.type !== 'number') return false;
    }
    return true;
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
      text: HOLDS_LONG_NUMBER.test(shared) ? shared.toUpperCase() : undefined,
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

const PLAIN_DOCUMENT = 'resident-identity-card';

/** What is read of a cell, where that is plain; tidied as `readCells` does, which most cells do not need. */
function plainText(text: string): string | undefined {
  if (PLAIN.name.test(text)) return text;
  const tidy = tidyText(text);
  return PLAIN.name.test(tidy) ? tidy : undefined;
}

function plainCode(text: string, form: RegExp): string | undefined {
  if (form.test(text)) return text;
  const tidy = tidyCode(text);
  return form.test(tidy) ? tidy : undefined;
}

function plainNumber(text: string): string | undefined {
  if (isCitizenNumber(text)) return text;
  const tidy = tidyCode(text).toUpperCase();
  return isCitizenNumber(tidy) ? tidy : undefined;
}

function textAt(cells: readonly Cell[], index: number | undefined): string {
  return index === undefined ? '' : textOf(cells[index]);
}

/** The exam result of a row like another: scores stand behind everything else of its assessment, as {@link RowTemplate} wants them. */
function examWith(exam: ExamResult, { name, idNumber, assessment }: PlainCells): ExamResult {
  return {
    ...exam,
    holder: { ...exam.holder, name, idNumber },
    assessment: { ...exam.assessment, ...assessment },
  };
}
