import { timingSafeEqual } from 'node:crypto';
import type { ResponseKeys } from '../../keys/response-keys.js';
import { YizhengError } from '../../shared/errors.js';
import { isJsonObject, parseJsonObject, type JsonLimits, type JsonObject } from '../../shared/json/parse-json.js';
import type { PresentationSession } from './presentation-session.js';

/** Largest answer, in bytes of its form. */
export const MAX_RESPONSE_BYTES = 400_000;

const LIMITS: JsonLimits = { maxBytes: 300_000, maxDepth: 24, maxNodes: 2000 };

/** What a wallet sent. */
export type WalletResponse = { vpToken: JsonObject } | { error: string };

/**
 * Reads an answer of `direct_post` or `direct_post.jwt` (OpenID4VP 1.0 §8.2, §8.3, §8.5). Nothing of it is believed yet; it belongs to
 * this session by its `state`, and by its key where it is encrypted.
 * @throws YizhengError `RESPONSE_NOT_ENCRYPTED`, `RESPONSE_NOT_DECRYPTED`, `RESPONSE_FORMAT`, `STATE_MISMATCH`, `JSON_*`
 */
export async function readDirectPost(
  form: ReadonlyMap<string, string>,
  session: PresentationSession,
  keys: ResponseKeys,
): Promise<WalletResponse> {
  const encrypted = form.get('response');
  if (encrypted !== undefined && session.mode === 'direct_post.jwt') {
    if (!/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+){3}$/.test(encrypted)) throw malformed('response');
    const said = parseJsonObject(await keys.decrypt(session.salt, encrypted), LIMITS);
    return readParameters(said, session);
  }
  const error = form.get('error');
  if (error !== undefined) return readParameters({ error, state: form.get('state') ?? null }, session);
  if (session.mode === 'direct_post.jwt')
    throw new YizhengError('RESPONSE_NOT_ENCRYPTED', 'The answer must be encrypted to the key in the request.');
  const vpToken = form.get('vp_token');
  if (vpToken === undefined) throw malformed('vp_token');
  return readParameters({ vp_token: parseJsonObject(vpToken, LIMITS), state: form.get('state') ?? null }, session);
}

function readParameters(said: JsonObject, session: PresentationSession): WalletResponse {
  const { state, error, vp_token: vpToken } = said;
  if (typeof state !== 'string' || !sameText(state, session.state))
    throw new YizhengError('STATE_MISMATCH', 'The answer belongs to another request.');
  if (typeof error === 'string') return { error: /^[a-z_]{1,60}$/.test(error) ? error : 'unknown_error' };
  if (!isJsonObject(vpToken)) throw malformed('vp_token');
  return { vpToken };
}

function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function malformed(at: string): YizhengError {
  return new YizhengError('RESPONSE_FORMAT', `The answer holds no ${at} that can be read.`, { at });
}
