import { Zip, ZipDeflate } from 'fflate';
import { columnLetter } from '../raw-sheet.js';
import { neutralised } from '../../../../shared/sheet/neutralise.js';
import {
  contentTypes,
  PACKAGE_RELATIONSHIPS,
  STYLES,
  workbook,
  workbookRelationships,
  xmlText,
} from './fixed-parts.js';

/** How a cell looks; `text` keeps digits as they are typed. */
export type CellStyle = 'plain' | 'header' | 'text' | 'example' | 'wrapped';

/** A cell to be written. */
export type WrittenCell = string | { text: string; style: CellStyle };

/** One worksheet to be written. */
export interface WrittenSheet {
  name: string;
  /** Width in characters and look of cells nobody has filled yet. */
  columns: readonly { width: number; style?: CellStyle }[];
  rows: AsyncIterable<readonly WrittenCell[]> | Iterable<readonly WrittenCell[]>;
  /** Keeps the first row in sight. */
  hasHeader?: boolean;
  /** Cells of a column (from 0, below the header) that offer a list: a range like `'可选值'!$A$2:$A$9`. */
  lists?: readonly { column: number; range: string }[];
}

/** The styles in the order of `STYLES`. */
const STYLE_INDEX: Readonly<Record<CellStyle, number>> = { plain: 0, header: 1, text: 2, example: 3, wrapped: 4 };
const PIECE_CHARACTERS = 64 * 1024;
/** Fast; such XML shrinks to a tenth all the same. */
const LEVEL = 2;
const LAST_ROW = 1_048_576;

/**
 * Writes an XLSX (ECMA-376) in a stream: memory holds some 64 KiB, however many rows there are. All cells are texts, each
 * {@link neutralised}; the file is the same whenever it is written.
 */
export async function* writeXlsx(sheets: readonly WrittenSheet[]): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    ready.push(bytes);
  });
  const encoder = new TextEncoder();
  const part = (name: string): ZipDeflate => {
    const entry = new ZipDeflate(name, { level: LEVEL });
    entry.mtime = '2000-01-01T00:00:00';
    zip.add(entry);
    return entry;
  };
  const names = sheets.map(({ name }) => name);
  for (const [name, xml] of [
    ['[Content_Types].xml', contentTypes(sheets.length)],
    ['_rels/.rels', PACKAGE_RELATIONSHIPS],
    ['xl/workbook.xml', workbook(names)],
    ['xl/_rels/workbook.xml.rels', workbookRelationships(sheets.length)],
    ['xl/styles.xml', STYLES],
  ] as const)
    part(name).push(encoder.encode(xml), true);
  for (const [i, sheet] of sheets.entries()) {
    const entry = part(`xl/worksheets/sheet${i + 1}.xml`);
    for await (const xml of worksheet(sheet)) {
      entry.push(encoder.encode(xml));
      yield* ready.splice(0);
    }
    entry.push(new Uint8Array(0), true);
  }
  zip.end();
  yield* ready;
}

async function* worksheet({ columns, rows, hasHeader = false, lists = [] }: WrittenSheet): AsyncGenerator<string> {
  const cols = columns.map(
    ({ width, style = 'plain' }, i) =>
      `<col min="${i + 1}" max="${i + 1}" width="${width}" style="${STYLE_INDEX[style]}" customWidth="1"/>`,
  );
  let xml =
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
    (hasHeader
      ? '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
      : '') +
    `<cols>${cols.join('')}</cols><sheetData>`;
  let row = 0;
  for await (const cells of rows) {
    row++;
    xml += `<row r="${row}">${cells.map((cell, i) => cellXml(cell, `${columnLetter(i)}${row}`)).join('')}</row>`;
    if (xml.length < PIECE_CHARACTERS) continue;
    yield xml;
    xml = '';
  }
  const validations = lists.map(
    ({ column, range }) =>
      `<dataValidation type="list" allowBlank="1" showErrorMessage="0" sqref="${columnLetter(column)}2:${columnLetter(column)}${LAST_ROW}">` +
      `<formula1>${xmlText(range)}</formula1></dataValidation>`,
  );
  yield `${xml}</sheetData>${
    validations.length > 0
      ? `<dataValidations count="${validations.length}">${validations.join('')}</dataValidations>`
      : ''
  }</worksheet>`;
}

function cellXml(cell: WrittenCell, place: string): string {
  const { text, style } = typeof cell === 'string' ? { text: cell, style: 'plain' as const } : cell;
  const look = style === 'plain' ? '' : ` s="${STYLE_INDEX[style]}"`;
  return text === ''
    ? `<c r="${place}"${look}/>`
    : `<c r="${place}"${look} t="inlineStr"><is><t xml:space="preserve">${xmlText(neutralised(text))}</t></is></c>`;
}
