import { problemText } from '../messages/problem-text.js';
import type { CellProblem } from '../types.js';
import { linesOf, writeLines, type SheetForm } from './write-result-sheet.js';

const HEADERS = {
  'zh-CN': ['行', '列', '列名', '填写内容', '问题和改法', '代码'],
  en: ['Row', 'Column', 'Header', 'Value', 'What is wrong and what to write', 'Code'],
} as const;
const WIDTHS = [8, 8, 18, 24, 80, 28];

/** Writes the problems of an uploaded sheet as a sheet to work through: row, column, header, value (masked), what to do, code. */
export function writeProblemSheet(
  problems: AsyncIterable<CellProblem> | Iterable<CellProblem>,
  { format, language }: SheetForm,
): AsyncGenerator<Uint8Array> {
  const lines = linesOf(problems, HEADERS[language], (problem) => [
    problem.row === 0 ? '' : String(problem.row),
    problem.letter ?? '',
    problem.header ?? '',
    problem.value ?? '',
    problemText(problem, language),
    problem.code,
  ]);
  return writeLines(lines, { format, name: language === 'en' ? 'Problems' : '问题清单', widths: WIDTHS });
}
