import { STATUS_REASONS } from '../../change-status.js';
import type { CellProblem } from '../types.js';
import type { PlacedColumn } from './header.js';
import { listed } from './allowed.js';
import type { RawRow } from './raw-sheet.js';
import { cellProblem, readCells } from './read-cells.js';
import { STATUS_COLUMNS } from './status-columns.js';
import type { CheckedStatusRow, StatusSheetContext } from './types.js';

/** Checks one row of a sheet that revokes, suspends or reinstates; whether the certificate exists, the engine asks. */
export function checkStatusRow(
  columns: readonly PlacedColumn[],
  raw: RawRow,
  context: StatusSheetContext,
): CheckedStatusRow {
  const { row } = raw;
  const { values, problems } = readCells(columns, raw);
  const certificate = values.get('certificate');
  const wrong = new Set(problems.map(({ column }) => column));
  const all: CellProblem[] = [...problems];
  const place = (key: string): PlacedColumn | { column: string } =>
    columns.find(({ column }) => column === key) ?? { column: key };
  if (certificate === undefined && !wrong.has('certificate'))
    all.push(cellProblem(row, place('certificate'), undefined, 'CELL_MISSING'));
  const reason = STATUS_REASONS.find((known) => known === values.get('reason')) ?? context.reason;
  if (reason === undefined && !wrong.has('reason'))
    all.push(
      cellProblem(row, place('reason'), undefined, 'REASON_MISSING', {
        allowed: listed(STATUS_COLUMNS[context.operation].find(({ key }) => key === 'reason')?.list ?? []),
      }),
    );
  return all.length > 0 || certificate === undefined || reason === undefined
    ? { row, problems: all, ...(certificate === undefined ? {} : { certificate: String(certificate) }) }
    : { row, change: { certificate: String(certificate), reason } };
}
