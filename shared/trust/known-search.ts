import type { TrustPolicy } from './policy.js';
import { searchChains, type SearchResult } from './search-chains.js';
import type { TrustView } from './trust-view.js';
import type { CertificateFacts } from './types.js';

/** A search with what a refusal needs of it. */
export interface KnownSearch extends Readonly<SearchResult> {
  /** Everyone consulted or on a chain whose feed is in the view, each once, in order of appearance. */
  heard: readonly string[];
}

/** Most searches remembered for one view. */
const MOST_SEARCHES = 4096;

/** Most pairs of anchor and policy remembered for one view. */
const MOST_ASKED = 32;

interface Searches {
  /** Everyone a statement in the view recognises. */
  named: ReadonlySet<string>;
  asked: Asked[];
}
/** Results for one anchor under one policy, by the authorities they depend on. */
interface Asked {
  anchor: string;
  maxDepth: number;
  maxChains: number;
  results: Map<string, KnownSearch>;
}
const searches = new WeakMap<TrustView, Searches>();

/**
 * Like `searchChains`, remembered: a view never changes, its thousands of institutions have few authorities, and a search depends on
 * those alone. An issuer that is itself recognised by somebody is searched for each time.
 */
export function knownSearch(
  facts: CertificateFacts,
  view: TrustView,
  anchor: string,
  policy: Pick<TrustPolicy, 'maxDepth' | 'maxChains'>,
): KnownSearch {
  const { named, asked } = searchesOf(view);
  const found = (): KnownSearch => {
    const result = searchChains(facts, view, anchor, policy);
    const heard = new Set([...result.consulted, ...result.chains.flat()].filter((did) => view.feedOf(did)));
    return { ...result, heard: [...heard] };
  };
  if (named.has(facts.issuer) || facts.issuer === anchor || !view.feedOf(anchor)) return found();
  const { authority } = facts.issuedUnder;
  const accreditors = view.accreditorsOf(facts.issuer);
  const reachable: string[] = [];
  for (const did of accreditors) if (did === anchor || named.has(did)) reachable.push(did);
  if (!accreditors.has(authority) && (authority === anchor || named.has(authority))) reachable.push(authority);
  // Feeds name only well-formed DIDs, and those hold no blank.
  const key = reachable.length > 1 ? reachable.sort().join(' ') : (reachable[0] ?? '');
  const results = resultsFor(asked, anchor, policy);
  const known = results.get(key);
  if (known) return known;
  const result = found();
  if (results.size >= MOST_SEARCHES) results.clear();
  results.set(key, result);
  return result;
}

function searchesOf(view: TrustView): Searches {
  const known = searches.get(view);
  if (known) return known;
  const named = new Set(view.feeds.flatMap(({ authority }) => [...view.recognitionsBy(authority).keys()]));
  const made: Searches = { named, asked: [] };
  searches.set(view, made);
  return made;
}

function resultsFor(
  asked: Asked[],
  anchor: string,
  { maxDepth, maxChains }: Pick<TrustPolicy, 'maxDepth' | 'maxChains'>,
): Asked['results'] {
  for (const item of asked)
    if (item.anchor === anchor && item.maxDepth === maxDepth && item.maxChains === maxChains) return item.results;
  if (asked.length >= MOST_ASKED) asked.splice(0);
  const results: Asked['results'] = new Map();
  asked.push({ anchor, maxDepth, maxChains, results });
  return results;
}
