/** Milliseconds of one day. */
export const DAY = 86_400_000;

/** Texts read before. A decision compares dozens of instants, and a registry names few different ones. */
const known = new Map<string, number>();
const MOST_KNOWN = 10_000;

/**
 * Instant of an RFC 3339 date-time in milliseconds since 1970.
 * @throws RangeError for a text the schemas should have refused
 */
export function instant(text: string): number {
  const found = known.get(text);
  if (found !== undefined) return found;
  const value = Date.parse(text);
  if (Number.isNaN(value)) throw new RangeError(`not a date-time: ${text.slice(0, 40)}`);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, value);
  return value;
}

/** True when `at` lies in `[from, until)`; an absent end is open. Milliseconds. */
export function within(at: number, from: number | undefined, until: number | undefined): boolean {
  return (from === undefined || at >= from) && (until === undefined || at < until);
}

/** RFC 3339 in UTC with whole seconds. */
export function rfc3339(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
