import { didWebUrl } from '../shared/did/did-web-url.js';
import { YizhengError } from '../shared/errors.js';
import { parseJson } from '../shared/json/parse-json.js';
import {
  freshnessSchema,
  manifestSchema,
  MAX_METADATA_BYTES,
  readEnvelope,
  readPayload,
  rootSchema,
} from '../shared/trust/feed-metadata.js';
import { MAX_PART_BYTES, PART_NAMES } from '../shared/trust/feed-part.js';
import type { FeedFiles } from '../shared/trust/verify-feed.js';
import type { SafeFetch } from '../server/safe-fetch.js';
import { fetchBytes, fetchJson } from './fetch-json.js';

const LIMITS = { maxBytes: MAX_METADATA_BYTES, maxDepth: 6, maxNodes: 200 };
const MAX_ROOTS = 256;

/** Address below which an authority's registry lies. */
export function registryUrl(authority: string): string {
  return `${didWebUrl(authority)}/registry`;
}

/**
 * Downloads the files of an authority's feed. Nothing is believed yet: `verifyFeed` decides.
 * @param held plain text of parts already at hand, by SHA-256; they are not fetched again
 * @throws YizhengError as `fetchJson`; `FEED_PART_LENGTH`, `FEED_PART_MISSING`
 */
export async function fetchFeed(
  fetch: SafeFetch,
  authority: string,
  held: Readonly<Record<string, string>> = {},
): Promise<FeedFiles> {
  const base = registryUrl(authority);
  const get = (path: string) => fetchJson(fetch, `${base}/${path}`, LIMITS);
  const freshness = await get('freshness.json');
  const { sequence } = readPayload(readEnvelope(freshness), freshnessSchema).value;
  const manifest = await get(`manifest/${sequence}.json`);
  const parts: Record<string, string> = {};
  for (const part of readPayload(readEnvelope(manifest), manifestSchema).value.parts) {
    if (!(PART_NAMES as readonly string[]).includes(part.name)) continue;
    if (part.length > MAX_PART_BYTES)
      throw new YizhengError('FEED_PART_LENGTH', `Part ${part.name} is larger than ${MAX_PART_BYTES} bytes.`, {
        status: 502,
      });
    parts[part.name] =
      held[part.sha256] ??
      new TextDecoder().decode(await fetchBytes(fetch, `${base}/parts/${part.sha256}`, part.length));
  }
  return { roots: await fetchRoots(fetch, authority), freshness, manifest, parts };
}

/** All roots of an authority, oldest first; a version that is not there ends the row. */
async function fetchRoots(fetch: SafeFetch, authority: string): Promise<unknown[]> {
  const roots: unknown[] = [];
  for (let version = 1; version <= MAX_ROOTS; version++) {
    const { status, body } = await fetch(`${registryUrl(authority)}/root/${version}.json`, {
      maxBytes: MAX_METADATA_BYTES,
    });
    if (status === 404) break;
    if (status !== 200)
      throw new YizhengError('FETCH_STATUS', `The registry answered with status ${status}.`, {
        status: 502,
        at: authority,
      });
    roots.push(readEnvelope(parseJson(body, LIMITS)));
  }
  return roots;
}

/**
 * The newest root of an authority with the digest to pin.
 * @throws YizhengError `FEED_ROOT_UNKNOWN` (502) when it publishes none, as `fetchJson`
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
