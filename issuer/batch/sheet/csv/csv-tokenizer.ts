/** A record of a CSV file and the line of the sheet it is. */
export interface CsvRecord {
  row: number;
  cells: string[];
}

/** Why a text is not CSV. */
export class CsvFormatError extends Error {
  /** @param row record in which it went wrong, from 1 */
  constructor(
    readonly code: 'QUOTE_NOT_CLOSED' | 'CELL_TOO_LONG' | 'TOO_MANY_COLUMNS',
    readonly row: number,
    readonly column: number,
  ) {
    super(code);
  }
}

/**
 * Cuts text into records as RFC 4180 says, in pieces as they come: quoted cells may hold delimiters and line ends, `""` is a quote;
 * line ends may be CR LF, LF or CR, also mixed. A quote inside an unquoted cell is an ordinary character; text after a
 * closing quote belongs to the cell. It remembers one record only.
 */
export class CsvTokenizer {
  private rest = '';
  /** How many records there were, with those somebody else has cut. */
  row = 0;

  constructor(
    private readonly delimiter: string,
    private readonly limits: { cellCharacters: number },
  ) {}

  /** Is there the beginning of a record whose end has not come? */
  get isWithin(): boolean {
    return this.rest !== '';
  }

  /**
   * Takes the next piece of text.
   * @returns the records that are complete now; a blank line is a record with one empty cell
   * @throws CsvFormatError
   */
  push(text: string): CsvRecord[] {
    return this.cut(this.rest + text, false);
  }

  /** Takes the end of the text. @returns the last record, if there is one. @throws CsvFormatError */
  end(): CsvRecord[] {
    return this.rest === '' ? [] : this.cut(this.rest, true);
  }

  private cut(text: string, last: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    let start = 0;
    for (;;) {
      const end = this.cutOne(text, start, last, records);
      if (end < 0) break;
      start = end;
    }
    this.rest = text.slice(start);
    if (this.rest.length > MOST_RECORD_CHARACTERS)
      throw new CsvFormatError(this.rest.includes('"') ? 'QUOTE_NOT_CLOSED' : 'CELL_TOO_LONG', this.row + 1, 0);
    return records;
  }

  /** @returns where the next record starts, or -1 when the text ends inside this one */
  private cutOne(text: string, start: number, last: boolean, records: CsvRecord[]): number {
    if (start >= text.length) return -1;
    const cells: string[] = [];
    let at = start;
    for (;;) {
      let cell: string;
      let end: number;
      if (text.charCodeAt(at) === QUOTE) {
        const closed = this.quoted(text, at, last, cells.length);
        if (closed === undefined) return -1;
        end = this.endOfCell(text, closed.end);
        cell = closed.cell + text.slice(closed.end, end);
      } else {
        end = this.endOfCell(text, at);
        cell = text.slice(at, end);
      }
      if (cell.length > this.limits.cellCharacters)
        throw new CsvFormatError('CELL_TOO_LONG', this.row + 1, cells.length);
      if (end >= text.length && !last) return -1;
      cells.push(cell);
      if (cells.length > MOST_COLUMNS) throw new CsvFormatError('TOO_MANY_COLUMNS', this.row + 1, cells.length);
      const mark = text.charCodeAt(end);
      if (mark === CR && end + 1 >= text.length && !last) return -1;
      at = end + 1;
      if (end < text.length && mark !== CR && mark !== LF) continue;
      records.push({ row: ++this.row, cells });
      return mark === CR && text.charCodeAt(at) === LF ? at + 1 : Math.min(at, text.length);
    }
  }

  private quoted(
    text: string,
    start: number,
    last: boolean,
    column: number,
  ): { cell: string; end: number } | undefined {
    let at = start + 1;
    for (;;) {
      const quote = text.indexOf('"', at);
      if (quote < 0) {
        if (last) throw new CsvFormatError('QUOTE_NOT_CLOSED', this.row + 1, column);
        return undefined;
      }
      if (quote + 1 >= text.length && !last) return undefined;
      if (text.charCodeAt(quote + 1) !== QUOTE)
        return { cell: text.slice(start + 1, quote).replaceAll('""', '"'), end: quote + 1 };
      at = quote + 2;
    }
  }

  private endOfCell(text: string, start: number): number {
    const delimiter = this.delimiter.charCodeAt(0);
    let at = start;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === delimiter || code === LF || code === CR) break;
    }
    return at;
  }
}

/** Longest record that is waited for; behind a quote that is never closed the whole file would be one. */
const MOST_RECORD_CHARACTERS = 2 * 1024 * 1024;
/** As many columns as spreadsheet programs have. */
const MOST_COLUMNS = 16_384;
const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
