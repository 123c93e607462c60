import type { RawRow, RawSheet } from '../raw-sheet.js';
import type { SheetLimits, SheetNotice } from '../types.js';
import { readDateStyles } from './date-styles.js';
import { readMergedAreas } from './merged-areas.js';
import { openPackage, type XlsxPackage } from './open-package.js';
import { readWorkbook, type Workbook } from './read-workbook.js';
import { readSharedStrings, SharedStrings } from './shared-strings.js';
import { WorksheetRows } from './worksheet-rows.js';

/**
 * Reads the first visible worksheet of an XLSX in a stream: memory holds the shared strings and one piece of the sheet, whatever
 * its length.
 * @param ownSheets names of sheets that are known to hold no rows, e.g. the explanations in our template
 * @throws SheetError `SHEET_DAMAGED`, `SHEET_ENCRYPTED`, `SHEET_TOO_LARGE`, `SHEET_IS_ODS`, `SHEET_IS_XLSB`, `SHEET_HAS_MACROS`,
 *   `SHEET_FORMAT_UNKNOWN`, `SHEET_XML_FORBIDDEN`, `SHEET_TOO_MANY_MERGED`; from `blocks()` also `SHEET_TOO_WIDE`, `CELL_TOO_LONG`
 */
export async function readXlsx(path: string, limits: SheetLimits, ownSheets: ReadonlySet<string>): Promise<RawSheet> {
  const zip = await openPackage(path, limits);
  try {
    const workbook = await readWorkbook(zip);
    const rows = new WorksheetRows({
      merged: await readMergedAreas(zip, workbook.sheet),
      strings:
        workbook.sharedStrings === undefined
          ? new SharedStrings(limits)
          : await readSharedStrings(zip, workbook.sharedStrings, limits),
      dateStyles: workbook.styles === undefined ? new Set() : await readDateStyles(zip, workbook.styles),
      date1904: workbook.date1904,
      limits,
    });
    return {
      format: 'xlsx',
      blocks: () => blocks(zip, workbook, rows),
      notices: () => notices(workbook, rows, ownSheets),
      close: () => {
        zip.close();
        return Promise.resolve();
      },
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function* blocks(zip: XlsxPackage, workbook: Workbook, rows: WorksheetRows): AsyncGenerator<readonly RawRow[]> {
  for await (const bytes of zip.read(workbook.sheet)) yield rows.push(bytes);
  rows.end();
}

function notices(workbook: Workbook, { hidden }: WorksheetRows, ownSheets: ReadonlySet<string>): SheetNotice[] {
  const others = workbook.others.filter((name) => !ownSheets.has(name));
  return [
    ...(others.length > 0
      ? [{ code: 'OTHER_SHEETS_NOT_READ', parameters: { names: others.join('、').slice(0, 200) } }]
      : []),
    ...(hidden.count > 0
      ? [{ code: 'HIDDEN_ROWS', row: hidden.first, parameters: { rows: String(hidden.count) } }]
      : []),
  ];
}
