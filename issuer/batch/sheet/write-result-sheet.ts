import type { Language } from '../../../shared/i18n/create-translator.js';
import { problemText } from '../messages/problem-text.js';
import type { BatchRowState, CellProblem } from '../types.js';
import { writeCsv } from './write-csv.js';
import { writeXlsx } from './xlsx-writer/write-xlsx.js';

/** What became of one row of an uploaded sheet. */
export interface ResultRow {
  row: number;
  name?: string;
  certificateNumber?: string;
  state: BatchRowState;
  /** Why it is not done, or what was wrong with it. */
  problems?: readonly Pick<CellProblem, 'code' | 'parameters' | 'column' | 'header' | 'value' | 'letter' | 'row'>[];
  /** Text of the certificate's QR code. */
  qrText?: string;
}

/** In which form and language a sheet is written. */
export interface SheetForm {
  format: 'csv' | 'xlsx';
  language: Language;
}

const HEADERS = {
  'zh-CN': ['原表行号', '姓名', '证书编号', '状态', '说明', '二维码内容'],
  en: ['Row', 'Name', 'Certificate number', 'State', 'Remark', 'QR text'],
} as const;
const STATES: Readonly<Record<Language, Readonly<Record<BatchRowState, string>>>> = {
  'zh-CN': { wrong: '有误', ready: '待办', done: '完成', failed: '未能办理', skipped: '已取消' },
  en: { wrong: 'wrong', ready: 'waiting', done: 'done', failed: 'failed', skipped: 'cancelled' },
};
const WIDTHS = [10, 14, 26, 10, 60, 60];

/**
 * Writes what became of each row: row number, name, certificate number, state, remark, QR text. Streams: memory does not grow with the
 * rows. Cells that could be taken for formulas are made harmless.
 */
export function writeResultSheet(
  rows: AsyncIterable<ResultRow> | Iterable<ResultRow>,
  { format, language }: SheetForm,
): AsyncGenerator<Uint8Array> {
  const lines = linesOf(rows, HEADERS[language], (row) => [
    String(row.row),
    row.name ?? '',
    row.certificateNumber ?? '',
    STATES[language][row.state],
    (row.problems ?? []).map((problem) => problemText(problem, language)).join(language === 'en' ? ' ' : ''),
    row.qrText ?? '',
  ]);
  return writeLines(lines, { format, name: language === 'en' ? 'Results' : '办理结果', widths: WIDTHS });
}

/** A header and a line for each item. */
export async function* linesOf<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  header: readonly string[],
  line: (item: Item) => readonly string[],
): AsyncGenerator<readonly string[]> {
  yield header;
  for await (const item of items) yield line(item);
}

/** Writes lines, the first of them a header. */
export function writeLines(
  lines: AsyncIterable<readonly string[]>,
  { format, name, widths }: { format: SheetForm['format']; name: string; widths: readonly number[] },
): AsyncGenerator<Uint8Array> {
  return format === 'csv'
    ? writeCsv(lines)
    : writeXlsx([
        { name, hasHeader: true, columns: widths.map((width) => ({ width, style: 'text' })), rows: styled(lines) },
      ]);
}

async function* styled(
  lines: AsyncIterable<readonly string[]>,
): AsyncGenerator<readonly (string | { text: string; style: 'header' | 'text' })[]> {
  let isHeader = true;
  for await (const cells of lines) {
    const style = isHeader ? 'header' : 'text';
    isHeader = false;
    yield cells.map((text) => ({ text, style }));
  }
}
