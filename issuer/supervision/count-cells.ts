import type { Knex } from 'knex';
import type { CellRow } from './certificate-cells.js';

/** Certificates by what became of them. Those a correction replaced are not among them: each number counts once, as it stands now. */
export interface Count {
  /** All that were issued, also what was revoked since. */
  issued: number;
  suspended: number;
  /** Revoked for another reason than with their whole session. */
  revoked: number;
  /** Revoked with their whole session (`batch-void`). */
  voided: number;
}

/** One line of the board: an institution's certificates of one kind, occupation and level. */
export type Series = Pick<
  CellRow,
  'series' | 'institution' | 'kind' | 'occupation' | 'edition' | 'occupation_name' | 'framework' | 'level'
>;

/** A series' certificates of one month on one side of the province's border. */
export interface MonthCount extends Count, Pick<CellRow, 'series' | 'month' | 'outside_region'> {}

/** What is counted: months of issue, `YYYY-MM`, both included; one institution, or all of the host. */
export interface CountedRange {
  institution?: string | undefined;
  from: string;
  until: string;
}

/** Counts by series and month. */
export async function countMonths(knex: Knex, range: CountedRange): Promise<MonthCount[]> {
  const rows = await counted(knex, range)
    .groupBy('series', 'month', 'outside_region')
    .select('series', 'month', 'outside_region')
    .sum<Summed<MonthCount>[]>({ issued: 'issued', suspended: 'suspended', revoked: 'revoked', voided: 'voided' });
  return rows.map((row) => ({
    ...row,
    issued: Number(row.issued),
    suspended: Number(row.suspended),
    revoked: Number(row.revoked),
    voided: Number(row.voided),
  }));
}

/** PostgreSQL gives sums as text. */
type Summed<T> = { [K in keyof T]: K extends keyof Count ? number | string : T[K] };

/** The lines there are in a range, with what they are called; a name somebody wrote otherwise later does not make another line. */
export async function listSeries(knex: Knex, range: CountedRange): Promise<Series[]> {
  return counted(knex, range)
    .groupBy('series', 'institution', 'kind', 'occupation', 'edition', 'framework', 'level')
    .orderBy(['institution', 'kind', 'occupation', 'edition', 'framework', { column: 'level', order: 'desc' }])
    .select<Series[]>('series', 'institution', 'kind', 'occupation', 'edition', 'framework', 'level')
    .min({ occupation_name: 'occupation_name' });
}

/** The day of a month an institution issued most on. */
export interface Peak extends Pick<Count, 'issued'> {
  institution: string;
  month: string;
  /** `YYYY-MM-DD`. */
  day: string;
}

/** The most certificates each institution issued on one day of a month. */
export async function countPeaks(knex: Knex, range: CountedRange): Promise<Peak[]> {
  const days = await counted(knex, range)
    .groupBy('institution', 'month', 'issued_on')
    .select('institution', 'month', { day: 'issued_on' })
    .sum<Summed<Peak>[]>({ issued: 'issued' });
  const peaks = new Map<string, Peak>();
  for (const one of days) {
    const issued = Number(one.issued);
    const at = `${one.institution} ${one.month}`;
    const before = peaks.get(at);
    if (!before || issued > before.issued) peaks.set(at, { ...one, issued });
  }
  return [...peaks.values()];
}

/** A line's certificates of one month by day of issue. */
export async function listDays(
  knex: Knex,
  { institution, series, month }: { institution: string; series: string; month: string },
): Promise<Pick<Peak, 'day' | 'issued'>[]> {
  const rows = await counted(knex, { institution, from: month, until: month })
    .where({ series })
    .groupBy('issued_on')
    .orderBy('issued_on')
    .select({ day: 'issued_on' })
    .sum<Summed<Pick<Peak, 'day' | 'issued'>>[]>({ issued: 'issued' });
  return rows.map(({ day, issued }) => ({ day, issued: Number(issued) }));
}

/** Issued certificates nobody knows the place of, which no sum holds. */
export async function countUnplaced(knex: Knex, institution?: string): Promise<Map<string, number>> {
  // SQLite uses a partial index only where the query says its condition in so many words.
  const query = knex('certificates').whereRaw(`cell is null and state = 'issued'`);
  if (institution !== undefined) void query.where({ institution });
  const rows = await query
    .groupBy('institution')
    .select('institution')
    .count<Summed<Pick<Peak, 'institution' | 'issued'>>[]>({ issued: '*' });
  return new Map(rows.map((row) => [row.institution, Number(row.issued)]));
}

/** The cells every count begins with; those nothing counts in, e.g. since all was corrected to another place, are left out. */
export function counted(knex: Knex, { institution, from, until }: CountedRange): Knex.QueryBuilder {
  const query = knex('certificate_cells').whereBetween('month', [from, until]).where('issued', '>', 0);
  if (institution !== undefined) void query.where({ institution });
  return query;
}
