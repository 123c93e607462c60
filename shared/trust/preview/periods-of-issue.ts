import { DAY, instant } from '../time.js';

const CHINA_OFFSET = 8 * 3_600_000;

/** Days of issue that all fare alike. */
export interface IssuePeriod {
  /** Milliseconds: beginning of the first day in China. */
  from: number;
  /** Beginning of the first day behind it; undefined when certificates still to be issued are meant too. */
  until?: number;
  /** A day of issue inside. */
  issuedAt: string;
  /** When a certificate of that day is signed. */
  signedAt: string;
}

/**
 * Divides days of issue at the instants at which something begins or ends. A day in the middle of which something happens is in no
 * period: what becomes of its certificates depends on the hour they were signed.
 * @param boundaries milliseconds, in any order
 * @param range `from`: first instant of interest; `at`: the instant that is looked at; what happens later does not count yet
 */
export function periodsOfIssue(boundaries: Iterable<number>, range: { from: number; at: number }): IssuePeriod[] {
  const cuts = [...new Set([range.from, ...boundaries])]
    .filter((cut) => cut >= range.from && cut <= range.at)
    .sort((a, b) => a - b);
  const periods: IssuePeriod[] = [];
  for (const [i, cut] of cuts.entries()) {
    const from = dayFrom(cut);
    const next = cuts[i + 1];
    const until = next === undefined ? undefined : dayBefore(next);
    if (until === undefined || from < until)
      periods.push({ from, ...(until !== undefined && { until }), ...timesOf(from) });
  }
  return periods;
}

/** The part of a period before an instant (milliseconds, Infinity for none), in whole days; none when nothing is left. */
export function periodWithin(period: IssuePeriod, end: number): IssuePeriod[] {
  if (end === Infinity || (period.until !== undefined && period.until <= end)) return [period];
  const until = dayBefore(end);
  return period.from < until ? [{ ...period, until }] : [];
}

/** `YYYY-MM-DD` in China of the beginning of a day. */
export function chinaDay(milliseconds: number): string {
  return new Date(milliseconds + CHINA_OFFSET).toISOString().slice(0, 10);
}

/** Milliseconds of a stated instant, or nothing for an open end. */
export function cutAt(text: string | undefined): number[] {
  return text === undefined ? [] : [instant(text)];
}

function timesOf(from: number): Pick<IssuePeriod, 'issuedAt' | 'signedAt'> {
  const day = chinaDay(from);
  return { issuedAt: `${day}T00:00:00+08:00`, signedAt: `${day}T09:00:00+08:00` };
}

/** Beginning of the first whole day from an instant on. */
function dayFrom(at: number): number {
  return Math.ceil((at + CHINA_OFFSET) / DAY) * DAY - CHINA_OFFSET;
}

/** Beginning of the day an instant lies in. */
function dayBefore(at: number): number {
  return Math.floor((at + CHINA_OFFSET) / DAY) * DAY - CHINA_OFFSET;
}
