import { columnLetter, type RawRow, type RawSheet } from '../raw-sheet.js';
import { refuseSheet, type SheetError } from '../sheet-error.js';
import type { SheetLimits } from '../types.js';
import { CsvRows } from './csv-rows.js';
import { CsvFormatError, CsvTokenizer, type CsvRecord } from './csv-tokenizer.js';
import { decodedText, detectEncoding, utf8Bytes } from './decode-text.js';

const DELIMITERS = [',', '\t', ';', '|', ','] as const;
/** Characters looked at to find the delimiter. */
const HEAD_CHARACTERS = 64 * 1024;
/** Rows of these that may hold the headers. */
const HEAD_ROWS = 10;
/** Characters of these cut up at once: of usual sheets the first hold as many rows. */
const HEAD_STEP = 4096;

/**
 * Reads a CSV file of any usual encoding and delimiter, in a stream.
 * @param recognised how many headers a row holds; the delimiter that gives the most is taken
 * @throws SheetError `SHEET_ENCODING_UNKNOWN`, `SHEET_FORMAT_UNKNOWN`; from `blocks()`: `CSV_QUOTE_NOT_CLOSED`, `CELL_TOO_LONG`,
 *   `SHEET_TOO_WIDE`
 */
export async function readCsv(
  path: string,
  limits: SheetLimits,
  recognised: (cells: readonly string[]) => number,
): Promise<RawSheet> {
  const encoding = await detectEncoding(path);
  const head = await firstText(decodedText(path, encoding));
  const [delimiter] = DELIMITERS.map((mark) => ({ mark, score: score(head, mark, limits, recognised) })).reduce(
    ([best], next) => [next.score > best.score ? next : best],
    [{ mark: ',', score: 0 }],
  );
  return {
    format: 'csv',
    encoding,
    blocks: () => blocks(utf8Bytes(path, encoding), new CsvRows(delimiter.mark, limits)),
    notices: () =>
      encoding === 'utf-8' ? [] : [{ code: 'CSV_ENCODING', parameters: { encoding: encoding.toUpperCase() } }],
    close: () => Promise.resolve(),
  };
}

async function* blocks(bytes: AsyncIterable<Uint8Array>, csv: CsvRows): AsyncGenerator<readonly RawRow[]> {
  try {
    for await (const piece of bytes) yield csv.push(piece);
    yield csv.end();
  } catch (error) {
    throw error instanceof CsvFormatError ? sheetError(error) : error;
  }
}

async function firstText(text: AsyncGenerator<string>): Promise<string> {
  let head = '';
  for await (const piece of text) {
    head += piece;
    if (head.length >= HEAD_CHARACTERS) break;
  }
  return head.slice(0, HEAD_CHARACTERS);
}

function score(
  head: string,
  delimiter: string,
  limits: SheetLimits,
  recognised: (cells: readonly string[]) => number,
): number {
  try {
    const rows = headRecords(`${head}\n`, new CsvTokenizer(delimiter, limits));
    return Math.max(0, ...rows.map(({ cells }) => recognised(cells)));
  } catch {
    return 0;
  }
}

function headRecords(text: string, tokenizer: CsvTokenizer): CsvRecord[] {
  const rows: CsvRecord[] = [];
  for (let at = 0; at < text.length && rows.length < HEAD_ROWS; at += HEAD_STEP)
    rows.push(...tokenizer.push(text.slice(at, at + HEAD_STEP)));
  return rows.slice(0, HEAD_ROWS);
}

function sheetError({ code, row, column, ...cause }: CsvFormatError): SheetError {
  const letter = columnLetter(column);
  if (code === 'QUOTE_NOT_CLOSED') return refuseSheet('CSV_QUOTE_NOT_CLOSED', {}, { row, cause });
  return code === 'CELL_TOO_LONG'
    ? refuseSheet('CELL_TOO_LONG', {}, { row, letter, cause })
    : refuseSheet('SHEET_TOO_WIDE', {}, { row, letter, cause });
}
