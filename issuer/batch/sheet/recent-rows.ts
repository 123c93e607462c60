import type { Cell, RawRow } from './raw-sheet.js';

/** Places; a power of two. */
const PLACES = 256;
/** Characters of all cells of a row that is kept. */
const MOST_CHARACTERS = 1000;

/**
 * Finds what was known of rows whose cells are the same in some columns, without putting these cells together as a key: most rows are
 * like one of few others. Forgets at will.
 */
export class RecentRows<Known> {
  private readonly kept = new Array<{ cells: readonly string[]; known: Known } | undefined>(PLACES);

  /** @param columns indexes of the columns that count */
  constructor(private readonly columns: readonly number[]) {}

  /** What was kept of a row like this. */
  find(cells: RawRow['cells']): Known | undefined {
    const kept = this.kept[this.placeOf(cells)];
    if (!kept) return undefined;
    const { columns } = this;
    for (let i = 0; i < columns.length; i++) if (cellAt(cells, columns[i]) !== kept.cells[i]) return undefined;
    return kept.known;
  }

  /** Keeps what is known of a row, where its cells are texts and not long. */
  keep(cells: RawRow['cells'], known: Known): void {
    const texts: string[] = [];
    let characters = 0;
    for (const index of this.columns) {
      const cell = cellAt(cells, index);
      if (typeof cell !== 'string') return;
      characters += cell.length;
      texts.push(cell);
    }
    // A copy: a text cut out of a file holds on to all of what was read with it.
    if (characters <= MOST_CHARACTERS)
      this.kept[this.placeOf(cells)] = { cells: JSON.parse(JSON.stringify(texts)) as string[], known };
  }

  private placeOf(cells: RawRow['cells']): number {
    let place = 0;
    for (const index of this.columns) {
      const cell = cellAt(cells, index);
      if (typeof cell !== 'string') return 0;
      const { length } = cell;
      if (length > 0)
        place = Math.imul(place ^ cell.charCodeAt(0) ^ (cell.charCodeAt(length - 1) << 8) ^ length, 0x01000193);
    }
    return (place ^ (place >>> 13)) & (PLACES - 1);
  }
}

function cellAt(cells: RawRow['cells'], index: number | undefined): Cell {
  return (index === undefined ? undefined : cells[index]) ?? '';
}
