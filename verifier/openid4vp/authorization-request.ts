import type { ResponseJwk } from '../../keys/response-keys.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { clientMetadata } from './client-metadata.js';
import type { PresentationSession } from './presentation-session.js';

/** Scheme wallets register for requests (OpenID4VP 1.0 §13.1.2). */
const SCHEME = 'openid4vp://';

/**
 * Parameters of an authorization request (OpenID4VP 1.0 §5.1, §5.2, §8.2).
 * @param options `name`: of this verifier, for people; `encryptTo`: key of the answer, for `direct_post.jwt`
 */
export function authorizationRequest(
  session: PresentationSession,
  options: { name?: string | undefined; encryptTo?: ResponseJwk | undefined },
): JsonObject {
  return {
    response_type: 'vp_token',
    response_mode: session.mode,
    client_id: session.clientId,
    response_uri: session.responseUri,
    nonce: session.nonce,
    state: session.state,
    dcql_query: JSON.parse(JSON.stringify(session.query)) as JsonObject,
    client_metadata: clientMetadata(session.query, options),
  };
}

/** Link with all parameters in it, for requests that must not be signed (OpenID4VP 1.0 §5.9.3). */
export function linkByValue(parameters: JsonObject): string {
  const query = Object.entries(parameters).map(
    ([name, value]) => `${name}=${encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value))}`,
  );
  return `${SCHEME}?${query.join('&')}`;
}

/** Link to a signed request object (OpenID4VP 1.0 §5.10): short enough for a small QR code. */
export function linkByReference(clientId: string, requestUri: string): string {
  return `${SCHEME}?client_id=${encodeURIComponent(clientId)}&request_uri=${encodeURIComponent(requestUri)}&request_uri_method=post`;
}

/** The same request as a web address that opens our own wallet; what stands after `#` reaches no server. */
export function walletLink(walletUrl: string, link: string): string {
  return `${walletUrl.replace(/\/$/, '')}/#openid4vp:${encodeURIComponent(link)}`;
}
