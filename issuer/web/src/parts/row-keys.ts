/** How far a key moves among the rows of a table. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: -Infinity,
  End: Infinity,
};
const CONTROLS = 'a[href], button:not(:disabled), input:not(:disabled), summary';
/** Controls that need these keys themselves. */
const OWN_KEYS = 'textarea, select, input:not([type="checkbox"]), [contenteditable]';

/** Where a key goes: the row, and which of its controls. */
export interface RowMove {
  row: number;
  control: number;
}

/** The row and control a key moves to from a control within a row; undefined when the key is for something else. */
export function rowMove(event: KeyboardEvent, count: number): RowMove | undefined {
  const step = STEPS[event.key];
  const target = event.target instanceof Element ? event.target : undefined;
  const row = target?.closest<HTMLTableRowElement>('tr[data-index]');
  if (step === undefined || !target || !row || target.matches(OWN_KEYS)) return undefined;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return undefined;
  const from = Number(row.dataset['index']);
  return {
    row: Math.min(Math.max(from + step, 0), count - 1),
    control: Math.max([...row.querySelectorAll(CONTROLS)].indexOf(target), 0),
  };
}

/** Gives the focus to a control of a row that is in the page; to its last one when it has fewer. */
export function focusRow(table: HTMLTableElement, { row, control }: RowMove): void {
  const controls = [...table.querySelectorAll<HTMLElement>(`tr[data-index="${row}"] :is(${CONTROLS})`)];
  controls[Math.min(control, controls.length - 1)]?.focus();
}
