import { didWebUrl } from '../did/did-web-url.js';
import { YizhengError } from '../errors.js';

/**
 * Gets a file of a feed.
 * @param path below the registry's address, e.g. `freshness.json`
 * @param maxBytes how much of it to read; more is an error
 * @returns its bytes; undefined when there is no such file. Rejects when it cannot be found out.
 */
export type FeedFetch = (path: string, maxBytes: number) => Promise<Uint8Array | undefined>;

/** Gets a document at an address others chose, e.g. `createSafeFetch` of `server/`. */
export type DocumentFetch = (
  url: string,
  options: { maxBytes: number },
) => Promise<{ status: number; body: Uint8Array }>;

/** Address below which an authority's registry lies. @throws YizhengError `DID_*` when it is no did:web */
export function registryUrl(authority: string): string {
  return `${didWebUrl(authority)}/registry`;
}

/**
 * Gets feeds from where the authorities publish them.
 * @returns by authority, its {@link FeedFetch}; that throws what `fetch` throws, and YizhengError `FETCH_STATUS` (502) for any status
 *   but 200 and 404
 */
export function feedFetcher(fetch: DocumentFetch): (authority: string) => FeedFetch {
  return (authority) => async (path, maxBytes) => {
    const { status, body } = await fetch(`${registryUrl(authority)}/${path}`, { maxBytes });
    if (status === 404) return undefined;
    if (status !== 200)
      throw new YizhengError('FETCH_STATUS', `The registry answered with status ${status}.`, {
        status: 502,
        at: authority,
      });
    return body;
  };
}
