import { YizhengError } from '../shared/errors.js';
import { parseJson } from '../shared/json/parse-json.js';
import { feedFetcher } from '../shared/trust/feed-fetch.js';
import { MAX_METADATA_BYTES, readEnvelope, readPayload, rootSchema } from '../shared/trust/feed-metadata.js';
import { MAX_ROOTS } from '../shared/trust/root-chain.js';
import type { SafeFetch } from '../server/safe-fetch.js';

const LIMITS = { maxBytes: MAX_METADATA_BYTES, maxDepth: 6, maxNodes: 200 };
/** All roots of an authority, oldest first; a version that is not there ends the row. */
async function fetchRoots(fetch: SafeFetch, authority: string): Promise<unknown[]> {
  const get = feedFetcher(fetch)(authority);
  const roots: unknown[] = [];
  for (let version = 1; version <= MAX_ROOTS; version++) {
    const body = await get(`root/${version}.json`, MAX_METADATA_BYTES);
    if (!body) break;
    roots.push(readEnvelope(parseJson(body, LIMITS)));
  }
  return roots;
}

/**
 * The newest root of an authority with the digest to pin.
 * @throws YizhengError `FEED_ROOT_UNKNOWN` (502) when it publishes none, as the fetcher, `FETCH_STATUS`
 */
export async function fetchNewestRoot(fetch: SafeFetch, authority: string): Promise<{ version: number; text: string }> {
  const newest = (await fetchRoots(fetch, authority)).at(-1);
  const root = newest === undefined ? undefined : readPayload(readEnvelope(newest), rootSchema);
  if (root?.value.authority !== authority)
    throw new YizhengError('FEED_ROOT_UNKNOWN', 'The authority publishes no registry root of its own.', {
      status: 502,
      at: authority,
    });
  return { version: root.value.version, text: root.text };
}
