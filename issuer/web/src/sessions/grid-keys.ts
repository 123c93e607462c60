const STEPS: Readonly<Record<string, readonly [row: number, column: number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  Enter: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Name of a cell of the grid, to be found by. */
export function cellName(row: number, column: number): string {
  return `${row}:${column}`;
}

/**
 * Moves among the cells of the grid: Enter and the arrows go to the cell beside, in a text only from its ends; up and down stay with a
 * choice. The text of the next cell is marked, so that typing replaces it.
 */
export function moveInGrid(event: KeyboardEvent): void {
  const step = STEPS[event.key];
  const target = event.target;
  if (!step || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
  if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
  const [row = NaN, column = NaN] = (target.dataset['cell'] ?? '').split(':').map(Number);
  if (Number.isNaN(row) || Number.isNaN(column)) return;
  if (target instanceof HTMLSelectElement && step[0] !== 0 && event.key !== 'Enter') return;
  if (target instanceof HTMLInputElement && step[1] !== 0 && !isAtEnd(target, step[1])) return;
  event.preventDefault();
  focusCell(target.closest('table'), row + step[0], column + step[1]);
}

/** Gives a cell the focus, where there is one. */
export function focusCell(table: Element | null, row: number, column: number): void {
  const next = table?.querySelector<HTMLElement>(`[data-cell="${cellName(row, column)}"]`);
  next?.focus();
  if (next instanceof HTMLInputElement) next.select();
}

function isAtEnd({ selectionStart, selectionEnd, value }: HTMLInputElement, direction: number): boolean {
  const isWhole = selectionStart === 0 && selectionEnd === value.length;
  if (isWhole) return true;
  return selectionStart === selectionEnd && selectionStart === (direction < 0 ? 0 : value.length);
}
