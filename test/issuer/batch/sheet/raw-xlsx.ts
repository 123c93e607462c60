import { zipSync, strToU8, type Zippable } from 'fflate';

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const RELATIONSHIPS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"';

/** Parts of an XLSX as a hostile or careless program may write them. */
export interface RawParts {
  /** What stands inside `<sheetData>`. */
  rows: string;
  /** Behind the rows, e.g. merged cells. */
  behind?: string;
  /** In front of the rows. */
  before?: string;
  sharedStrings?: readonly string[];
  /** Number format of cell style 1, as code. */
  format?: string;
  date1904?: boolean;
  sheets?: string;
  more?: Zippable;
  doctype?: string;
}

/** Builds an XLSX from raw parts. Style 1 has the format given, style 2 format 14 (a date). */
export function rawXlsx(parts: RawParts): Uint8Array {
  const { rows, behind = '', before = '', sharedStrings, format = 'General', doctype = '' } = parts;
  const files: Zippable = {
    '[Content_Types].xml': strToU8('<Types/>'),
    '_rels/.rels': strToU8(
      `<Relationships ${RELATIONSHIPS}><Relationship Id="r1" Type="${OFFICE}/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
    ),
    'xl/workbook.xml': strToU8(
      `<workbook ${MAIN} xmlns:r="${OFFICE}"><workbookPr${parts.date1904 === true ? ' date1904="1"' : ''}/><sheets>${
        parts.sheets ?? '<sheet name="Sheet1" sheetId="1" r:id="r1"/>'
      }</sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      `<Relationships ${RELATIONSHIPS}><Relationship Id="r1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>` +
        `<Relationship Id="r2" Type="${OFFICE}/worksheet" Target="worksheets/sheet2.xml"/>` +
        `<Relationship Id="r3" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/>` +
        `<Relationship Id="r4" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    ),
    'xl/styles.xml': strToU8(
      `<styleSheet ${MAIN}><numFmts><numFmt numFmtId="164" formatCode="${format}"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>` +
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    ),
    'xl/worksheets/sheet1.xml': strToU8(
      `<?xml version="1.0" encoding="UTF-8"?>${doctype}<worksheet ${MAIN}>${before}<sheetData>${rows}</sheetData>${behind}</worksheet>`,
    ),
    ...(sharedStrings && {
      'xl/sharedStrings.xml': strToU8(`<sst ${MAIN}>${sharedStrings.map((text) => `<si>${text}</si>`).join('')}</sst>`),
    }),
    ...parts.more,
  };
  return zipSync(files);
}

/** A cell of text. */
export function inline(place: string, text: string): string {
  return `<c r="${place}" t="inlineStr"><is><t>${text}</t></is></c>`;
}

/** A row of texts; raw cells (`<c …>`) are taken as they are. */
export function row(n: number, cells: readonly string[], attributes = ''): string {
  const xml = cells.map((cell, i) =>
    cell.startsWith('<c ')
      ? cell.replaceAll('$', `${String.fromCharCode(65 + i)}${n}`)
      : inline(`${String.fromCharCode(65 + i)}${n}`, cell),
  );
  return `<row r="${n}"${attributes}>${xml.join('')}</row>`;
}
