import { YizhengError } from '../errors.js';
import type { FeedEvidence } from './feed-steps.js';

/** Most contradictions a state keeps; the first are enough to show what an authority did. */
const MAX_EVIDENCE = 16;

/** The two signed manifests behind a `FEED_EQUIVOCATION` or `FEED_FORK`; none for any other error. */
export function evidenceOf(error: unknown): FeedEvidence[] {
  return error instanceof YizhengError && (error.code === 'FEED_EQUIVOCATION' || error.code === 'FEED_FORK')
    ? [error.cause as FeedEvidence]
    : [];
}

/** Adds evidence to what is kept: each contradiction once, the oldest first, at most 16. Member absent when there is none. */
export function keepEvidence(
  kept: readonly FeedEvidence[] = [],
  found: readonly FeedEvidence[],
): { evidence?: FeedEvidence[] } {
  const name = ({ manifests }: FeedEvidence): string => manifests.map(({ payload }) => payload).join();
  const all = [...new Map([...kept, ...found].map((item) => [name(item), item])).values()];
  return all.length === 0 ? {} : { evidence: all.slice(0, MAX_EVIDENCE) };
}
