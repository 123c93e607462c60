import { YizhengError } from '../../../../shared/errors.js';
import { readDelimited } from '../../../../shared/sheet/read-delimited.js';
import { decodeText } from './decode-text.js';

/** Most rows of one spreadsheet. */
export const MAX_SHEET_ROWS = 5_000;
/** Largest spreadsheet file, in bytes. */
export const MAX_SHEET_BYTES = 32 * 1024 * 1024;

/** True for the name of a file that is a table, not a certificate. */
export function isSheetName(name: string): boolean {
  return /\.(?:csv|tsv|xlsx|xlsm|xls)$/i.test(name);
}

/**
 * Rows of a CSV file or of the first sheet of an XLSX file, as texts.
 * @throws YizhengError `SHEET_TOO_LARGE`, `SHEET_TOO_MANY_ROWS`, `SHEET_UNREADABLE`, `SHEET_ENCODING`
 */
export async function readSheet(bytes: Uint8Array): Promise<string[][]> {
  if (bytes.length > MAX_SHEET_BYTES)
    throw new YizhengError('SHEET_TOO_LARGE', 'The spreadsheet is too large.', { status: 413 });
  const rows = isZip(bytes)
    ? (await import('./read-xlsx.js')).readXlsx(bytes, MAX_SHEET_ROWS + 2)
    : isOldWorkbook(bytes)
      ? refuseOld()
      : readDelimited(decodeText(bytes), MAX_SHEET_ROWS + 2);
  if (rows.length > MAX_SHEET_ROWS + 1)
    throw new YizhengError('SHEET_TOO_MANY_ROWS', `A spreadsheet may hold ${MAX_SHEET_ROWS} rows; cut it in parts.`, {
      status: 413,
    });
  return rows.filter((row) => row.some((cell) => cell.trim() !== ''));
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

/** The binary format of Excel before 2007, and of workbooks with a password. */
function isOldWorkbook(bytes: Uint8Array): boolean {
  return bytes[0] === 0xd0 && bytes[1] === 0xcf;
}

function refuseOld(): never {
  throw new YizhengError('SHEET_UNREADABLE', 'The spreadsheet is of an old kind or has a password; save it as .xlsx.', {
    status: 422,
  });
}
