import type { Knex } from 'knex';
import type { CellRow } from './certificate-cells.js';
import { counted, type CountedRange } from './count-cells.js';

/** What the records of its sessions say of a series' certificates of one month (TRUST §5.3). */
export interface SessionCount extends Pick<CellRow, 'series' | 'month'> {
  /** Sessions its certificates rest on. */
  sessions: number;
  /** Those nobody recorded here. */
  unrecorded: number;
  /** Recorded, without results. */
  withoutResults: number;
  /** With more certificates than people who passed or, without results, than seats. */
  exceeded: number;
  /** People who passed and failed, of the sessions with results. */
  passed: number;
  failed: number;
}

/** A session with more certificates than its record allows. */
export interface ExceededSession extends Pick<CellRow, 'series' | 'month' | 'assessment'> {
  /** Its certificates, of whatever month. */
  total: number;
  most: number;
  basis: 'passed' | 'seats';
}

/** A session as its record tells of it; `undefined` members are not recorded. */
export interface SessionFacts {
  assessment: string;
  /** Certificates of the month that is looked at. */
  issued: number;
  /** Certificates of whatever month. */
  total: number;
  record?: {
    state: string;
    heldOn: string;
    seats: number;
    candidates: number;
    passed: number;
    failed: number;
    absent: number;
    hasResults: boolean;
  };
}

interface RecordedRow {
  assessment: string;
  total: number | string;
  /** Null, like all that follows, where there is no record. */
  id: string | null;
  state: string;
  held_on: string;
  seats: number;
  candidates: number;
  passed: number;
  failed: number;
  absent: number;
  has_results: number;
}

/** States in which the results of a session are complete. */
const HAS_RESULTS = `coalesce(s.state, '') in ('results-entered', 'handed-in', 'issued')`;
const LIMIT = `(case when ${HAS_RESULTS} then s.passed else s.seats end)`;

/** Sums over the sessions of each series and month. */
export async function countSessions(knex: Knex, range: CountedRange): Promise<SessionCount[]> {
  const sum = (condition: string, what = '1'): string => `sum(case when ${condition} then ${what} else 0 end)`;
  const rows = await compared(knex, range)
    .groupBy('m.series', 'm.month')
    .select<(Pick<CellRow, 'series' | 'month'> & Record<string, number | string>)[]>(
      'm.series',
      'm.month',
      knex.raw('count(*) as sessions'),
      knex.raw(`${sum('s.id is null')} as unrecorded`),
      knex.raw(`${sum(`s.id is not null and not ${HAS_RESULTS}`)} as without_results`),
      knex.raw(`${sum(`m.total > ${LIMIT}`)} as exceeded`),
      knex.raw(`${sum(HAS_RESULTS, 's.passed')} as passed`),
      knex.raw(`${sum(HAS_RESULTS, 's.failed')} as failed`),
    );
  return rows.map(({ series, month, ...row }) => ({
    series,
    month,
    sessions: Number(row['sessions']),
    unrecorded: Number(row['unrecorded']),
    withoutResults: Number(row['without_results']),
    exceeded: Number(row['exceeded']),
    passed: Number(row['passed']),
    failed: Number(row['failed']),
  }));
}

/** Sessions with more certificates than their records allow, the furthest above first. */
export async function listExceeded(knex: Knex, range: CountedRange): Promise<ExceededSession[]> {
  const rows = await compared(knex, range)
    .whereRaw(`m.total > ${LIMIT}`)
    .orderByRaw(`m.total - ${LIMIT} desc`)
    .select<(Omit<ExceededSession, 'total' | 'most'> & { total: number | string; most: number | string })[]>(
      'm.series',
      'm.month',
      'm.assessment',
      'm.total',
      knex.raw(`${LIMIT} as most`),
      knex.raw(`case when ${HAS_RESULTS} then 'passed' else 'seats' end as basis`),
    );
  return rows.map((row) => ({ ...row, total: Number(row.total), most: Number(row.most) }));
}

/** The sessions of one series and month, with what is recorded of them. */
export async function listSessions(
  knex: Knex,
  { institution, series, month }: { institution: string; series: string; month: string },
): Promise<SessionFacts[]> {
  const issued = await counted(knex, { institution, from: month, until: month })
    .where({ series })
    .groupBy('assessment')
    .select('assessment')
    .sum<{ assessment: string; issued: number | string }[]>({ issued: 'issued' });
  const own = new Map(issued.map((row) => [row.assessment, Number(row.issued)]));
  const rows = await compared(knex, { institution, from: month, until: month })
    .where('m.series', series)
    .orderBy('m.assessment')
    .select<RecordedRow[]>(
      'm.assessment',
      'm.total',
      's.id',
      's.state',
      's.held_on',
      's.seats',
      's.candidates',
      's.passed',
      's.failed',
      's.absent',
      knex.raw(`case when ${HAS_RESULTS} then 1 else 0 end as has_results`),
    );
  return rows.map(({ assessment, total, id, state, held_on: heldOn, has_results: hasResults, ...row }) => ({
    assessment,
    issued: own.get(assessment) ?? 0,
    total: Number(total),
    ...(id !== null && {
      record: {
        state,
        heldOn,
        seats: row.seats,
        candidates: row.candidates,
        passed: row.passed,
        failed: row.failed,
        absent: row.absent,
        hasResults: hasResults === 1,
      },
    }),
  }));
}

/**
 * Sessions of each series and month (`m`) with all their certificates (`m.total`) and their record (`s`), where there is one. The total is a
 * window over one scan: a self-join is planned badly by a database that has not looked at its tables yet.
 */
function compared(knex: Knex, range: CountedRange): Knex.QueryBuilder {
  const sessions = counted(knex, { institution: range.institution, from: '0000-00', until: '9999-99' })
    .groupBy('series', 'month', 'institution', 'assessment')
    .select(
      'series',
      'month',
      'institution',
      'assessment',
      knex.raw('sum(sum(issued)) over (partition by institution, assessment) as total'),
    )
    .as('m');
  return knex
    .from(sessions)
    .leftJoin(
      { s: 'assessment_sessions' },
      (on) => void on.on('s.institution', 'm.institution').andOn('s.id', 'm.assessment'),
    )
    .whereBetween('m.month', [range.from, range.until]);
}
