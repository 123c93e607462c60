import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** Keeps the columns of a table as wide as its first rows made them, so that they do not jump while rows come and go. */
export function useSteadyColumns(table: RefObject<HTMLTableElement | null>, isOn: boolean): void {
  useLayoutEffect(() => {
    const element = table.current;
    const around = element?.parentElement;
    if (!isOn || !element || !around) return;
    const columns = [...element.querySelectorAll('col')];
    const free = (): void => {
      element.classList.remove('table-steady');
      for (const column of columns) column.style.width = '';
    };
    let width = 0;
    const observer = new ResizeObserver(() => {
      if (around.clientWidth === width) return;
      width = around.clientWidth;
      free();
      const widths = [...element.querySelectorAll<HTMLElement>('thead th, thead td')].map((cell) => cell.offsetWidth);
      for (const [at, column] of columns.entries()) column.style.width = `${widths[at] ?? 0}px`;
      element.classList.add('table-steady');
    });
    observer.observe(around);
    return () => {
      observer.disconnect();
      free();
    };
  }, [isOn]);
}
