import { requireReasonFor } from '../../change-status.js';
import { stat } from 'node:fs/promises';
import type { Column } from './column.js';
import { columnsOf } from './columns.js';
import { readCsv } from './csv/read-csv.js';
import { detectFormat } from './detect-format.js';
import { HeaderReader, type Header, type PlacedColumn } from './header.js';
import { sheetLimits } from './limits.js';
import { columnLetter, textOf, type RawRow, type RawSheet } from './raw-sheet.js';
import { RowChecker } from './row-checker.js';
import { SeenPeople } from './seen-people.js';
import { refuseSheet } from './sheet-error.js';
import { checkStatusRow } from './status-row.js';
import { refuseSwappedColumns } from './swapped-columns.js';
import { EXPLANATION_SHEETS, isExample } from './template-marks.js';
import type {
  CheckedRow,
  CheckedStatusRow,
  IssueSheetContext,
  OpenSheet,
  SheetFile,
  SheetLimits,
  SheetNotice,
  StatusSheetContext,
} from './types.js';
import { tooLarge } from './xlsx/open-package.js';
import { readXlsx } from './xlsx/read-xlsx.js';

/** Rows among which the header is looked for. */
const HEAD_ROWS = 10;
/** Rows looked at to find exchanged columns. */
const SAMPLE_ROWS = 100;

/**
 * Opens a sheet of exam results: recognises format, encoding and header, and checks every row as it is read.
 *
 * ```ts
 * const sheet = await openIssueSheet({ path, name }, { operation: 'issue', institution, view, verificationMethod, now });
 * for await (const row of sheet.rows()) if ('exam' in row) store(row); else report(row.problems);
 * ```
 * @throws SheetError, with all that is wrong: `SHEET_*`, `CSV_*`, `HEADER_*`, `COLUMNS_SWAPPED`, `CELL_TOO_LONG`; also from `rows()`
 */
export async function openIssueSheet(file: SheetFile, context: IssueSheetContext): Promise<OpenSheet<CheckedRow>> {
  return openSheet(file, columnsOf(context.operation), context.limits, (columns) => {
    const checker = new RowChecker(columns, context);
    const people = new SeenPeople();
    return (raw) => {
      const checked = checker.check(raw);
      const notice = 'exam' in checked ? people.notice(checked.row, checked.exam) : undefined;
      return notice && 'exam' in checked ? { ...checked, notices: [notice] } : checked;
    };
  });
}

/**
 * Opens a sheet that names certificates to be revoked, suspended or reinstated.
 * @throws SheetError as {@link openIssueSheet}; YizhengError `STATUS_REASON_UNFIT` (422) for a reason that is no ground for it
 */
export async function openStatusSheet(
  file: SheetFile,
  context: StatusSheetContext,
): Promise<OpenSheet<CheckedStatusRow>> {
  if (context.reason !== undefined) requireReasonFor(context.operation, context.reason);
  return openSheet(
    file,
    columnsOf(context.operation),
    context.limits,
    (columns) => (raw) => checkStatusRow(columns, raw, context),
  );
}

/**
 * Opens a sheet of any columns: recognises format, encoding and header, and lets every row be checked as it is read.
 * @param columns all a sheet may have
 * @param changes limits that are not the usual ones
 * @param checkerOf makes what checks a row, given where its columns stand
 * @throws SheetError as {@link openIssueSheet}
 */
export async function openSheet<Row extends { row: number }>(
  file: SheetFile,
  columns: readonly Column[],
  changes: Partial<SheetLimits> | undefined,
  checkerOf: (columns: readonly PlacedColumn[]) => (raw: RawRow) => Row,
): Promise<OpenSheet<Row>> {
  const limits = sheetLimits(changes);
  const reader = new HeaderReader(columns);
  const sheet = await readSheet(file, limits, (cells) => reader.recognised(cells));
  const blocks = sheet.blocks()[Symbol.asyncIterator]();
  const close = async (): Promise<void> => {
    await blocks.return?.();
    await sheet.close();
  };
  try {
    const head = await firstRows(blocks, HEAD_ROWS + SAMPLE_ROWS);
    if (head.length === 0) throw refuseSheet('SHEET_EMPTY');
    const header = reader.read(head.slice(0, HEAD_ROWS));
    const first = head.filter(({ row }) => row > header.row);
    const keyColumn = header.columns.find(({ column }) => column === 'name' || column === 'certificate');
    refuseSwappedColumns(
      header.columns,
      first.filter((raw) => !isExample(raw, keyColumn)),
    );
    const examples: SheetNotice[] = [];
    const check = checkerOf(header.columns);
    return {
      format: sheet.format,
      ...(sheet.encoding !== undefined && { encoding: sheet.encoding }),
      headerRow: header.row,
      header: header.columns.map(({ column, letter, header: text }) => ({ column, letter, header: text })),
      rows: () => rows({ first, blocks, header, keyColumn, limits, close, examples }, check),
      notices: () => [...header.notices, ...sheet.notices(), ...examples],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function readSheet(
  { path }: SheetFile,
  limits: SheetLimits,
  recognised: (cells: readonly string[]) => number,
): Promise<RawSheet> {
  const { size } = await stat(path);
  if (size > limits.fileBytes) throw tooLarge('fileBytes', limits.fileBytes);
  return (await detectFormat(path)) === 'zip'
    ? readXlsx(path, limits, EXPLANATION_SHEETS)
    : readCsv(path, limits, recognised);
}

interface Reading {
  first: readonly RawRow[];
  blocks: AsyncIterator<readonly RawRow[]>;
  header: Header;
  keyColumn: PlacedColumn | undefined;
  limits: SheetLimits;
  close: () => Promise<void>;
  examples: SheetNotice[];
}

async function* rows<Row extends { row: number }>(reading: Reading, check: (raw: RawRow) => Row): AsyncGenerator<Row> {
  const { limits, header, keyColumn, examples } = reading;
  let count = 0;
  try {
    for await (const block of blocksOf(reading))
      for (const raw of block) {
        if (!holdsAnything(raw, header.columns, limits)) continue;
        if (isExample(raw, keyColumn)) {
          examples.push({ code: 'EXAMPLE_ROW_IGNORED', row: raw.row, parameters: {} });
          continue;
        }
        if (++count > limits.rows) throw tooLarge('rows', limits.rows, raw.row);
        yield check(raw);
      }
    if (count === 0) throw refuseSheet('SHEET_WITHOUT_ROWS', {}, { row: header.row });
  } finally {
    await reading.close();
  }
}

async function* blocksOf({ first, blocks }: Reading): AsyncGenerator<readonly RawRow[]> {
  yield first;
  for (let next = await blocks.next(); next.done !== true; next = await blocks.next()) yield next.value;
}

async function firstRows(blocks: AsyncIterator<readonly RawRow[]>, wanted: number): Promise<RawRow[]> {
  const found: RawRow[] = [];
  while (found.length < wanted) {
    const next = await blocks.next();
    if (next.done === true) break;
    for (const raw of next.value) found.push(raw);
  }
  return found;
}

/** Blanks alone are nothing; content beyond the widest column allowed is refused. */
function holdsAnything({ row, cells }: RawRow, columns: readonly PlacedColumn[], limits: SheetLimits): boolean {
  for (let index = limits.columns; index < cells.length; index++)
    if (textOf(cells[index]).trim() !== '')
      throw refuseSheet('SHEET_TOO_WIDE', {}, { row, letter: columnLetter(index) });
  return columns.some(({ index }) => {
    const cell = cells[index];
    return typeof cell === 'object' ? cell.type !== 'merged' || cell.text !== '' : (cell ?? '').trim() !== '';
  });
}
