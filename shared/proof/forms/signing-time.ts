import { instantOf } from '../proof-time.js';

/** NumericDate of an instant, fractions of a second cut off (RFC 7519 §2). */
export function numericDate(instant: string): number {
  return Math.floor(instantOf(instant) / 1000);
}

/** The instant of a NumericDate, like `2026-11-20T08:30:00Z`. */
export function instantOfNumericDate(seconds: number): string {
  return new Date(Math.floor(seconds) * 1000).toISOString().replace('.000Z', 'Z');
}
