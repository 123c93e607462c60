import { DAY, instant } from '../../../../shared/trust/time.js';

const CHINA_OFFSET = 8 * 3_600_000;
const MINUTE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** What a field for day and time holds, read as China Standard Time, which is what every time is shown in, wherever the device is; undefined for none. */
export function typedTime(minute: string): string | undefined {
  return MINUTE.test(minute) ? `${minute}:00+08:00` : undefined;
}

/** Beginning of a day in China as an instant, `2026-01-05T00:00:00+08:00`; undefined for no day. */
export function dayBegins(date: string): string | undefined {
  return DATE.test(date) ? `${date}T00:00:00+08:00` : undefined;
}

/** End of a last day, which is the beginning of the next one, as statements write ends; undefined for no day. */
export function dayEnds(date: string): string | undefined {
  const begins = dayBegins(date);
  return begins === undefined ? undefined : dayBegins(dayOf(instant(begins) + DAY));
}

/** The day in China in which an instant lies, `2026-01-05`. */
export function dayOf(milliseconds: number): string {
  return new Date(milliseconds + CHINA_OFFSET).toISOString().slice(0, 10);
}

/** The last day before an end, `''` for no end. */
export function lastDay(until: string | undefined): string {
  return until === undefined ? '' : dayOf(instant(until) - 1);
}
