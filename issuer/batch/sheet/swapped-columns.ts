import { tidyCode } from './cell-text.js';
import type { PlacedColumn } from './header.js';
import { textOf, type RawRow } from './raw-sheet.js';
import { readDate } from './read-date.js';
import { readLevelWord } from './read-level.js';
import { SheetError } from './sheet-error.js';

/** What the values of a column look like, where that tells it from the others. */
const LOOKS: Readonly<Record<string, (text: string) => boolean>> = {
  name: (text) => /^[\p{Script=Han}·]{2,20}$/u.test(text) && readLevelWord(text) === undefined,
  idNumber: (text) => /^(?:\d{15}|\d{17}[\dX])$/i.test(text),
  occupationCode: (text) => /^[1-8]-\d{2}-\d{2}-\d{2}$/.test(text),
  level: (text) => readLevelWord(text) !== undefined,
  assessmentDate: (text) => 'date' in readDate(text),
  issuedOn: (text) => 'date' in readDate(text),
  theoryScore: isScore,
  practicalScore: isScore,
  employerCode: (text) => /^9[0-9A-HJ-NPQRTUWXY]{17}$/i.test(text),
  certificate: (text) => /^[YS]\d{14}[\dT]\d{6}$/i.test(text),
  corrects: (text) => /^[YS]\d{14}[\dT]\d{6}$/i.test(text),
  reason: (text) => /^[\p{Script=Han}]{2,10}$/u.test(text),
};

/** How much of a column must look like the other one. */
const MOST = 0.9;

/**
 * Finds two columns whose contents were exchanged: nearly all values of each look like the other's and not like its own.
 * @param rows the first rows below the header
 * @throws SheetError `COLUMNS_SWAPPED` naming both
 */
export function refuseSwappedColumns(columns: readonly PlacedColumn[], rows: readonly RawRow[]): void {
  const known = columns.flatMap((column) => {
    const looks = LOOKS[column.column];
    if (!looks) return [];
    const values = rows.map(({ cells }) => tidyCode(textOf(cells[column.index]))).filter((value) => value !== '');
    return values.length > 0 ? [{ column, looks, values }] : [];
  });
  const share = (values: readonly string[], looks: (text: string) => boolean): number =>
    values.filter(looks).length / values.length;
  for (const [i, one] of known.entries())
    for (const other of known.slice(i + 1))
      if (
        share(one.values, other.looks) >= MOST &&
        share(other.values, one.looks) >= MOST &&
        share(one.values, one.looks) <= 1 - MOST &&
        share(other.values, other.looks) <= 1 - MOST
      )
        throw new SheetError({
          row: rows[0]?.row ?? 0,
          column: one.column.column,
          letter: one.column.letter,
          header: one.column.header,
          code: 'COLUMNS_SWAPPED',
          parameters: { other: other.column.header, otherLetter: other.column.letter },
        });
}

function isScore(text: string): boolean {
  return /^(?:100|\d{1,2}(?:\.\d+)?)$/.test(text) && Number(text) > 5;
}
