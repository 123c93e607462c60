/** Months in order, `YYYY-MM`, ending with `until`. */
export function monthsUntil(until: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => monthBefore(until, count - 1 - i));
}

/** The month that many months before. */
export function monthBefore(month: string, count: number): string {
  const at = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 - count;
  return `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}`;
}
