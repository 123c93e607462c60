import type { TrustPolicy } from './policy.js';
import type { TrustView } from './trust-view.js';
import type { CertificateFacts } from './types.js';

/** Authorities from the anchor down to the one that answers for the issuer. */
export type Chain = readonly string[];

/** What the search found. */
export interface SearchResult {
  chains: Chain[];
  /** Authorities whose feeds decide that nothing more can be found: the anchor and those it lets recognise others. */
  consulted: string[];
  /** Reachable authorities whose feed is not in the view although the answer may depend on it. */
  missing: string[];
  /** True when the budget ended the search. */
  limited: boolean;
}

/**
 * Finds the chains of recognition from the anchor **down** to an authority that accredits the issuer or is named by the certificate
 * (TRUST §2.4-1): breadth first, no authority twice, at most `maxDepth` statements, at most `maxChains` chains.
 *
 * Only what the anchor says, or lets others say, is read: strangers can neither widen nor slow the search. A partner's long list
 * does not starve the others: at each depth the partners take turns.
 */
export function searchChains(
  facts: CertificateFacts,
  view: TrustView,
  anchor: string,
  policy: Pick<TrustPolicy, 'maxDepth' | 'maxChains'>,
): SearchResult {
  const targets = new Set([...view.accreditorsOf(facts.issuer), facts.issuedUnder.authority]);
  const result: SearchResult = { chains: [], consulted: [anchor], missing: [], limited: false };
  if (targets.has(anchor)) result.chains.push([anchor]);
  let budget = policy.maxChains;
  let level: Chain[] = [[anchor]];
  for (let depth = 1; depth <= policy.maxDepth && level.length > 0; depth++) {
    for (const chain of level)
      for (const target of targetsOf(chain)) {
        if (budget-- <= 0) return { ...result, limited: true };
        result.chains.push([...chain, target]);
        if (!view.feedOf(target)) result.missing.push(target);
      }
    if (depth === policy.maxDepth) break;
    const next: Chain[] = [];
    for (const step of inTurns(level.map((chain) => onwardOf(chain)))) {
      if (budget-- <= 0) return { ...result, limited: true };
      const last = step.at(-1) ?? anchor;
      if (view.feedOf(last)) {
        next.push(step);
        result.consulted.push(last);
      } else result.missing.push(last);
    }
    level = next;
  }
  return result;

  function targetsOf(chain: Chain): string[] {
    const subjects = view.recognitionsBy(chain.at(-1) ?? anchor);
    const found =
      targets.size <= subjects.size
        ? [...targets].filter((target) => subjects.has(target))
        : [...subjects.keys()].filter((subject) => targets.has(subject));
    return found.filter((target) => !chain.includes(target)).sort();
  }

  function onwardOf(chain: Chain): Chain[] {
    return view
      .onwardBy(chain.at(-1) ?? anchor)
      .filter((subject) => !chain.includes(subject))
      .map((subject) => [...chain, subject]);
  }
}

/** First of each list, then second of each, and so on. */
function* inTurns<T>(lists: readonly (readonly T[])[]): Generator<T> {
  const longest = lists.reduce((most, list) => Math.max(most, list.length), 0);
  for (let turn = 0; turn < longest; turn++)
    for (const list of lists) {
      const item = list[turn];
      if (item !== undefined) yield item;
    }
}
