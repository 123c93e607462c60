import { errorCode, YizhengError } from '../../../../../shared/errors.js';
import {
  isJsonObject,
  parseJsonObject,
  type JsonLimits,
  type JsonObject,
} from '../../../../../shared/json/parse-json.js';
import { readBounded } from '../../../../../ui/trust/mirror-fetch.js';
import type { Platform } from '../platform.js';

/** Limits of what a protocol endpoint may answer. */
const ANSWER_LIMITS: JsonLimits = { maxBytes: 512 * 1024, maxDepth: 24, maxNodes: 20_000 };
const TIMEOUT_MS = 20_000;

/** An answer, read within limits. */
export interface Answer {
  status: number;
  text: string;
  /** The body as an object, where it is one. */
  json?: JsonObject;
  retryAfterSeconds?: number;
}

/** What to send. */
export interface Asking {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
}

/**
 * Sends one request: no cookies, no referrer, no redirects followed, nothing cached.
 * @throws YizhengError `ADDRESS_UNSAFE` for anything but https (http for this device only), `HOST_UNREACHABLE`, `ANSWER_TOO_LARGE`
 */
export async function send(platform: Pick<Platform, 'fetch'>, url: string, asking: Asking = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = asking;
  const address = safeAddress(url);
  let response: Response;
  try {
    response = await platform.fetch(address, {
      method,
      headers: { accept: 'application/json', ...headers },
      ...(body !== undefined && { body }),
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    throw new YizhengError('HOST_UNREACHABLE', `${address.host} cannot be reached.`, { at: address.host, cause });
  }
  const text = await bodyOf(response, address.host);
  const json = jsonOf(text);
  const retry = Number(response.headers.get('retry-after') ?? NaN);
  return {
    status: response.status,
    text,
    ...(json && { json }),
    ...(Number.isFinite(retry) && { retryAfterSeconds: retry }),
  };
}

/** Sends a form (application/x-www-form-urlencoded). */
export function sendForm(
  platform: Pick<Platform, 'fetch'>,
  url: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return send(platform, url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
}

/** Sends JSON. */
export function sendJson(
  platform: Pick<Platform, 'fetch'>,
  url: string,
  value: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const body = JSON.stringify(value);
  return send(platform, url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
}

/** Parses an address the wallet may call. @throws YizhengError `ADDRESS_UNSAFE` */
export function safeAddress(url: string): URL {
  let address: URL;
  try {
    address = new URL(url);
  } catch (cause) {
    throw new YizhengError('ADDRESS_UNSAFE', 'This is not an address.', { cause });
  }
  const local = /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(address.hostname);
  const safe = address.protocol === 'https:' || (address.protocol === 'http:' && local);
  if (!safe || address.username !== '' || address.password !== '' || url.length > 2048)
    throw new YizhengError('ADDRESS_UNSAFE', 'The wallet calls https addresses only.', { at: address.host });
  return address;
}

async function bodyOf(response: Response, host: string): Promise<string> {
  try {
    return new TextDecoder().decode(await readBounded(response, ANSWER_LIMITS.maxBytes));
  } catch (cause) {
    if (errorCode(cause) === 'FEED_TOO_LARGE')
      throw new YizhengError('ANSWER_TOO_LARGE', `${host} sends more than it should.`, { at: host, cause });
    throw new YizhengError('HOST_UNREACHABLE', `The connection to ${host} broke off.`, { at: host, cause });
  }
}

function jsonOf(text: string): JsonObject | undefined {
  try {
    const value = parseJsonObject(text, ANSWER_LIMITS);
    return isJsonObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof YizhengError) return undefined;
    throw error;
  }
}
