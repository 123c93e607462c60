import type { FeedContent } from '../../shared/trust/trust-view.js';
import type { DemoData } from './load-demo-statements.js';

/**
 * The demo statements as contents of feeds, one per authority, for a view without publishing anything.
 * @param dates when the feeds were confirmed, when to ask again, from when on they are stale; RFC 3339
 */
export function demoFeedContents(
  data: Pick<DemoData, 'statements' | 'tables'>,
  dates: { issuedAt: string; nextUpdate: string; staleAfter: string },
): FeedContent[] {
  return data.tables.authority.map(({ did, name }) => {
    const own = data.statements.filter(({ value }) => value.authority === did);
    return {
      authority: did,
      name,
      sequence: 1,
      manifestSha256: '0'.repeat(64),
      ...dates,
      accreditations: own.flatMap((item) => (item.kind === 'accreditation' ? [item.value] : [])),
      recognitions: own.flatMap((item) => (item.kind === 'recognition' ? [item.value] : [])),
      events: own.flatMap((item) => (item.kind === 'event' ? [item.value] : [])),
      reviews: own.flatMap((item) => (item.kind === 'review' ? [item.value] : [])),
      supplyChain: own.flatMap((item) => (item.kind === 'supply-chain' ? [item.value] : [])),
      statusLists: [],
    };
  });
}
