import { YizhengError } from '../../shared/errors.js';
import type { FeedFetch } from '../../shared/trust/feed-fetch.js';

const TIMEOUT_MS = 30_000;

/**
 * Gets feeds from the one host this verifier was opened from, which hands on what the authorities signed; no other host is asked.
 * @param base address below which the feeds lie, with a slash at its end
 * @returns by authority, its FeedFetch; that throws YizhengError `OFFLINE`, `FETCH_STATUS`, `FEED_TOO_LARGE`
 */
export function mirrorFetch(base: string): (authority: string) => FeedFetch {
  return (authority) => async (path, maxBytes) => {
    const address = new URL(`${encodeURIComponent(authority)}/${path}`, base);
    let response: Response;
    try {
      response = await fetch(address, {
        cache: 'no-store',
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (cause) {
      throw new YizhengError('OFFLINE', 'The host this verifier came from cannot be reached.', { cause });
    }
    if (response.status === 404) return undefined;
    if (!response.ok)
      throw new YizhengError('FETCH_STATUS', `The host answered with status ${response.status}.`, { at: authority });
    return readBounded(response, maxBytes);
  };
}

/** Reads a body, but no more of it than is wanted. @throws YizhengError `FEED_TOO_LARGE`, `OFFLINE` when it breaks off */
export async function readBounded(response: Response, maxBytes: number): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
      length += next.value.length;
      if (length > maxBytes) break;
      chunks.push(next.value);
    }
  } catch (cause) {
    throw new YizhengError('OFFLINE', 'The connection broke off.', { cause });
  }
  if (length > maxBytes) {
    await reader?.cancel();
    throw new YizhengError('FEED_TOO_LARGE', 'The host sends more than it should.');
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
