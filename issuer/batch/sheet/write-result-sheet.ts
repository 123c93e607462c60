import type { Language } from '../../../shared/i18n/create-translator.js';
import { problemText } from '../messages/problem-text.js';
import type { BatchOperation, BatchRowState, CellProblem } from '../types.js';
import { writeCsv } from './write-csv.js';
import { REASON_WORDS, wordFor } from '../../../shared/sheet/words.js';
import { writeXlsx } from './xlsx-writer/write-xlsx.js';

/** What a batch does to certificates that exist. */
export type ChangeOperation = Exclude<BatchOperation, 'issue' | 'correct'>;

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
  /** In batches that change certificates: what was asked, why, and when it was done (RFC 3339). */
  change?: { operation: ChangeOperation; reason?: string; at?: string };
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
  'zh-CN': { wrong: '有误', already: '此前已发证', ready: '待办', done: '完成', failed: '未能办理', skipped: '已取消' },
  en: {
    wrong: 'wrong',
    already: 'issued before',
    ready: 'waiting',
    done: 'done',
    failed: 'failed',
    skipped: 'cancelled',
  },
};
const WIDTHS = [10, 14, 26, 10, 60, 60];
const CHANGE_HEADERS = {
  'zh-CN': ['原表行号', '姓名', '证书编号', '状态', '原因', '办理时间(北京时间)', '说明'],
  en: ['Row', 'Name', 'Certificate number', 'State', 'Reason', 'Done at (UTC+8)', 'Remark'],
} as const;
const CHANGED: Readonly<Record<Language, Readonly<Record<ChangeOperation, string>>>> = {
  'zh-CN': { revoke: '已撤销', 'void-session': '已撤销', suspend: '已暂停', reinstate: '已恢复' },
  en: { revoke: 'revoked', 'void-session': 'revoked', suspend: 'suspended', reinstate: 'reinstated' },
};
const CHANGE_WIDTHS = [10, 14, 26, 10, 16, 24, 60];
const CHINA_MS = 8 * 3_600_000;

/**
 * Writes what became of each row: row number, name, certificate number, state, remark, QR text; of changes to certificates reason and
 * time instead of the QR text. Streams: memory does not grow with the rows. Cells that could be taken for formulas are made harmless.
 */
export async function* writeResultSheet(
  rows: AsyncIterable<ResultRow> | Iterable<ResultRow>,
  { format, language }: SheetForm,
): AsyncGenerator<Uint8Array> {
  const source = (async function* () {
    yield* rows;
  })();
  const first = await source.next();
  const all = (async function* () {
    if (first.done === true) return;
    yield first.value;
    yield* source;
  })();
  const isChange = first.done !== true && first.value.change !== undefined;
  const remark = ({ problems = [] }: ResultRow): string =>
    problems.map((problem) => problemText(problem, language)).join(language === 'en' ? ' ' : '');
  const head = (row: ResultRow): string[] => [String(row.row), row.name ?? '', row.certificateNumber ?? ''];
  const lines = isChange
    ? linesOf(all, CHANGE_HEADERS[language], (row) => [...head(row), ...changeCells(row, language), remark(row)])
    : linesOf(all, HEADERS[language], (row) => [
        ...head(row),
        STATES[language][row.state],
        remark(row),
        row.qrText ?? '',
      ]);
  const name = language === 'en' ? 'Results' : '办理结果';
  yield* writeLines(lines, { format, name, widths: isChange ? CHANGE_WIDTHS : WIDTHS });
}

function changeCells({ state, change }: ResultRow, language: Language): string[] {
  const isDone = state === 'done' && change !== undefined;
  const given = change?.reason;
  const reason = language === 'en' || given === undefined ? given : wordFor(REASON_WORDS, given);
  return [
    isDone ? CHANGED[language][change.operation] : STATES[language][state],
    reason ?? '',
    isDone && change.at !== undefined ? chinaTime(change.at) : '',
  ];
}

function chinaTime(instant: string): string {
  return new Date(Date.parse(instant) + CHINA_MS).toISOString().slice(0, 19).replace('T', ' ');
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
