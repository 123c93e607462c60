import { YizhengError } from '../shared/errors.js';
import type { Instant } from './custody.js';

/** RFC 3339 UTC text of the second an instant lies in. @throws YizhengError `KEY_INSTANT` */
export function instantText(instant: Instant): string {
  return secondText(instant, 0);
}

/** RFC 3339 UTC text of the second after the one an instant lies in. @throws YizhengError `KEY_INSTANT` */
export function nextSecond(instant: Instant): string {
  return secondText(instant, 1);
}

function secondText(instant: Instant, offset: number): string {
  const isZoned = instant instanceof Date || /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(?:Z|[+-]\d\d:\d\d)$/.test(instant);
  const milliseconds = isZoned ? new Date(instant).getTime() : NaN;
  const date = new Date((Math.floor(milliseconds / 1000) + offset) * 1000);
  if (Number.isNaN(date.getTime()) || !/^\d{4}-/.test(date.toISOString()))
    throw new YizhengError('KEY_INSTANT', 'Expected an instant like 2026-11-21T08:00:00Z.');
  return date.toISOString().replace('.000Z', 'Z');
}
