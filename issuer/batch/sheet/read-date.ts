import { calendarDate } from '../../../shared/certificate/text.js';
import { dateOfSerial } from './xlsx/serial-date.js';

/** A date as read, or why not. */
export type ReadDate = { date: string } | { code: string; parameters?: Record<string, string> };

const YEAR_FIRST =
  /^((?:19|20|21)\d{2})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?(?:T?0{1,2}:00(?::00(?:\.0+)?)?Z?)?$/;
const EIGHT_DIGITS = /^((?:19|20|21)\d{2})(\d{2})(\d{2})$/;
const SERIAL = /^\d{5}(?:\.\d+)?$/;
/** Day or month first, two-digit year, no day: what it means depends on who reads it. */
const AMBIGUOUS =
  /^(?:\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,4}日?|\d{6}|(?:19|20|21)\d{2}(?:年|[-/.])\d{1,2}月?|\d{1,2}(?:月|[-/.])\d{1,2}日?)$/;

/**
 * Reads a date a person wrote: `2026-05-01`, `2026/5/1`, `2026.5.1`, `2026年5月1日`, `20260501`. What could be read in two ways is not
 * guessed.
 * @param text tidied text of the cell
 * @returns the date, or `DATE_NOT_A_DAY`, `DATE_AMBIGUOUS`, `DATE_IS_SERIAL_NUMBER` (with the day it may mean), `DATE_UNREADABLE`
 */
export function readDate(text: string): ReadDate {
  const [, year = '', month = '', day = ''] = YEAR_FIRST.exec(text) ?? EIGHT_DIGITS.exec(text) ?? [];
  if (year !== '') {
    const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    return calendarDate.safeParse(date).success ? { date } : { code: 'DATE_NOT_A_DAY' };
  }
  if (SERIAL.test(text)) {
    const date = dateOfSerial(Number(text), false);
    return date === undefined
      ? { code: 'DATE_UNREADABLE' }
      : { code: 'DATE_IS_SERIAL_NUMBER', parameters: { perhaps: date } };
  }
  return { code: AMBIGUOUS.test(text) ? 'DATE_AMBIGUOUS' : 'DATE_UNREADABLE' };
}
