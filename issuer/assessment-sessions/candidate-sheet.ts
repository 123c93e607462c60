import { lastFourOf } from '../../shared/certificate/identity-document.js';
import { errorCode } from '../../shared/errors.js';
import type { Column } from '../batch/sheet/column.js';
import { id, words } from '../batch/sheet/column-parts.js';
import { findColumn } from '../batch/sheet/columns.js';
import type { PlacedColumn } from '../batch/sheet/header.js';
import { openSheet } from '../batch/sheet/open-sheet.js';
import type { RawRow } from '../batch/sheet/raw-sheet.js';
import { cellProblem, readCells } from '../batch/sheet/read-cells.js';
import type { HeaderColumn } from '../batch/sheet/types.js';
import type { CellProblem } from '../batch/types.js';
import { candidateSchema, type CandidateInput } from './candidate-input.js';
import { MOST_SEATS } from './plan-schema.js';

const TICKET: Column = {
  key: 'ticket',
  zh: '准考证号',
  en: 'Ticket',
  aliases: ['准考证号码', '考号'],
  need: 'optional',
  ...id(),
  example: 'ZK-001',
};
const SEAT: Column = {
  key: 'seat',
  zh: '座位号',
  en: 'Seat',
  aliases: ['座位', '工位号'],
  need: 'optional',
  ...id(),
  example: '',
};
const SHARES: Column = {
  key: 'shares',
  zh: '同意共享成绩',
  en: 'Agrees to share',
  aliases: ['是否同意共享', '同意共享'],
  need: 'optional',
  ...words({ 是: 'yes', 否: 'no', YES: 'yes', NO: 'no' }),
  example: '是',
};

/** Columns of a list of candidates, in the order of its template. */
export const CANDIDATE_COLUMNS: readonly Column[] = [
  ...known('name', 'idType', 'idNumber'),
  TICKET,
  SEAT,
  ...known('employerCode', 'employerName', 'supplyChainAgreement'),
  SHARES,
];

/** Bounds of the lists of one session. */
export const SESSION_SHEET_LIMITS = { fileBytes: 8 * 1024 * 1024, rows: MOST_SEATS, columns: 40 } as const;

/** What stands in a list of candidates. */
export interface CandidateSheet {
  candidates: { row: number; input: CandidateInput }[];
  problems: CellProblem[];
  header: readonly HeaderColumn[];
}

/**
 * Reads a list of candidates (XLSX or CSV).
 * @param file on a private disk
 * @throws SheetError as `openIssueSheet`
 */
export async function readCandidateSheet(file: { path: string; name: string }): Promise<CandidateSheet> {
  const sheet = await openSheet(
    file,
    CANDIDATE_COLUMNS,
    SESSION_SHEET_LIMITS,
    (columns) => (raw) => checkRow(columns, raw),
  );
  const found: CandidateSheet = { candidates: [], problems: [], header: sheet.header };
  for await (const { row, input, problems } of sheet.rows()) {
    found.problems.push(...problems);
    if (input) found.candidates.push({ row, input });
  }
  return found;
}

function checkRow(
  columns: readonly PlacedColumn[],
  raw: RawRow,
): { row: number; input?: CandidateInput; problems: CellProblem[] } {
  const { row, values, problems } = readCells(columns, raw);
  const add = (column: string, code: string): void => {
    if (problems.some((problem) => problem.column === column)) return;
    const placed = columns.find((one) => one.column === column);
    problems.push(cellProblem(row, placed ?? { column }, placed && raw.cells[placed.index], code));
  };
  const text = (column: string): string | undefined => values.get(column)?.toString();
  for (const { column, definition } of columns)
    if (definition.need === 'always' && !values.has(column)) add(column, 'CELL_MISSING');
  const [uscc, employerName] = [text('employerCode'), text('employerName')];
  if (uscc !== undefined && employerName === undefined) add('employerName', 'CELL_MISSING');
  if (uscc === undefined && employerName !== undefined) add('employerCode', 'CELL_MISSING');
  if (problems.length > 0) return { row, problems };
  const parsed = candidateSchema.safeParse({
    name: text('name'),
    idType: text('idType') ?? 'resident-identity-card',
    idNumber: text('idNumber'),
    ticket: text('ticket'),
    seat: text('seat'),
    ...(uscc !== undefined && {
      employer: { uscc, name: employerName, supplyChainAgreement: text('supplyChainAgreement') },
    }),
    shares: text('shares') === 'yes',
  });
  if (!parsed.success) {
    const [member, inner] = parsed.error.issues[0]?.path ?? [];
    add(member === 'employer' ? (inner === 'name' ? 'employerName' : 'employerCode') : String(member), 'CELL_INVALID');
    return { row, problems };
  }
  try {
    lastFourOf(parsed.data.idType, parsed.data.idNumber);
  } catch (error) {
    add('idNumber', errorCode(error));
    return { row, problems };
  }
  return { row, input: parsed.data, problems };
}

function known(...keys: readonly string[]): Column[] {
  return keys.map((key) => {
    const column = findColumn(key);
    if (!column) throw new TypeError(`no column ${key}`);
    return column.key === 'employerCode' || column.key === 'employerName' ? { ...column, need: 'optional' } : column;
  });
}
