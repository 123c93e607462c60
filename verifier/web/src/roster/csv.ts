import { csvText } from '../../../../shared/sheet/csv-text.js';

/** Spreadsheets round longer numbers. */
const LONG_NUMBER = /^\d{12,}$/;

/** Writes a table as CSV for spreadsheets ({@link csvText}); a long number gets a tab after it, so that it stays text. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return csvText(rows.map((row) => row.map((text) => (LONG_NUMBER.test(text) ? `${text}\t` : text))));
}
