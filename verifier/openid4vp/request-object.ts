import { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';
import { parseJsonObject, type JsonObject } from '../../shared/json/parse-json.js';
import type { ClientIdentifier } from './client-identifier.js';

/** Media type of a signed request object (RFC 9101 §10.2). */
export const REQUEST_OBJECT_TYPE = 'application/oauth-authz-req+jwt';

/** `aud` of a request object for wallets that were not discovered (OpenID4VP 1.0 §5.8). */
export const SELF_ISSUED_AUDIENCE = 'https://self-issued.me/v2';

/** What a wallet may send when it fetches its request by POST (OpenID4VP 1.0 §5.10). */
export interface RequestUriPost {
  walletNonce?: string;
}

const walletNonce = z
  .string()
  .max(500)
  .regex(/^[\x21-\x7e]+$/);
const METADATA_LIMITS = { maxBytes: 32 * 1024, maxDepth: 8, maxNodes: 400 };

/**
 * Reads the form of a POST to the request URI. The wallet's metadata must be JSON; what it supports is left to it to answer by.
 * @throws YizhengError `WALLET_NONCE_INVALID`, and `JSON_*` for its metadata
 */
export function readRequestUriPost(form: ReadonlyMap<string, string>): RequestUriPost {
  const metadata = form.get('wallet_metadata');
  if (metadata !== undefined) parseJsonObject(metadata, METADATA_LIMITS);
  const nonce = form.get('wallet_nonce');
  if (nonce === undefined) return {};
  if (!walletNonce.safeParse(nonce).success)
    throw new YizhengError('WALLET_NONCE_INVALID', 'wallet_nonce must be at most 500 visible ASCII characters.');
  return { walletNonce: nonce };
}

/**
 * Signs a request object (OpenID4VP 1.0 §5, RFC 9101).
 * @param parameters of the authorization request
 * @param times `expiresAt`: RFC 3339; the object proves nothing afterwards
 * @throws YizhengError `REQUEST_NOT_SIGNED` (404) for a client that does not sign, `REQUEST_CERTIFICATE`
 */
export async function signRequestObject(
  parameters: JsonObject,
  client: ClientIdentifier,
  { walletNonce: nonce }: RequestUriPost,
  times: { now: Date; expiresAt: string },
): Promise<string> {
  if (!client.sign)
    throw new YizhengError('REQUEST_NOT_SIGNED', 'This verifier puts its requests into their links.', { status: 404 });
  return client.sign({
    ...parameters,
    aud: SELF_ISSUED_AUDIENCE,
    iat: Math.floor(times.now.getTime() / 1000),
    exp: Math.floor(Date.parse(times.expiresAt) / 1000),
    ...(nonce !== undefined && { wallet_nonce: nonce }),
  });
}
