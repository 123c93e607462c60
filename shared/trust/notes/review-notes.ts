import { instant, within } from '../time.js';
import type { TrustView } from '../trust-view.js';
import type { Note } from './note.js';

const CODES = {
  pass: 'ISSUER_REVIEW_PASSED',
  concern: 'ISSUER_REVIEW_CONCERN',
  fail: 'ISSUER_REVIEW_FAILED',
} as const;

/**
 * What other authorities found when they reviewed an institution (交叉互评, DOMAIN M05). A failed review warns; only the accrediting
 * authority can suspend. Of each reviewer the newest review counts; one that has run out says so.
 * @param now RFC 3339
 */
export function reviewNotes(institution: string, view: TrustView, now: string): Note[] {
  const at = instant(now);
  const newest = new Map(
    view
      .reviewsOf(institution)
      .filter((review) => instant(review.validFrom) <= at)
      .toSorted((a, b) => instant(a.validFrom) - instant(b.validFrom) || (a.id < b.id ? -1 : 1))
      .map((review) => [review.authority, review]),
  );
  return [...newest.values()].map((review) => {
    const until = review.validUntil;
    const current = within(at, undefined, until === undefined ? undefined : instant(until));
    return {
      code: current ? CODES[review.result] : 'ISSUER_REVIEW_EXPIRED',
      ref: review.id,
      params: {
        reviewer: view.authorityName(review.authority) ?? review.authority,
        criteria: review.criteria,
        ...(until !== undefined && { until }),
      },
    };
  });
}
