import type { ComponentChildren } from 'preact';

/** A column of a table. */
export interface Column<Row> {
  key: string;
  header: ComponentChildren;
  /** What stands in it. */
  cell: (row: Row, index: number) => ComponentChildren;
  /** It names the row for a screen reader. */
  isRowHeader?: true;
  /** Numbers stand at the end. */
  align?: 'end';
}
