import { columnIndex, columnLetter, type Cell, type RawRow, type SpecialCell } from '../raw-sheet.js';
import { refuseSheet } from '../sheet-error.js';
import type { SheetLimits } from '../types.js';
import type { MergedArea } from './merged-areas.js';
import { dateOfSerial } from './serial-date.js';
import { unescaped, type SharedStrings } from './shared-strings.js';
import { XmlReader } from './xml-reader.js';

/** As many rows as a spreadsheet program has. */
const MOST_ROWS = 1_048_576;

/** What the rows of a worksheet need to be read. */
export interface WorksheetParts {
  strings: SharedStrings;
  dateStyles: ReadonlySet<number>;
  date1904: boolean;
  merged: readonly MergedArea[];
  limits: SheetLimits;
}

/**
 * Turns the XML of a worksheet (ECMA-376 §18.3) into rows as its pieces come. Remembers one row, the shared strings and the
 * merged areas.
 */
export class WorksheetRows {
  /** Rows the sheet hides, whether by hand or by a filter: first of them and how many. */
  readonly hidden = { first: 0, count: 0 };
  private readonly reader: XmlReader;
  private done: RawRow[] = [];
  private row = 0;
  private cells: Cell[] = [];
  private column = -1;
  private type = 'n';
  private style = 0;
  private value = '';
  private isFormula = false;
  private isValue = false;
  private phonetic = 0;
  private isHidden = false;
  private nextArea = 0;
  private areas: MergedArea[] = [];

  constructor(private readonly parts: WorksheetParts) {
    this.reader = new XmlReader({
      open: (name, attributes) => this.open(name, attributes),
      close: (name) => this.close(name),
      text: (text) => this.text(text),
    });
  }

  /** Takes bytes and gives the rows completed by them. @throws SheetError */
  push(bytes: Uint8Array): readonly RawRow[] {
    this.reader.push(bytes);
    const { done } = this;
    this.done = [];
    return done;
  }

  /** Takes the end of the part. @throws SheetError `SHEET_DAMAGED` */
  end(): void {
    this.reader.end();
  }

  private open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'c') this.openCell(attributes);
    else if (name === 'row') this.openRow(attributes);
    else if (name === 'v' || name === 't') this.isValue = this.phonetic === 0;
    else if (name === 'f') this.isFormula = true;
    else if (name === 'rPh') this.phonetic++;
  }

  private openRow({ r, hidden }: Readonly<Record<string, string>>): void {
    const row = r === undefined ? this.row + 1 : Number(r);
    if (!Number.isInteger(row) || row <= this.row || row > MOST_ROWS) throw refuseSheet('SHEET_DAMAGED');
    this.row = row;
    this.cells = [];
    this.column = -1;
    this.isHidden = hidden === '1' || hidden === 'true';
  }

  private openCell({ r, t, s }: Readonly<Record<string, string>>): void {
    const column = r === undefined ? this.column + 1 : columnIndex(r.slice(0, digitsAt(r)));
    if (column <= this.column || column >= 16_384) throw refuseSheet('SHEET_DAMAGED', {}, { row: this.row });
    this.column = column;
    this.type = t ?? 'n';
    this.style = s === undefined ? 0 : Number(s);
    this.value = '';
    this.isFormula = false;
  }

  private text(text: string): void {
    if (!this.isValue || this.column < 0) return;
    this.value += text;
    if (this.value.length > this.parts.limits.cellCharacters) throw this.tooLong();
  }

  private close(name: string): void {
    if (name === 'c') this.closeCell();
    else if (name === 'row') this.closeRow();
    else if (name === 'v' || name === 't') this.isValue = false;
    else if (name === 'rPh') this.phonetic--;
  }

  private closeCell(): void {
    const cell = this.cell();
    if (cell === '') return;
    if (this.column >= this.parts.limits.columns)
      throw refuseSheet('SHEET_TOO_WIDE', {}, { row: this.row, letter: columnLetter(this.column) });
    while (this.cells.length < this.column) this.cells.push('');
    this.cells.push(cell);
  }

  private cell(): Cell {
    const { type, value } = this;
    if (this.isFormula) return { type: 'formula', text: type === 's' ? this.shared() : value };
    if (value === '') return '';
    switch (type) {
      case 's':
        return this.shared();
      case 'inlineStr':
      case 'str':
        return unescaped(value);
      case 'b':
        return { type: 'boolean', text: value === '1' ? 'TRUE' : 'FALSE' };
      case 'e':
        return { type: 'error', text: value };
      case 'd':
        return value.slice(0, 10);
      default:
        return this.number();
    }
  }

  private number(): Cell {
    const number = Number(this.value);
    if (!Number.isFinite(number)) throw refuseSheet('SHEET_DAMAGED', {}, { row: this.row });
    if (this.parts.dateStyles.has(this.style)) {
      const date = dateOfSerial(number, this.parts.date1904);
      if (date !== undefined) return date;
    }
    return { type: 'number', text: numberText(number) };
  }

  private shared(): string {
    const text = this.parts.strings.at(Number(this.value));
    if (text === undefined) throw refuseSheet('SHEET_DAMAGED', {}, { row: this.row });
    if (text.length > this.parts.limits.cellCharacters) throw this.tooLong();
    return text;
  }

  private closeRow(): void {
    const isFilled = this.cells.length > 0;
    this.markMerged();
    this.column = -1;
    if (!isFilled) return;
    if (this.isHidden && this.hidden.count++ === 0) this.hidden.first = this.row;
    this.done.push({ row: this.row, cells: this.cells });
  }

  private markMerged(): void {
    const { merged } = this.parts;
    if (this.nextArea >= merged.length && this.areas.length === 0) return;
    this.areas = this.areas.filter(({ bottom }) => bottom >= this.row);
    for (let area = merged[this.nextArea]; area !== undefined && area.top <= this.row; area = merged[++this.nextArea]) {
      const { bottom, left, right } = area;
      if (bottom < this.row || left >= this.parts.limits.columns) continue;
      // ECMA-376 §18.3.1.55 forbids it; so no cell of a row is marked twice.
      if (this.areas.some((other) => other.left <= right && left <= other.right))
        throw refuseSheet('SHEET_DAMAGED', {}, { row: this.row });
      this.areas.push(area);
    }
    if (this.cells.length === 0) return;
    for (const { left, right, name } of this.areas)
      for (let column = left; column <= Math.min(right, this.parts.limits.columns - 1); column++) {
        while (this.cells.length <= column) this.cells.push('');
        const cell = this.cells[column];
        const text = typeof cell === 'object' ? cell.text : (cell ?? '');
        this.cells[column] = { type: 'merged', text, area: name } satisfies SpecialCell;
      }
  }

  private tooLong(): Error {
    const most = String(this.parts.limits.cellCharacters);
    return refuseSheet('CELL_TOO_LONG', { most }, { row: this.row, letter: columnLetter(this.column) });
  }
}

function digitsAt(reference: string): number {
  let at = 0;
  while (at < reference.length && reference.charCodeAt(at) > 57) at++;
  return at;
}

/** A stored number as a person reads it: 15 significant digits as the program keeps them, no exponent below 10^21. */
function numberText(number: number): string {
  return Number.isInteger(number) ? String(number) : String(Number(number.toPrecision(15)));
}
