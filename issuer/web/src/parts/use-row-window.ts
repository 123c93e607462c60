import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { defaultRangeExtractor, type Range, type VirtualizerOptions } from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useCallback, useLayoutEffect, useState } from 'preact/hooks';

/** Up to so many rows all are in the page: the browser is fast enough, and its own search finds them. */
const WINDOW_ABOVE = 100;
/** Height of a row that was not measured yet, px. */
const ROW_HEIGHT = 45;

/** A row that is in the page, and how much room for absent rows is before it, px. */
export interface ShownRow {
  index: number;
  gap: number;
}

/** Which rows of a long table are in the page: those in sight, some around them, and the one that has the focus. */
export interface RowWindow {
  /** Not all rows are in the page; the table scrolls by itself. */
  isWindowed: boolean;
  shown: readonly ShownRow[];
  /** Room for absent rows after the last one, px. */
  gapAfter: number;
  /** Index of the last row in sight. */
  lastInSight: number;
  /** To be given every row's element. */
  measure: (row: HTMLTableRowElement | null) => void;
}

/**
 * Keeps only the rows of a table in the page that can be seen.
 * @param held index of a row that stays in the page wherever is scrolled to
 */
export function useRowWindow(
  scroller: RefObject<HTMLDivElement | null>,
  count: number,
  keyOf: (index: number) => string,
  held: number | undefined,
): RowWindow {
  const isWindowed = count > WINDOW_ABOVE;
  const [, setRound] = useState(0);
  const rangeExtractor = useCallback(
    (range: Range) => {
      const indexes = defaultRangeExtractor(range);
      if (held === undefined || held >= range.count || indexes.includes(held)) return indexes;
      return [...indexes, held].sort((a, b) => a - b);
    },
    [held],
  );
  const options: VirtualizerOptions<HTMLDivElement, HTMLTableRowElement> = {
    count,
    enabled: isWindowed,
    getScrollElement: () => scroller.current,
    getItemKey: keyOf,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
    rangeExtractor,
    scrollMargin: scroller.current?.querySelector('thead')?.offsetHeight ?? ROW_HEIGHT,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => setRound((round) => round + 1),
  };
  const [virtualizer] = useState(() => new Virtualizer(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  const { measureElement } = virtualizer;
  if (!isWindowed) {
    const shown = Array.from({ length: count }, (_, index) => ({ index, gap: 0 }));
    return { isWindowed, shown, gapAfter: 0, lastInSight: count - 1, measure: measureNothing };
  }
  let end = options.scrollMargin ?? 0;
  const shown = virtualizer.getVirtualItems().map((item) => {
    const gap = item.start - end;
    ({ end } = item);
    return { index: item.index, gap };
  });
  const gapAfter = virtualizer.getTotalSize() + (options.scrollMargin ?? 0) - end;
  return { isWindowed, shown, gapAfter, lastInSight: virtualizer.range?.endIndex ?? 0, measure: measureElement };
}

function measureNothing(): void {
  // Every row is in the page: the browser knows their heights.
}
