import { unzipSync } from 'fflate';
import { SaxesParser } from 'saxes';
import { YizhengError } from '../../../../shared/errors.js';

/** Most an unpacked part of a workbook may hold, in bytes. */
const MAX_PART_BYTES = 64 * 1024 * 1024;
const MAX_COLUMNS = 64;

/**
 * Texts of the first sheet of an XLSX workbook (ECMA-376 part 1 §18). Numbers and dates come as the file holds them, formulas as their
 * last value; nothing is computed.
 * @param maxRows rows beyond are not read
 * @throws YizhengError `SHEET_UNREADABLE` for what is no workbook or damaged, `SHEET_TOO_LARGE`
 */
export function readXlsx(bytes: Uint8Array, maxRows: number): string[][] {
  const parts = unpack(bytes);
  const text = (name: string): string => {
    const part = parts[name];
    return part ? new TextDecoder().decode(part) : '';
  };
  const sheet = text(firstSheet(text('xl/workbook.xml'), text('xl/_rels/workbook.xml.rels')));
  if (sheet === '') throw unreadable();
  return sheetRows(sheet, sharedStrings(text('xl/sharedStrings.xml')), maxRows);
}

function unpack(bytes: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        const wanted = /^xl\/(?:workbook\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|worksheets\/[^/]+\.xml)$/;
        if (!wanted.test(name)) return false;
        if (originalSize > MAX_PART_BYTES)
          throw new YizhengError('SHEET_TOO_LARGE', 'The spreadsheet is too large.', { status: 413 });
        return true;
      },
    });
  } catch (cause) {
    if (cause instanceof YizhengError) throw cause;
    throw unreadable(cause);
  }
}

function firstSheet(workbook: string, relations: string): string {
  let id: string | undefined;
  let target: string | undefined;
  walk(workbook, (name, attributes) => {
    if (name === 'sheet') id ??= attributes['r:id'];
  });
  walk(relations, (name, attributes) => {
    if (name === 'Relationship' && attributes['Id'] === id) target ??= attributes['Target'];
  });
  return target === undefined ? 'xl/worksheets/sheet1.xml' : target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

function sharedStrings(xml: string): string[] {
  const strings: string[] = [];
  let phonetic = false;
  let current = '';
  walk(
    xml,
    (name) => {
      if (name === 'si') current = '';
      if (name === 'rPh') phonetic = true;
    },
    (name, text) => {
      if (name === 't' && !phonetic) current += text;
      if (name === 'rPh') phonetic = false;
      if (name === 'si') strings.push(current);
    },
  );
  return strings;
}

function sheetRows(xml: string, strings: readonly string[], maxRows: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let column = 0;
  let type = '';
  let value = '';
  walk(
    xml,
    (name, attributes) => {
      if (name === 'row') row = [];
      if (name !== 'c') return;
      column = columnOf(attributes['r']) ?? row.length;
      type = attributes['t'] ?? 'n';
      value = '';
    },
    (name, text) => {
      if (name === 'v' || name === 't') value += text;
      if (name === 'c' && column < MAX_COLUMNS) {
        while (row.length < column) row.push('');
        row[column] = type === 's' ? (strings[Number(value)] ?? '') : value;
      }
      if (name === 'row' && rows.length < maxRows) rows.push(row);
    },
  );
  return rows;
}

/** `C7` → 2. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  return letters === undefined
    ? undefined
    : [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function walk(
  xml: string,
  open: (name: string, attributes: Partial<Record<string, string>>) => void,
  close?: (name: string, text: string) => void,
): void {
  if (xml === '') return;
  const parser = new SaxesParser();
  let text = '';
  parser.on('opentag', ({ name, attributes }) => {
    text = '';
    open(local(name), attributes);
  });
  parser.on('text', (piece) => void (text += piece));
  parser.on('cdata', (piece) => void (text += piece));
  parser.on('closetag', ({ name }) => {
    close?.(local(name), text);
    text = '';
  });
  parser.on('error', (cause) => {
    throw unreadable(cause);
  });
  parser.write(xml).close();
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function unreadable(cause?: unknown): YizhengError {
  return new YizhengError('SHEET_UNREADABLE', 'The spreadsheet cannot be read: damaged, locked with a password, or of another kind; save it as .xlsx or .csv.', { status: 422, cause }); // prettier-ignore
}
