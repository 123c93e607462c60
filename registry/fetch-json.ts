import { YizhengError } from '../shared/errors.js';
import { parseJson, type JsonLimits, type JsonValue } from '../shared/json/parse-json.js';
import type { SafeFetch } from '../server/safe-fetch.js';

/** Limits of a DID document or a list of addresses. */
const LIMITS: JsonLimits = { maxBytes: 256 * 1024, maxDepth: 12, maxNodes: 4000 };

/** One fetcher for a whole conversation with one other site: all its requests together end after `milliseconds`. */
export function withDeadline(fetch: SafeFetch, milliseconds: number): SafeFetch {
  const signal = AbortSignal.timeout(milliseconds);
  return (url, options) => fetch(url, { ...options, signal });
}

/** Most time one other site may take of an update, milliseconds. */
export const SITE_DEADLINE_MS = 60_000;

/** Gets the bytes at an address. @throws YizhengError as the fetcher; `FETCH_STATUS` (502) for any status but 200 */
export async function fetchBytes(fetch: SafeFetch, url: string, maxBytes: number): Promise<Uint8Array> {
  const { status, body } = await fetch(url, { maxBytes });
  if (status !== 200)
    throw new YizhengError('FETCH_STATUS', `The address answered with status ${status}.`, { status: 502, at: url });
  return body;
}

/** Gets a small JSON document. @throws YizhengError as {@link fetchBytes}, `JSON_*` */
export async function fetchJson(fetch: SafeFetch, url: string, limits = LIMITS): Promise<JsonValue> {
  return parseJson(await fetchBytes(fetch, url, limits.maxBytes), limits);
}
