import type { PlacedColumn } from './header.js';
import { textOf, type RawRow } from './raw-sheet.js';

/** In front of the first required cell of the example row; a row that begins so is not read. */
export const EXAMPLE_MARK = '示例';

/** Names of the sheets that explain a template, in both languages. */
export const EXPLANATION_SHEETS: ReadonlySet<string> = new Set(['填写说明', 'Explanation', '可选值', 'Allowed values']);

/** Is this the example row of our template, left in? Nobody's name or number begins so. */
export function isExample({ cells }: RawRow, keyColumn: PlacedColumn | undefined): boolean {
  return keyColumn !== undefined && textOf(cells[keyColumn.index]).trimStart().startsWith(EXAMPLE_MARK);
}
