import { YizhengError } from '../../shared/errors.js';
import type { Check } from '../../shared/supervision/check.js';
import type { SupervisionSettings } from '../../shared/supervision/rules.js';
import type { Institution, Institutions } from '../institutions.js';
import { chinaDate } from '../time.js';
import { listDays, type Series } from './count-cells.js';
import { listSessions, type SessionFacts } from './count-sessions.js';
import { judgeMonths, sharesOf, type InstitutionFacts, type JudgedMonth, type JudgedSeries } from './judge-months.js';
import { loadFacts, type SupervisionTools } from './load-facts.js';
import { monthBefore, monthsUntil } from './months.js';
import { readSettings, writeSettings, type HeldSettings } from './settings.js';

/** Which months a board shows. */
export interface ShownMonths {
  /** Last month, `YYYY-MM`; this one unless given. */
  until?: string | undefined;
  months: number;
}

/** What an institution's month holds beside its counts, whether a rule looks at it or not. */
export interface MonthShares {
  month: string;
  topLevel: { part: number; whole: number };
  outsideRegion: { part: number; whole: number };
}

/** One institution's board. */
export interface Board {
  institution: Institution;
  months: string[];
  lines: JudgedSeries[];
  total: JudgedMonth[];
  shares: MonthShares[];
  /** Issued certificates that are in no sum, since what they say cannot be read. */
  notCounted: number;
  settings: SupervisionSettings;
}

/** A month of one institution that is unusual: of one line, or, without `series`, of all its lines together. */
export interface UnusualMonth {
  institution: string;
  series?: Series;
  month: string;
  issued: number;
  /** The checks that failed. */
  checks: Check[];
}

/** All institutions of the host. */
export interface Overview {
  months: string[];
  institutions: {
    code: string;
    name: string;
    months: (JudgedMonth & { unusualLines: number })[];
    notCounted: number;
  }[];
  /** Newest month first, those furthest above what was expected first. */
  unusual: UnusualMonth[];
  /** How many more there are. */
  unusualLeftOut: number;
  settings: SupervisionSettings;
}

/** One line's month in detail. */
export interface BoardCell {
  series: Series;
  month: JudgedMonth;
  /** The months before, with the most that was expected of each from its own history, where that is known. */
  history: { month: string; issued: number; most?: number }[];
  sessions: SessionFacts[];
  days: { day: string; issued: number }[];
}

/** Unusual months named in an overview; beyond them only their number is told. */
const MOST_UNUSUAL = 200;
/** Months of a line's history that are shown. */
const SHOWN_HISTORY = 24;

/** Over-issuance supervision (DOMAIN M08, F15; TRUST §5.3): counts what was issued and marks what is unusual. Changes nothing but its rules. */
export class Supervision {
  constructor(
    private readonly tools: SupervisionTools,
    private readonly institutions: Institutions,
  ) {}

  /** The rules that are applied on this host. */
  settings(): Promise<HeldSettings> {
    return readSettings(this.tools.effects.database.knex);
  }

  /** Sets them. */
  setSettings(settings: SupervisionSettings, actor: string): Promise<HeldSettings> {
    return writeSettings(this.tools.effects, settings, actor);
  }

  /** All institutions of the host, month by month. */
  async overview(shown: ShownMonths): Promise<Overview> {
    const institutions = await this.institutions.list();
    const { months, settings, facts } = await this.load(institutions, shown);
    const unusual: UnusualMonth[] = [];
    const rows = institutions.map(({ code, name }) => {
      const own = required(facts.get(code));
      const { lines, total } = judgeMonths(own, settings, months);
      const found = unusualOf(code, lines, total);
      unusual.push(...found);
      return {
        code,
        name,
        months: total.map((month) => ({
          ...month,
          unusualLines: found.filter((one) => one.series && one.month === month.month).length,
        })),
        notCounted: own.notCounted,
      };
    });
    const sorted = unusual.toSorted((a, b) => b.month.localeCompare(a.month) || excess(b) - excess(a));
    return {
      months,
      institutions: rows,
      unusual: sorted.slice(0, MOST_UNUSUAL),
      unusualLeftOut: Math.max(0, sorted.length - MOST_UNUSUAL),
      settings,
    };
  }

  /** One institution, line by line. @throws YizhengError `NOT_FOUND` (404) */
  async board(code: string, shown: ShownMonths): Promise<Board> {
    const institution = await this.institutions.get(code);
    const [board] = await this.boardsOf([institution], shown, code);
    return required(board);
  }

  /** The boards of all institutions of the host. */
  async boards(shown: ShownMonths): Promise<Board[]> {
    return this.boardsOf(await this.institutions.list(), shown);
  }

  /**
   * One line's month: every check, the line's history, its sessions and days.
   * @throws YizhengError `NOT_FOUND` (404), also for a line of another institution or a month without certificates
   */
  async cell(code: string, series: string, month: string): Promise<BoardCell> {
    const institution = await this.institutions.get(code);
    const { months, settings, facts } = await this.load([institution], { until: month, months: SHOWN_HISTORY }, code);
    const line = judgeMonths(required(facts.get(code)), settings, months).lines.find(
      (one) => one.series.series === series,
    );
    const judged = line?.months.find((one) => one.month === month);
    if (!line || !judged) throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
    const { knex } = this.tools.effects.database;
    const at = { institution: code, series, month };
    return {
      series: line.series,
      month: judged,
      history: months.map((one) => {
        const own = line.months.find((known) => known.month === one);
        const most = own?.checks.find(({ rule }) => rule === 'history')?.most;
        return { month: one, issued: own?.issued ?? 0, ...(most !== undefined && { most }) };
      }),
      sessions: await listSessions(knex, at),
      days: await listDays(knex, at),
    };
  }

  private async boardsOf(institutions: readonly Institution[], shown: ShownMonths, code?: string): Promise<Board[]> {
    const { months, settings, facts } = await this.load(institutions, shown, code);
    return institutions.map((institution) => {
      const own = required(facts.get(institution.code));
      const { lines, total } = judgeMonths(own, settings, months);
      return {
        institution,
        months,
        lines: lines.filter((line) => line.months.length > 0),
        total,
        shares: months.map((month) => ({ month, ...sharesOf(own, month) })),
        notCounted: own.notCounted,
        settings,
      };
    });
  }

  private async load(
    institutions: readonly Institution[],
    { until = chinaDate(this.tools.effects.clock()).slice(0, 7), months: count }: ShownMonths,
    institution?: string,
  ): Promise<{ months: string[]; settings: SupervisionSettings; facts: Map<string, InstitutionFacts> }> {
    const { settings } = await this.settings();
    const range = { institution, from: monthBefore(until, count - 1), until };
    return {
      months: monthsUntil(until, count),
      settings,
      facts: await loadFacts(this.tools, institutions, range, settings),
    };
  }
}

function unusualOf(institution: string, lines: readonly JudgedSeries[], total: readonly JudgedMonth[]): UnusualMonth[] {
  const of = (months: readonly JudgedMonth[], series?: Series): UnusualMonth[] =>
    months
      .filter(({ mark }) => mark === 'unusual')
      .map(({ month, issued, checks }) => ({
        institution,
        ...(series && { series }),
        month,
        issued,
        checks: checks.filter(({ answer }) => answer === 'fail'),
      }));
  return [...of(total), ...lines.flatMap(({ series, months }) => of(months, series))];
}

/** How many times what was expected was found, by the check that is furthest above. */
function excess({ checks }: UnusualMonth): number {
  return Math.max(...checks.map(({ value = 0, most = 0 }) => value / Math.max(most, 1)));
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('the facts of an institution are missing');
  return value;
}
