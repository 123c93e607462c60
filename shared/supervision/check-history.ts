import type { Check } from './check.js';
import type { SupervisionSettings } from './rules.js';

/** Makes the median absolute deviation comparable to a standard deviation (Iglewicz and Hoaglin 1993). */
const MAD_SCALE = 1.4826;

/** The middle value; of an even number of values the mean of the middle two; `NaN` of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * Holds a month against the same institution's earlier months: unusual above median + factor × spread. Months without certificates are
 * left out, since assessments are not held every month; median and median absolute deviation keep single unusual months from becoming the
 * measure. The spread is at least √median, as much as counts scatter by chance.
 * @param value certificates of the month
 * @param earlier certificates of the months before it, none or zero for months without
 */
export function checkHistory(
  value: number,
  earlier: readonly number[],
  settings: NonNullable<SupervisionSettings['history']>,
): Check {
  const active = earlier.filter((count) => count > 0);
  if (active.length < settings.atLeastMonths)
    return {
      rule: 'history',
      answer: 'unknown',
      value,
      why: 'HISTORY_TOO_SHORT',
      detail: { months: active.length, atLeastMonths: settings.atLeastMonths },
    };
  const middle = median(active);
  const deviation = median(active.map((count) => Math.abs(count - middle)));
  const spread = Math.max(MAD_SCALE * deviation, Math.sqrt(middle));
  const most = Math.max(Math.floor(middle + settings.factor * spread), settings.atLeast - 1);
  return {
    rule: 'history',
    answer: value > most ? 'fail' : 'pass',
    value,
    most,
    detail: { median: middle, months: active.length },
  };
}
