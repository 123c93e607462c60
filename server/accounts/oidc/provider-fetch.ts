import type { CustomFetch } from 'openid-client';
import { YizhengError } from '../../../shared/errors.js';
import type { SafeFetch } from '../../safe-fetch.js';

/** Largest document of a provider: metadata, keys, tokens. */
const MAX_BYTES = 256 * 1024;

/**
 * The one way the OpenID client reaches the provider: `server/safe-fetch`, so that neither metadata nor keys nor a token endpoint lead inside,
 * redirect, or take for ever. A provider that fails (5xx) counts as one that cannot be reached.
 */
export function providerFetch(fetch: SafeFetch): CustomFetch {
  return async (url, { method, body, headers, signal }) => {
    const {
      status,
      contentType,
      body: answer,
    } = await fetch(url, {
      accept: 'application/json',
      maxBytes: MAX_BYTES,
      ...(signal && { signal }),
      ...(method === 'POST' && { post: { headers, body: formText(body) } }),
    });
    if (status >= 500)
      throw new YizhengError('FETCH_UNREACHABLE', `The identity provider answered ${status}.`, { status: 502 });
    return new Response(status === 204 ? null : Uint8Array.from(answer), {
      status,
      ...(contentType !== null && { headers: { 'content-type': contentType } }),
    });
  };
}

function formText(body: Parameters<CustomFetch>[1]['body']): string {
  if (body instanceof URLSearchParams || typeof body === 'string') return body.toString();
  throw new TypeError('the OpenID client posts forms only');
}
