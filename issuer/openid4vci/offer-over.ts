import type { OfferRow } from './offer-row.js';

const OVER = {
  used: { code: 'OFFER_USED', message: 'The offer was taken already.' },
  locked: { code: 'OFFER_LOCKED', message: 'The offer is locked after too many wrong transaction codes.' },
  withdrawn: { code: 'OFFER_WITHDRAWN', message: 'The institution withdrew the offer.' },
} as const;

/** Why an offer can no longer be taken, or undefined. */
export function whyOver(
  { state, expires_at }: Pick<OfferRow, 'state' | 'expires_at'>,
  now: Date,
): { code: string; message: string } | undefined {
  if (state !== 'open') return OVER[state];
  return expires_at <= now.toISOString() ? { code: 'OFFER_EXPIRED', message: 'The offer has expired.' } : undefined;
}
