const DAY = 86_400_000;
const FIRST_SERIAL = 61;
const LAST_SERIAL = 109_573;

/**
 * The day a serial number means.
 * @param serial days since 1899-12-31 (which counts 1900-02-29, a day that never was) or 1904-01-01; a time of day after the point
 * @param date1904 which of the two
 * @returns `YYYY-MM-DD`; undefined outside 1900-03-01 to 2199-12-31, where it is no date a certificate can hold
 */
export function dateOfSerial(serial: number, date1904: boolean): string | undefined {
  const days = Math.floor(serial) + (date1904 ? 1462 : 0);
  if (!(days >= FIRST_SERIAL && days <= LAST_SERIAL)) return undefined;
  return new Date(Date.UTC(1899, 11, 30) + days * DAY).toISOString().slice(0, 10);
}
