import { stat } from 'node:fs/promises';
import { requireReasonFor } from '../../change-status.js';
import { PersonBytes } from '../person-bytes.js';
import type { PlainBlocks } from '../plain-blocks.js';
import type { RowTemplate } from '../row-template.js';
import { ByteRow } from './byte-row.js';
import type { Column } from './column.js';
import { columnsOf } from './columns.js';
import { readCsv } from './csv/read-csv.js';
import { detectFormat } from './detect-format.js';
import { HeaderReader, type Header, type PlacedColumn } from './header.js';
import { sheetLimits } from './limits.js';
import { columnLetter, textOf, type RawRow, type RawSheet } from './raw-sheet.js';
import { RowChecker } from './row-checker.js';
import { SeenPeople } from './seen-people.js';
import { refuseSheet, tooLarge } from './sheet-error.js';
import { checkStatusRow } from './status-row.js';
import { refuseSwappedColumns } from './swapped-columns.js';
import { EXPLANATION_SHEETS, isExample } from './template-marks.js';
import type {
  CheckedRow,
  CheckedStatusRow,
  IssueSheet,
  IssueSheetContext,
  OpenSheet,
  SheetFile,
  SheetLimits,
  SheetNotice,
  SheetPiece,
  StatusSheetContext,
} from './types.js';

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
export async function openIssueSheet(file: SheetFile, context: IssueSheetContext): Promise<IssueSheet> {
  const opened = await open(file, columnsOf(context.operation), context.limits);
  const checker = new RowChecker(opened.columns, context);
  const people = new SeenPeople();
  const check = (raw: RawRow): CheckedRow => {
    const checked = checker.check(raw);
    const notice = 'exam' in checked ? people.notice(checked.row, checked.exam) : undefined;
    return notice && 'exam' in checked ? { ...checked, notices: [notice] } : checked;
  };
  const person = new PersonBytes();
  const add = (row: number, template: RowTemplate, { current: plain }: PlainBlocks): void => {
    plain.add(row, template, person);
    const notice = template.shared && people.noticeOf(row, template.shared, person);
    if (notice) plain.notices.push(notice);
  };
  const take = (raw: RawRow, plain: PlainBlocks): CheckedRow | undefined => {
    const found = checker.plainRow(raw);
    if (!found) return check(raw);
    person.take(found.person);
    add(raw.row, found.template, plain);
    return undefined;
  };
  const takeBytes = (raw: RawRow, plain: PlainBlocks): boolean => {
    const template = raw instanceof ByteRow ? checker.plainOf(raw, person) : undefined;
    if (template) add(raw.row, template, plain);
    return template !== undefined;
  };
  return {
    ...opened.sheet,
    rows: () => singly(opened.pieces(check, () => 1)),
    pieces: (most, plain) =>
      opened.pieces(
        (raw) => take(raw, plain),
        most,
        (raw) => takeBytes(raw, plain),
      ),
  };
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
  const opened = await open(file, columns, changes);
  const check = checkerOf(opened.columns);
  return { ...opened.sheet, rows: () => singly(opened.pieces(check, () => 1)) };
}

async function* singly<Row>(pieces: AsyncIterable<SheetPiece<Row>>): AsyncGenerator<Row> {
  for await (const { rows } of pieces) yield* rows;
}

interface Opened {
  sheet: Omit<OpenSheet<never>, 'rows'>;
  columns: readonly PlacedColumn[];
  /**
   * The rows as far as `check` makes something of them, `most()` rows at once.
   * @param take is asked first: what it takes, the name of a person in it, is neither blank nor an example
   */
  pieces<Row>(
    check: (raw: RawRow) => Row | undefined,
    most: () => number,
    take?: (raw: RawRow) => boolean,
  ): AsyncGenerator<SheetPiece<Row>>;
}

async function open(
  file: SheetFile,
  columns: readonly Column[],
  changes: Partial<SheetLimits> | undefined,
): Promise<Opened> {
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
    return {
      sheet: {
        format: sheet.format,
        ...(sheet.encoding !== undefined && { encoding: sheet.encoding }),
        headerRow: header.row,
        header: header.columns.map(({ column, letter, header: text }) => ({ column, letter, header: text })),
        notices: () => [...header.notices, ...sheet.notices(), ...examples],
        close,
      },
      columns: header.columns,
      pieces: (...how) => pieces({ first, blocks, header, keyColumn, limits, close, examples }, ...how),
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
  if ((await detectFormat(path)) === 'text') return readCsv(path, limits, recognised);
  const { readXlsx } = await import('./xlsx/read-xlsx.js');
  return readXlsx(path, limits, EXPLANATION_SHEETS);
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

async function* pieces<Row>(
  reading: Reading,
  check: (raw: RawRow) => Row | undefined,
  most: () => number,
  take?: (raw: RawRow) => boolean,
): AsyncGenerator<SheetPiece<Row>> {
  const { limits, header, keyColumn, examples } = reading;
  let count = 0;
  let piece: SheetPiece<Row> = { rows: [], count: 0 };
  let room = most();
  try {
    for await (const block of blocksOf(reading))
      for (const raw of block) {
        const isTaken = take?.(raw) === true;
        if (!isTaken && !holdsAnything(raw, header.columns, limits)) continue;
        if (!isTaken && isExample(raw, keyColumn)) {
          examples.push({ code: 'EXAMPLE_ROW_IGNORED', row: raw.row, parameters: {} });
          continue;
        }
        if (++count > limits.rows) throw tooLarge('rows', limits.rows, raw.row);
        const checked = isTaken ? undefined : check(raw);
        if (checked !== undefined) piece.rows.push(checked);
        if (++piece.count < room) continue;
        yield piece;
        piece = { rows: [], count: 0 };
        room = most();
      }
    if (count === 0) throw refuseSheet('SHEET_WITHOUT_ROWS', {}, { row: header.row });
    if (piece.count > 0) yield piece;
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
    for (const { row, cells } of next.value) found.push({ row, cells });
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
