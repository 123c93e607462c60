import type { ComponentChild } from 'preact';
import { Fragment } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Button } from '../../../../ui/parts/index.js';
import type { Pages } from '../api/use-pages.js';
import { useText } from '../i18n/index.js';
import type { Column } from './Column.js';
import { focusRow, rowMove, type RowMove } from './row-keys.js';
import { selectionColumn, type Selection } from './selection-column.js';
import { useRowWindow } from './use-row-window.js';
import { useSteadyColumns } from './use-steady-columns.js';

/** So many rows before the last one the next page is read. */
const READ_AHEAD = 20;

/**
 * A table of any length: above a hundred rows only those in sight are in the page, and the table scrolls by itself. Arrow keys, Page Up and
 * Down, Home and End move between the controls of its rows.
 */
export function DataTable<Row>({
  label,
  columns: given,
  rows,
  rowKey,
  empty,
  pages,
  total,
  selection,
}: {
  /** What the table is, for whoever does not see it. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Said when there are none. */
  empty?: string;
  /** Where the rows come from, when there may be more of them. */
  pages?: Pages<unknown>;
  /** How many rows there are, when that is known and not all are here. */
  total?: number;
  selection?: Selection<Row>;
}) {
  const { say } = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const table = useRef<HTMLTableElement>(null);
  const [move, setMove] = useState<RowMove>();
  const [held, setHeld] = useState<number>();
  const keys = useMemo(() => rows.map(rowKey), [rows]);
  const keyOf = useCallback((index: number) => keys[index] ?? String(index), [keys]);
  const { isWindowed, shown, gapAfter, lastInSight, measure } = useRowWindow(scroller, rows.length, keyOf, held);
  useSteadyColumns(table, isWindowed && shown.length > 0);
  useLayoutEffect(() => {
    if (move && table.current) focusRow(table.current, move);
  }, [move]);
  const wantsMore = isWindowed && lastInSight >= rows.length - READ_AHEAD;
  useEffect(() => {
    if (wantsMore && pages?.hasMore && !pages.busy && pages.error === undefined) pages.more();
  }, [wantsMore, rows.length]);
  const columns = selection ? [selectionColumn(selection, rows, rowKey, say), ...given] : given;
  const isWhole = !pages?.hasMore && (total === undefined || total <= rows.length);
  const gap = (height: number): ComponentChild =>
    height > 0 && (
      <tr class="table-gap" aria-hidden="true">
        <td colSpan={columns.length} ref={(cell) => cell?.style.setProperty('height', `${height}px`)} />
      </tr>
    );
  return (
    <>
      {rows.length === 0 && empty !== undefined && !pages?.busy && pages?.error === undefined && (
        <p class="soft" role="status">
          {empty}
        </p>
      )}
      {rows.length > 0 && (
        <div
          ref={scroller}
          class={isWindowed ? 'table-scroll table-tall' : 'table-scroll'}
          tabIndex={0}
          role="region"
          aria-label={label}
        >
          <table
            ref={table}
            aria-label={label}
            {...((isWindowed || !isWhole) && { 'aria-rowcount': countOf(rows.length, total, isWhole) })}
            onKeyDown={(event) => {
              const next = rowMove(event, rows.length);
              if (!next) return;
              event.preventDefault();
              setMove(next);
              setHeld(next.row);
            }}
            onFocusIn={({ target }) => {
              const row = target instanceof Element ? target.closest<HTMLTableRowElement>('tr[data-index]') : null;
              if (row) setHeld(Number(row.dataset['index']));
            }}
          >
            <colgroup>
              {columns.map(({ key }) => (
                <col key={key} />
              ))}
            </colgroup>
            <thead>
              <tr aria-rowindex={1}>
                {columns.map(({ key, header, align }) => (
                  <th key={key} scope="col" {...(align && { class: 'cell-end' })}>
                    {header}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map(({ index, gap: before }) => {
                const row = rows[index];
                return row === undefined ? null : (
                  <Fragment key={keyOf(index)}>
                    {gap(before)}
                    <tr ref={measure} data-index={index} aria-rowindex={index + 2}>
                      {columns.map(({ key, cell, isRowHeader, align }) =>
                        isRowHeader ? (
                          <th key={key} scope="row">
                            {cell(row, index)}
                          </th>
                        ) : (
                          <td key={key} {...(align && { class: 'cell-end' })}>
                            {cell(row, index)}
                          </td>
                        ),
                      )}
                    </tr>
                  </Fragment>
                );
              })}
              {gap(gapAfter)}
            </tbody>
          </table>
        </div>
      )}
      {pages?.hasMore && (
        <Button busy={pages.busy} onClick={pages.more}>
          {say('list.more')}
        </Button>
      )}
    </>
  );
}

/** ARIA wants −1 for a number of rows nobody knows; the header is a row. */
function countOf(here: number, total: number | undefined, isWhole: boolean): number {
  if (total !== undefined) return Math.max(total, here) + 1;
  return isWhole ? here + 1 : -1;
}
