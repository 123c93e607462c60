import type { KindId } from '../../../shared/certificate/kind.js';
import type { CellProblem } from '../types.js';
import { invisibleCharacter, meansNothing, shownValue, tidyCode, tidyText } from './cell-text.js';
import type { PlacedColumn } from './header.js';
import { textOf, type Cell, type RawRow } from './raw-sheet.js';

/** What the cells of a row say, by column key, and what is wrong with single cells. */
export interface ReadCells {
  row: number;
  values: Map<string, string | number>;
  problems: CellProblem[];
}

const SPECIAL: Readonly<Record<string, string>> = {
  formula: 'CELL_FORMULA',
  error: 'CELL_ERROR',
  boolean: 'CELL_BOOLEAN',
  merged: 'CELL_MERGED',
};
/** Digits a spreadsheet program keeps of a number. */
const SAFE_DIGITS = 15;

/** Reads every recognised cell of a row by itself. Empty cells have no value; a wrong one has a problem instead. */
export function readCells(columns: readonly PlacedColumn[], { row, cells }: RawRow): ReadCells {
  const read: ReadCells = { row, values: new Map(), problems: [] };
  for (const column of columns) {
    const cell = cells[column.index] ?? '';
    const found = readCell(column, cell);
    if (found === undefined) continue;
    if ('value' in found) read.values.set(column.column, found.value);
    else read.problems.push(cellProblem(row, column, cell, found.code, found.parameters));
  }
  return read;
}

/** One cell: its value, what is wrong with it, or undefined when it is empty. */
function readCell(
  { definition, column }: PlacedColumn,
  cell: Cell,
): { value: string | number } | { code: string; parameters?: Record<string, string> } | undefined {
  if (typeof cell === 'object' && cell.type !== 'number')
    return {
      code: SPECIAL[cell.type] ?? 'CELL_INVALID',
      parameters: cell.area === undefined ? {} : { area: cell.area },
    };
  const raw = textOf(cell);
  const text = definition.as === 'text' ? tidyText(raw) : tidyCode(raw);
  if (meansNothing(text)) return undefined;
  const invisible = invisibleCharacter(text);
  if (invisible)
    return {
      code: 'CELL_INVISIBLE_CHARACTER',
      parameters: { character: invisible.code, position: invisible.position },
    };
  if (column === 'idNumber' && typeof cell === 'object' && text.length > SAFE_DIGITS)
    return { code: 'ID_NUMBER_LOST_DIGITS' };
  if (column === 'certificateNumber' && typeof cell === 'object' && text.length > SAFE_DIGITS)
    return { code: 'CELL_NOT_A_NUMBER' };
  if (definition.most !== undefined && [...text].length > definition.most)
    return { code: 'CELL_TEXT_TOO_LONG', parameters: { most: String(definition.most) } };
  return definition.read(text);
}

/** A problem of a cell, with its place and what stands there (masked). */
export function cellProblem(
  row: number,
  column: PlacedColumn | { column: string },
  cell: Cell | undefined,
  code: string,
  parameters: Record<string, string> = {},
): CellProblem {
  const value = shownValue(textOf(cell), { isDocumentNumber: column.column === 'idNumber' });
  return {
    row,
    column: column.column,
    ...('letter' in column && { letter: column.letter, header: column.header }),
    ...(value !== '' && { value }),
    code,
    parameters,
  };
}

/** The kind a row is of: as it says, else a skill level certificate; undefined when its kind cannot be read. */
export function kindOf({ values, problems }: ReadCells): KindId | undefined {
  if (problems.some(({ column }) => column === 'kind')) return undefined;
  return (values.get('kind') ?? 'skill-level') as KindId;
}
