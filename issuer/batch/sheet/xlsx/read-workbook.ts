import { refuseSheet } from '../sheet-error.js';
import type { XlsxPackage } from './open-package.js';
import { readXml } from './xml-reader.js';

const MOST_PART_BYTES = 8 * 1024 * 1024;
const OFFICE_DOCUMENT = '/officeDocument';

/** What an XLSX's workbook says of itself (ECMA-376 §18.2). */
export interface Workbook {
  /** Part of the sheet that is read: the first visible one. */
  sheet: string;
  /** Names of the other visible worksheets; they are not read. */
  others: readonly string[];
  sharedStrings?: string;
  styles?: string;
  /** True when day 0 is 1904-01-01 instead of 1899-12-31. */
  date1904: boolean;
}

interface Relationship {
  id: string;
  /** Last step of the type's address, e.g. `/worksheet`; the same in both editions of the standard. */
  type: string;
  target: string;
}

/**
 * Finds the parts of a workbook.
 * @throws SheetError `SHEET_IS_ODS`, `SHEET_IS_XLSB`, `SHEET_HAS_MACROS`, `SHEET_FORMAT_UNKNOWN`, `SHEET_DAMAGED`, `SHEET_XML_FORBIDDEN`
 */
export async function readWorkbook(zip: XlsxPackage): Promise<Workbook> {
  if (!zip.has('[Content_Types].xml') || !zip.has('_rels/.rels')) throw refuseSheet(await otherFormat(zip));
  const main = (await relationships(zip, '')).find(({ type }) => type === OFFICE_DOCUMENT)?.target;
  if (main?.endsWith('.bin') === true) throw refuseSheet('SHEET_IS_XLSB');
  if (main === undefined || !zip.has(main)) throw refuseSheet('SHEET_FORMAT_UNKNOWN');
  if (zip.parts().some((part) => part.endsWith('vbaproject.bin'))) throw refuseSheet('SHEET_HAS_MACROS');
  const links = await relationships(zip, main);
  const sheets: { name: string; id: string; isVisible: boolean }[] = [];
  const found = { date1904: false, workbooks: 0 };
  readXml(await zip.text(main, MOST_PART_BYTES), {
    open(name, attributes) {
      if (name === 'workbook') found.workbooks++;
      if (name === 'workbookPr') found.date1904 = /^(?:1|true)$/.test(attributes['date1904'] ?? '');
      if (name !== 'sheet') return;
      const id = Object.entries(attributes).find(([key]) => /(?:^|:)id$/.test(key))?.[1] ?? '';
      sheets.push({ name: attributes['name'] ?? '', id, isVisible: (attributes['state'] ?? 'visible') === 'visible' });
    },
  });
  if (found.workbooks === 0) throw refuseSheet('SHEET_FORMAT_UNKNOWN');
  const part = (id: string): string | undefined =>
    links.find((link) => link.id === id && link.type === '/worksheet')?.target;
  const visible = sheets.filter(({ id, isVisible }) => isVisible && part(id) !== undefined);
  const sheet = part(visible[0]?.id ?? '');
  if (sheet === undefined || !zip.has(sheet)) throw refuseSheet('SHEET_DAMAGED');
  const linked = (type: string): string | undefined => links.find((link) => link.type === type)?.target;
  const [sharedStrings, styles] = [linked('/sharedStrings'), linked('/styles')];
  return {
    sheet,
    others: visible.slice(1).map(({ name }) => name),
    date1904: found.date1904,
    ...(sharedStrings !== undefined && zip.has(sharedStrings) && { sharedStrings }),
    ...(styles !== undefined && zip.has(styles) && { styles }),
  };
}

async function otherFormat(zip: XlsxPackage): Promise<string> {
  if (!zip.has('mimetype')) return 'SHEET_FORMAT_UNKNOWN';
  const type = await zip.text('mimetype', 1024);
  return type.startsWith('application/vnd.oasis.opendocument.spreadsheet') ? 'SHEET_IS_ODS' : 'SHEET_FORMAT_UNKNOWN';
}

async function relationships(zip: XlsxPackage, of: string): Promise<Relationship[]> {
  const slash = of.lastIndexOf('/') + 1;
  const part = `${of.slice(0, slash)}_rels/${of.slice(slash)}.rels`;
  const found: Relationship[] = [];
  if (!zip.has(part)) return found;
  readXml(await zip.text(part, MOST_PART_BYTES), {
    open(name, { Id = '', Type = '', Target = '', TargetMode = 'Internal' }) {
      if (name === 'Relationship' && TargetMode === 'Internal')
        found.push({ id: Id, type: Type.slice(Type.lastIndexOf('/')), target: resolved(of.slice(0, slash), Target) });
    },
  });
  return found;
}

function resolved(folder: string, target: string): string {
  const steps = (target.startsWith('/') ? target.slice(1) : folder + target).split('/');
  const path: string[] = [];
  for (const step of steps)
    if (step === '..') path.pop();
    else if (step !== '.' && step !== '') path.push(step);
  return path.join('/');
}
