import { neutralised } from './neutralise.js';

/** Without it Excel on a Chinese Windows reads the file as GBK. */
export const BYTE_ORDER_MARK = '\ufeff';

/** A line of CSV (RFC 4180) with its end; every cell is {@link neutralised}. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

/** A whole table as CSV for spreadsheet programs: the mark of UTF-8, then a {@link csvLine} for each row. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return BYTE_ORDER_MARK + rows.map(csvLine).join('');
}

function quoted(cell: string): string {
  const text = neutralised(cell);
  return /^[^\s",;|']+$/u.test(text) || text === '' ? text : `"${text.replaceAll('"', '""')}"`;
}
