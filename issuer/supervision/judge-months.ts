import { findLevelFramework, levelRank } from '../../shared/certificate/level.js';
import { checkHistory } from '../../shared/supervision/check-history.js';
import { markOf, type Check, type Mark } from '../../shared/supervision/check.js';
import type { SupervisionSettings } from '../../shared/supervision/rules.js';
import type { GrantedScope } from '../accreditation-scope.js';
import type { Count, MonthCount, Series } from './count-cells.js';
import type { ExceededSession, SessionCount } from './count-sessions.js';
import { QuotaJudge } from './judge-quota.js';
import { monthBefore, monthsUntil } from './months.js';

/** A month of a line, or of a whole institution, with what the rules say of it. */
export interface JudgedMonth extends Count {
  month: string;
  mark: Mark;
  checks: Check[];
  /** Percent of those who sat, where every session's results are recorded. */
  passRate?: number;
}

/** A line of the board. */
export interface JudgedSeries {
  series: Series;
  /** Months with certificates only. */
  months: JudgedMonth[];
}

/** What one institution's months are judged by. */
export interface InstitutionFacts {
  series: readonly Series[];
  counts: readonly MonthCount[];
  sessions: readonly SessionCount[];
  exceeded: readonly ExceededSession[];
  peaks: readonly { month: string; day: string; issued: number }[];
  /** Undefined when the authority's data are not held. */
  grants: readonly GrantedScope[] | undefined;
  /** Issued certificates that are in no sum. */
  notCounted: number;
}

/** Stands for all lines of an institution together. */
const ALL = '*';

/** Applies the rules to one institution's months: line by line, and to all its lines together. */
export function judgeMonths(
  facts: InstitutionFacts,
  settings: SupervisionSettings,
  shown: readonly string[],
): { lines: JudgedSeries[]; total: JudgedMonth[] } {
  const counts = new Map<string, Map<string, Count>>();
  for (const one of facts.counts)
    for (const line of [one.series, ALL]) {
      const months = counts.get(line) ?? new Map<string, Count>();
      counts.set(line, months.set(one.month, sum(months.get(one.month), one)));
    }
  const count = (series: string, month: string): Count | undefined => counts.get(series)?.get(month);
  const issued = (series: string, month: string): number => count(series, month)?.issued ?? 0;
  const quotas = new QuotaJudge(facts.grants, facts.series, issued);
  const sessions = new Map(facts.sessions.map((one) => [`${one.series} ${one.month}`, one]));
  const exceeded = new Map(facts.exceeded.toReversed().map((one) => [`${one.series} ${one.month}`, one]));
  const { history: measure } = settings;
  const earlier = new Map(
    measure ? shown.map((month) => [month, monthsUntil(monthBefore(month, 1), measure.months)] as const) : [],
  );
  const history = (series: string, month: string): Check[] =>
    measure && issued(series, month) > 0
      ? [
          checkHistory(
            issued(series, month),
            (earlier.get(month) ?? []).map((one) => issued(series, one)),
            measure,
          ),
        ]
      : [];
  const judged = (series: string, month: string, checks: readonly Check[]): JudgedMonth[] => {
    const own = count(series, month);
    if (!own || own.issued === 0) return [];
    const held = facts.notCounted === 0 ? [...checks] : checks.map((check) => withoutRest(check, facts.notCounted));
    return [{ month, ...own, mark: markOf(held), checks: held }];
  };
  const lines = facts.series.map((series): JudgedSeries => {
    const id = series.series;
    const months = shown.flatMap((month) => {
      const recorded = sessions.get(`${id} ${month}`);
      const rate = recorded && rateOf(recorded);
      const checks = [
        ...(settings.quota ? [quotas.check(id, month)] : []),
        ...(settings.seats && recorded ? [checkSeats(recorded, exceeded.get(`${id} ${month}`))] : []),
        ...history(id, month),
        ...(settings.passRate && recorded ? [checkPassRate(recorded, settings.passRate)] : []),
      ].flatMap((check) => check ?? []);
      return judged(id, month, checks).map((one) => ({ ...one, ...(rate !== undefined && { passRate: rate }) }));
    });
    return { series, months };
  });
  const peaks = new Map(facts.peaks.map((peak) => [peak.month, peak]));
  const total = shown.flatMap((month) => {
    const peak = peaks.get(month);
    return judged(ALL, month, [
      ...history(ALL, month),
      ...(settings.topLevelShare
        ? [checkShare('top-level-share', topLevels(facts, month), settings.topLevelShare)]
        : []),
      ...(settings.outsideRegionShare
        ? [checkShare('outside-region-share', outside(facts, month), settings.outsideRegionShare)]
        : []),
      ...(settings.dayPeak && peak ? [checkPeak(peak, settings.dayPeak.most)] : []),
    ]);
  });
  return { lines, total };
}

/** Those two shares of an institution's month, whether a threshold is set or not. */
export function sharesOf(
  facts: InstitutionFacts,
  month: string,
): { topLevel: { part: number; whole: number }; outsideRegion: { part: number; whole: number } } {
  return { topLevel: topLevels(facts, month), outsideRegion: outside(facts, month) };
}

function sum(before: Count | undefined, one: Count): Count {
  return {
    issued: (before?.issued ?? 0) + one.issued,
    suspended: (before?.suspended ?? 0) + one.suspended,
    revoked: (before?.revoked ?? 0) + one.revoked,
    voided: (before?.voided ?? 0) + one.voided,
  };
}

/** What passes only because certificates are missing from the sum has not passed. */
function withoutRest(check: Check, notCounted: number): Check {
  return check.answer === 'pass'
    ? { rule: check.rule, answer: 'unknown', why: 'CERTIFICATES_NOT_COUNTED', detail: { notCounted } }
    : check;
}

function checkSeats(recorded: SessionCount, worst: ExceededSession | undefined): Check {
  const { sessions, unrecorded, withoutResults, exceeded } = recorded;
  if (worst)
    return {
      rule: 'seats',
      answer: 'fail',
      value: worst.total,
      most: worst.most,
      detail: { session: worst.assessment, basis: worst.basis, over: exceeded },
    };
  if (unrecorded > 0)
    return { rule: 'seats', answer: 'unknown', why: 'SESSIONS_NOT_RECORDED', detail: { sessions, unrecorded } };
  if (withoutResults > 0) return { rule: 'seats', answer: 'unknown', why: 'RESULTS_NOT_RECORDED' };
  return { rule: 'seats', answer: 'pass', detail: { sessions } };
}

function rateOf({ unrecorded, withoutResults, passed, failed }: SessionCount): number | undefined {
  const isKnown = unrecorded === 0 && withoutResults === 0 && passed + failed > 0;
  return isKnown ? percent(passed, passed + failed) : undefined;
}

function checkPassRate(recorded: SessionCount, { most, atLeast }: { most: number; atLeast: number }): Check {
  const { sessions, unrecorded, passed, failed } = recorded;
  const rule = 'pass-rate';
  const value = rateOf(recorded);
  if (value === undefined)
    return unrecorded > 0
      ? { rule, answer: 'unknown', why: 'SESSIONS_NOT_RECORDED', detail: { sessions, unrecorded } }
      : { rule, answer: 'unknown', why: 'RESULTS_NOT_RECORDED' };
  const sat = passed + failed;
  if (sat < atLeast) return { rule, answer: 'unknown', why: 'TOO_FEW', detail: { whole: sat, atLeast } };
  return { rule, answer: value > most ? 'fail' : 'pass', value, most, detail: { passed, sat } };
}

function checkShare(
  rule: 'top-level-share' | 'outside-region-share',
  { part, whole }: { part: number; whole: number },
  { most, atLeast }: { most: number; atLeast: number },
): Check {
  if (whole < atLeast) return { rule, answer: 'unknown', why: 'TOO_FEW', detail: { whole, atLeast } };
  const value = percent(part, whole);
  return { rule, answer: value > most ? 'fail' : 'pass', value, most, detail: { part, whole } };
}

function checkPeak({ day, issued }: { day: string; issued: number }, most: number): Check {
  return { rule: 'day-peak', answer: issued > most ? 'fail' : 'pass', value: issued, most, detail: { day } };
}

/** Senior technicians (一级/高级技师) and whatever stands above them, of all that show a level of a scale that has that level. */
function topLevels({ series, counts }: InstitutionFacts, month: string): { part: number; whole: number } {
  const scaled = new Map(series.map((line) => [line.series, isTop(line)]));
  return shareOf(counts, month, ({ series: id }) => scaled.get(id));
}

function isTop({ framework, level }: Series): boolean | undefined {
  const top = levelRank({ framework, value: '1' });
  const own = levelRank({ framework, value: level });
  return findLevelFramework(framework) === undefined || top === undefined || own === undefined ? undefined : own >= top;
}

function outside({ counts }: InstitutionFacts, month: string): { part: number; whole: number } {
  return shareOf(counts, month, ({ outside_region: isOutside }) => isOutside === 1);
}

function shareOf(
  counts: readonly MonthCount[],
  month: string,
  isPart: (count: MonthCount) => boolean | undefined,
): { part: number; whole: number } {
  let part = 0;
  let whole = 0;
  for (const one of counts) {
    const belongs = one.month === month ? isPart(one) : undefined;
    if (belongs === undefined) continue;
    whole += one.issued;
    if (belongs) part += one.issued;
  }
  return { part, whole };
}

/** One decimal; rounded down, so that 100 means all of them. */
function percent(part: number, whole: number): number {
  return Math.floor((part / whole) * 1000) / 10;
}
