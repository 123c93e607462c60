import type { TrustView } from '../../shared/trust/trust-view.js';
import type { TrustSummary } from './types.js';

/** How old and how wide a view is. @param now RFC 3339 */
export function summaryOf(view: TrustView, anchor: string, now: string): TrustSummary {
  return {
    anchor,
    name: view.authorityName(anchor) ?? anchor,
    dataAsOf: view.dataAsOf,
    goodUntil: view.goodUntil,
    freshness: view.freshness(anchor, now) ?? null,
    feeds: view.feeds.map(({ authority, sequence }) => ({
      authority,
      sequence,
      name: view.authorityName(authority) ?? authority,
    })),
  };
}
