import { localTime } from '../../shared/verdict/verdict-text.js';

/** An instant as people here write it, `2026-11-20 17:00`; a dash for none. */
export function timeText(instant: string | null | undefined): string {
  return instant ? localTime(instant) : '—';
}

/** A digest in groups of four, to be compared by eye. */
export function digestText(digest: string): string {
  return digest.replace(/(.{4})(?=.)/g, '$1 ');
}
