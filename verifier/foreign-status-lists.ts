import { readStatusEntry } from '../shared/status/foreign-status-entry.js';
import { YizhengError } from '../shared/errors.js';
import { boundedLookup, givenUp, type LookupLimits } from './bounded-lookup.js';
import { signedParts } from './signed-parts.js';

/** Status lists by address, as a verification is given them. */
export type StatusListTexts = { [url: string]: string };

/** Limits of what strangers can make the verifier fetch. */
export interface ForeignStatusListLimits extends LookupLimits {
  /** Longest one fetch may take, milliseconds. */
  fetchMs: number;
  /** Most lists fetched for one request; further ones stay unknown. */
  perRequest: number;
}

/** Limits unless others are given. */
export const DEFAULT_STATUS_LIST_LIMITS: ForeignStatusListLimits = {
  fetchMs: 2000,
  atOnce: 8,
  perRequest: 4,
  keepMs: 60_000,
  kept: 50,
};

/** Fetches the status lists of others' credentials before they are verified. */
export interface ForeignStatusLists {
  /**
   * @param document as it came in, nothing about it verified
   * @throws YizhengError `VERIFIER_BUSY` (503)
   */
  listsFor(document: { readonly [member: string]: unknown }): Promise<StatusListTexts>;
}

/** Asks no address: every status of others stays unknown. */
export const NO_FOREIGN_STATUS_LISTS: ForeignStatusLists = { listsFor: () => Promise.resolve({}) };

/**
 * Makes the fetching of others' status lists (Bitstring Status List §3.2; SECURITY F3, F4, F13). The whole list is fetched, so its host
 * learns of no single credential.
 * @param fetchList gets a list from the address somebody else chose: SSRF-safe, heeding the signal
 */
export function createForeignStatusLists(
  fetchList: (url: string, signal: AbortSignal) => Promise<Uint8Array>,
  limits: Partial<ForeignStatusListLimits> = {},
): ForeignStatusLists {
  const { fetchMs, perRequest, ...bounds } = { ...DEFAULT_STATUS_LIST_LIMITS, ...limits };
  const look = boundedLookup(async (url) => {
    const signal = AbortSignal.timeout(fetchMs);
    try {
      return new TextDecoder().decode(await Promise.race([fetchList(url, signal), givenUp(signal)]));
    } catch (error) {
      if (error instanceof YizhengError) return undefined;
      throw error;
    }
  }, bounds);
  return {
    listsFor: async (document) => {
      const statuses = signedParts(document).flatMap((part) => part.statuses);
      const urls = [...new Set(statuses.flatMap(listOf))].slice(0, perRequest);
      const texts = await Promise.all(urls.map(async (url) => [url, await look(url)] as const));
      return Object.fromEntries(texts.filter((pair): pair is [string, string] => pair[1] !== undefined));
    },
  };
}

function listOf(entry: unknown): string[] {
  try {
    return [readStatusEntry(entry).list];
  } catch (error) {
    if (error instanceof YizhengError) return [];
    throw error;
  }
}
