import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import { YizhengError } from '../shared/errors.js';
import { isLoopbackAddress, isPublicAddress } from './safe-fetch-address.js';
import { checkFetchUrl, type FetchUrlRules } from './safe-fetch-url.js';

/** One address of a host. */
export interface ResolvedAddress {
  address: string;
  family: 4 | 6;
}

/** What came back. Any status below 300 or from 400 on; redirects are errors. */
export interface FetchedDocument {
  status: number;
  /** `content-type` as sent, or null. */
  contentType: string | null;
  body: Uint8Array;
}

/** Settings of {@link createSafeFetch}. */
export interface SafeFetchOptions extends Partial<FetchUrlRules> {
  /** Largest body in bytes; 1 MiB unless given. */
  maxBytes?: number;
  /** Total time from resolving to the last byte, milliseconds; 5,000 unless given. */
  timeoutMs?: number;
  /** All addresses of a host; the system resolver unless given. */
  resolve?: (host: string) => Promise<readonly ResolvedAddress[]>;
}

/**
 * Gets one document, or posts one and gets the answer.
 * @param options `accept`: media types; `maxBytes`: instead of the fetcher's; `signal`: gives up early; `post`: sends this instead, with
 *   headers of its own, e.g. `content-type` and `authorization`
 * @throws YizhengError the codes of `checkFetchUrl`, and (502) `FETCH_ADDRESS` (a resolved address is not public),
 *   `FETCH_UNREACHABLE`, `FETCH_REDIRECT`, `FETCH_ENCODING`, `FETCH_TOO_LARGE`, (504) `FETCH_TIMEOUT`, (499) `FETCH_ABORTED`
 */
export type SafeFetch = (
  url: string,
  options?: {
    accept?: string;
    maxBytes?: number;
    signal?: AbortSignal;
    post?: { headers: Readonly<Record<string, string>>; body: string };
  },
) => Promise<FetchedDocument>;

/**
 * Makes the one fetcher for addresses that others chose: did:web documents, status lists, feeds, logos, webhooks
 * (design/SECURITY.md F13, §2.4).
 *
 * https on port 443 only; no IP literal, no user info; **every** resolved address must be public and the connection goes
 * to exactly those addresses, so a second DNS answer changes nothing; redirects are refused, not followed; bodies are
 * taken uncompressed, counted while they stream, and all of it has one deadline. No proxy of the environment is used.
 */
export function createSafeFetch(options: SafeFetchOptions = {}): SafeFetch {
  const { allowLoopback = false, allowedHosts, maxBytes = 1024 * 1024, timeoutMs = 5000 } = options;
  const { resolve = systemResolve } = options;
  const rules: FetchUrlRules = { allowLoopback, ...(allowedHosts && { allowedHosts }) };

  return async (address, request = {}) => {
    const url = checkFetchUrl(address, rules);
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = request.signal ? AbortSignal.any([deadline, request.signal]) : deadline;
    let client: Client | undefined;
    try {
      const addresses = checkAddresses(await abortable(resolve(url.hostname), signal), url.hostname === 'localhost');
      client = new Client(url.origin, {
        pipelining: 1,
        allowH2: false,
        connect: { lookup: pinnedLookup(addresses), timeout: timeoutMs, autoSelectFamily: true },
      });
      const response = await client.request({
        method: request.post ? 'POST' : 'GET',
        path: `${url.pathname}${url.search}`,
        ...(request.post && { body: request.post.body }),
        headers: {
          ...request.post?.headers,
          accept: request.accept ?? '*/*',
          'accept-encoding': 'identity',
          'user-agent': 'yizheng',
          connection: 'close',
        },
        signal,
      });
      return await readDocument(response, request.maxBytes ?? maxBytes);
    } catch (cause) {
      if (cause instanceof YizhengError) throw cause;
      if (request.signal?.aborted)
        throw new YizhengError('FETCH_ABORTED', 'Fetching was given up.', { status: 499, cause });
      if (deadline.aborted)
        throw new YizhengError('FETCH_TIMEOUT', `${url.host} did not answer within ${timeoutMs} ms.`, {
          status: 504,
          cause,
        });
      throw refused('FETCH_UNREACHABLE', `${url.host} cannot be reached.`, cause);
    } finally {
      await client?.destroy();
    }
  };
}

async function systemResolve(host: string): Promise<ResolvedAddress[]> {
  const addresses = await lookup(host, { all: true });
  return addresses.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

function checkAddresses(addresses: readonly ResolvedAddress[], isLoopback: boolean): readonly ResolvedAddress[] {
  if (addresses.length === 0) throw new Error('The host has no address.');
  const isAllowed = isLoopback ? isLoopbackAddress : isPublicAddress;
  if (!addresses.every(({ address }) => isAllowed(address)))
    throw refused('FETCH_ADDRESS', 'The host has an address that is not on the public Internet.');
  return addresses.map(({ address }) => ({ address, family: address.includes(':') ? 6 : 4 }));
}

function pinnedLookup(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_host, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}

async function readDocument(response: Dispatcher.ResponseData, maxBytes: number): Promise<FetchedDocument> {
  const { statusCode: status, headers } = response;
  if (status >= 300 && status < 400) throw refused('FETCH_REDIRECT', 'The address redirects; redirects are refused.');
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    throw refused('FETCH_ENCODING', 'The server compressed its answer although none was asked for.');
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  const type = headers['content-type'];
  const contentType = typeof type === 'string' ? type : null;
  return { status, contentType, body: new Uint8Array(Buffer.concat(chunks)) };
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new Error('aborted'));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

function refused(code: string, message: string, cause?: unknown): YizhengError {
  return new YizhengError(code, message, { status: 502, cause });
}

function tooLarge(maxBytes: number): YizhengError {
  return refused('FETCH_TOO_LARGE', `The answer is larger than ${maxBytes} bytes.`);
}
