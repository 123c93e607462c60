/** The calendar day in China Standard Time, `YYYY-MM-DD`. */
export function chinaDate(now: Date): string {
  return new Date(now.getTime() + 8 * 3600_000).toISOString().slice(0, 10);
}

/** RFC 3339 UTC with whole seconds, rounded down: the form of `proof.created`. */
export function wholeSecond(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}
