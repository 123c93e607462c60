/** When this program was built, RFC 3339: no clock that says earlier is right. */
export const BUILT_AT: string = __BUILT_AT__;

const DAY = 86_400_000;
/** A device this far beyond everything known is more likely to have a wrong clock. */
const FAR_AHEAD = 400 * DAY;

let newestKnown = -Infinity;

/** Tells the clock the newest instant the trust data held speaks of. */
export function noteDataTime(instant: string | null): void {
  newestKnown = instant === null ? -Infinity : Date.parse(instant);
}

/**
 * The instant verdicts are judged at, RFC 3339 with whole seconds: what the device says, but never before this program was built.
 * Where the clock lags behind the trust data, its own time is given, so that the decision says so and accepts nothing.
 */
export function judgingNow(device: number = Date.now()): string {
  const built = Date.parse(BUILT_AT);
  const lags = device < newestKnown - DAY;
  return `${new Date(lags ? device : Math.max(device, built)).toISOString().slice(0, 19)}Z`;
}

/** What is visibly wrong with the device's clock. */
export type ClockProblem = 'behind' | 'ahead';

/**
 * Compares the clock with what is surely past, and with the end of the trust data.
 * @param trust times of the trust data held; RFC 3339 or null
 * @param device milliseconds
 * @returns undefined when nothing is visibly wrong
 */
export function clockProblem(
  trust: { dataAsOf: string | null; goodUntil: string | null } | undefined,
  device: number = Date.now(),
): ClockProblem | undefined {
  const past = Math.max(Date.parse(BUILT_AT), trust?.dataAsOf ? Date.parse(trust.dataAsOf) : -Infinity);
  if (device < past - DAY) return 'behind';
  const known = Math.max(past, trust?.goodUntil ? Date.parse(trust.goodUntil) : -Infinity);
  return device > known + FAR_AHEAD ? 'ahead' : undefined;
}
