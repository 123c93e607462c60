import type { Column } from '../batch/sheet/column.js';
import { words } from '../batch/sheet/column-parts.js';
import { findColumn } from '../batch/sheet/columns.js';
import type { PlacedColumn } from '../batch/sheet/header.js';
import { openSheet } from '../batch/sheet/open-sheet.js';
import type { RawRow } from '../batch/sheet/raw-sheet.js';
import { cellProblem, readCells } from '../batch/sheet/read-cells.js';
import { asAnyScore, ofForm } from '../batch/sheet/value-readers.js';
import type { CellProblem } from '../batch/types.js';
import { SESSION_SHEET_LIMITS } from './candidate-sheet.js';
import { resultProblem, type ResultInput } from './result-input.js';
import type { StoredCandidate } from './tables.js';
import type { Attendance, PassMark } from './types.js';

const SCORE_FORMAT = { zh: '0 到 100 的分数,最多一位小数', en: 'a score from 0 to 100, at most one decimal' };
const score = (key: string, zh: string, en: string, aliases: readonly string[]): Column => ({
  key,
  zh,
  en,
  aliases,
  need: 'optional',
  as: 'code',
  read: asAnyScore,
  format: SCORE_FORMAT,
  example: '',
});

/** Columns of a list of results. */
export const RESULT_COLUMNS: readonly Column[] = [
  {
    key: 'candidate',
    zh: '序号',
    en: 'No.',
    aliases: ['考生序号', '编号'],
    need: 'always',
    as: 'code',
    read: ofForm(/^[1-9]\d{0,5}$/),
    format: { zh: '考生在本计划中的序号,如 1', en: 'the number of the candidate in this session, like 1' },
    example: '1',
  },
  ...[findColumn('name')].flatMap((column) => column ?? []),
  {
    key: 'lastFour',
    zh: '证件后四位',
    en: 'Last four',
    need: 'optional',
    as: 'code',
    read: ofForm(/^[0-9A-Za-z]{4}$/),
    format: { zh: '证件号码的后四位', en: 'the last four characters of the document number' },
    example: '002X',
  },
  {
    key: 'attendance',
    zh: '考试情况',
    en: 'Attendance',
    aliases: ['到考情况', '出勤'],
    need: 'optional',
    ...words({
      到考: 'present',
      正常: 'present',
      缺考: 'absent',
      暂缓: 'withheld',
      Present: 'present',
      Absent: 'absent',
      Withheld: 'withheld',
    }),
    example: '到考',
  },
  score('theory', '理论成绩', 'Theory score', ['理论', '理论知识成绩', '理论考试成绩']),
  score('practical', '实操成绩', 'Practical score', ['实操', '技能成绩', '操作技能成绩', '技能考核成绩']),
  score('comprehensive', '综合评审成绩', 'Comprehensive score', ['综合评审', '综评成绩', '综合成绩']),
  {
    key: 'verdict',
    zh: '评定结果',
    en: 'Verdict',
    aliases: ['是否合格', '鉴定结果', '结果'],
    need: 'optional',
    ...words({ 合格: 'pass', 不合格: 'fail', Pass: 'pass', Fail: 'fail' }),
    example: '',
  },
];

/** Columns that say what became of somebody who came. */
const SAID = ['theory', 'practical', 'comprehensive', 'verdict'] as const;

/** What stands in a list of results. */
export interface ResultSheet {
  results: ResultInput[];
  problems: CellProblem[];
}

/**
 * Reads a list of results (XLSX or CSV) of known candidates. Rows that say nothing of a result are left out; parts without a column stay as they are.
 * @param session its candidates, and the parts that are held
 * @throws SheetError as `openIssueSheet`
 */
export async function readResultSheet(
  file: { path: string; name: string },
  session: { candidates: readonly StoredCandidate[]; passMarks: readonly PassMark[] },
): Promise<ResultSheet> {
  const byNumber = new Map(session.candidates.map((one) => [one.candidate, one]));
  const seen = new Map<number, number>();
  const sheet = await openSheet(file, RESULT_COLUMNS, SESSION_SHEET_LIMITS, (columns) => (raw) => {
    const { row, values, problems } = readCells(columns, raw);
    const refuse = (column: string, code: string, parameters: Record<string, string> = {}): void => {
      problems.push(problemAt(columns, raw, column, code, parameters));
    };
    for (const { column, definition } of columns)
      if (definition.need === 'always' && !values.has(column) && !problems.some((one) => one.column === column))
        refuse(column, 'CELL_MISSING');
    if (problems.length > 0) return { row, problems };
    const number = Number(values.get('candidate'));
    const stored = byNumber.get(number);
    const before = seen.get(number);
    seen.set(number, row);
    if (!stored) refuse('candidate', 'EXAM_CANDIDATE_NOT_FOUND');
    else if (before !== undefined) refuse('candidate', 'EXAM_CANDIDATE_TWICE', { row: String(before) });
    else if (stored.name !== values.get('name')) refuse('name', 'EXAM_RESULT_MISMATCH', { candidate: String(number) });
    else if (values.has('lastFour') && String(values.get('lastFour')).toUpperCase() !== stored.last_four)
      refuse('lastFour', 'EXAM_RESULT_MISMATCH', { candidate: String(number) });
    if (problems.length > 0) return { row, problems };
    const input = stored && resultOf(stored, values, columns);
    const wrong = input && resultProblem(input, session.passMarks);
    if (wrong) refuse(wrong.at, wrong.code);
    return { row, problems, ...(input && { input }) };
  });
  const found: ResultSheet = { results: [], problems: [] };
  for await (const { problems, input } of sheet.rows() as AsyncIterable<{
    problems: CellProblem[];
    input?: ResultInput;
  }>) {
    found.problems.push(...problems);
    if (input) found.results.push(input);
  }
  return found;
}

/** What a row says. Of parts the sheet has no column for, somebody who came keeps what is stored: each part may come by a sheet of its own. */
function resultOf(
  stored: StoredCandidate,
  values: ReadonlyMap<string, string | number>,
  columns: readonly PlacedColumn[],
): ResultInput | undefined {
  const text = (column: string): string | null => values.get(column)?.toString() ?? null;
  const isSaid = SAID.some((column) => values.has(column));
  const attendance = (text('attendance') ?? (isSaid ? 'present' : null)) as Attendance | null;
  if (attendance === null) return undefined;
  const kept = SAID.filter(
    (column) =>
      attendance === 'present' && stored[column] !== null && !columns.some((placed) => placed.column === column),
  );
  const said = (column: (typeof SAID)[number]): string | null =>
    kept.includes(column) ? stored[column] : text(column);
  return {
    candidate: stored.candidate,
    // Whoever changes what is kept meanwhile must not be overwritten.
    ...(kept.length > 0 && { version: stored.version }),
    attendance,
    theory: said('theory'),
    practical: said('practical'),
    comprehensive: said('comprehensive'),
    verdict: said('verdict') as ResultInput['verdict'],
  };
}

function problemAt(
  columns: readonly PlacedColumn[],
  raw: RawRow,
  column: string,
  code: string,
  parameters: Record<string, string>,
): CellProblem {
  const placed = columns.find((one) => one.column === column);
  return cellProblem(raw.row, placed ?? { column }, placed && raw.cells[placed.index], code, parameters);
}
