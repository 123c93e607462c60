import { resultOf, type RowResult } from './row-result.js';
import type { RosterRow } from './types.js';

/** What the table may be narrowed to. */
export const FILTERS = [
  'all',
  'accepted',
  'accepted-with-conditions',
  'refused',
  'undetermined',
  'failed',
  'compare',
  'same',
] as const;

/** One of {@link FILTERS}. */
export type Filter = (typeof FILTERS)[number];

/** Columns the table may be sorted by. */
export const SORTS = ['number', 'name', 'headline', 'holder', 'certificate', 'issuedOn'] as const;

/** One of {@link SORTS}, and which way. */
export interface Order {
  by: (typeof SORTS)[number];
  descending: boolean;
}

/** True when a row belongs to what the table was narrowed to. */
export function inFilter(row: RosterRow, filter: Filter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'failed':
      return row.state === 'failed' || row.state === 'cancelled';
    case 'compare':
      return row.differences.length > 0;
    case 'same':
      return row.sameAs.length > 0;
    default:
      return resultOf(row) === filter;
  }
}

/** How many rows each filter shows. */
export function countRows(rows: readonly RosterRow[]): Record<Filter, number> {
  return Object.fromEntries(
    FILTERS.map((filter) => [filter, rows.filter((row) => inFilter(row, filter)).length]),
  ) as Record<Filter, number>;
}

/** What needs a person first: refused, another person's, cannot say, unread, then the rest. */
const WEIGHT: Readonly<Record<RowResult, number>> = {
  refused: 0,
  differs: 0.5,
  undetermined: 1,
  'accepted-with-conditions': 3,
  accepted: 4,
};

function weightOf(row: RosterRow): number {
  const result = resultOf(row);
  return result ? WEIGHT[result] : 2;
}

/** The rows of a filter in an order; rows that compare equal keep the order they were given in. */
export function arrange(rows: readonly RosterRow[], filter: Filter, { by, descending }: Order): RosterRow[] {
  const key = (row: RosterRow): string | number =>
    ({
      number: row.number,
      name: row.name,
      headline: weightOf(row),
      holder: row.certificate?.name ?? row.expected?.name ?? '',
      certificate: row.certificate?.number ?? row.expected?.certificateNumber ?? '',
      issuedOn: row.certificate?.issuedOn ?? '',
    })[by];
  const collator = new Intl.Collator('zh-CN', { numeric: true });
  const sign = descending ? -1 : 1;
  return rows
    .filter((row) => inFilter(row, filter))
    .sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      const order = typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(String(x), String(y));
      return order === 0 ? a.number - b.number : sign * order;
    });
}
