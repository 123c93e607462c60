import { z } from 'zod';
import { errorCode, YizhengError } from '../../shared/errors.js';
import { BUNDLE_LIMITS } from '../../shared/json/parse-json.js';
import type { BundleFeed } from '../verify/types.js';
import { engine } from '../verify/verify-client.js';
import { readBounded } from './mirror-fetch.js';

/** An authority that can be chosen, with the root it would be believed from. */
export interface Offer {
  anchor: string;
  name: string;
  /** Digest of its root, as whoever offers it says; the reader compares it with what the authority announces. */
  rootDigest: string;
  /** Other digests the bundle's root chain would also be found by. */
  otherDigests: readonly string[];
  dataAsOf: string | null;
  /** Where it comes from. */
  source: 'server' | 'file' | 'embedded';
  bundle: () => Promise<Uint8Array>;
}

/** What the host this app came from offers. */
export interface ServerOffers {
  offers: Offer[];
  /** Hosts of this verifier: addresses in QR codes that point elsewhere get a warning. */
  hosts: string[];
}

const trustAnswer = z.object({
  hosts: z.array(z.string()).default([]),
  anchors: z.array(
    z.object({
      anchor: z.string(),
      name: z.string().nullable(),
      rootDigest: z.string().optional(),
      dataAsOf: z.string().nullable(),
    }),
  ),
});
const embedded = z.object({
  anchor: z.string(),
  rootDigest: z.string(),
  hosts: z.array(z.string()).default([]),
  bundle: z.record(z.string(), z.unknown()),
});
const MAX_TRUST_BYTES = 1024 * 1024;

let host: string | undefined;

/** Says which verifier gives this app its trust data, when it is not the host the app came from. */
export function setTrustHost(address: string): void {
  host = address;
}

/** Address below which the host hands on the feeds it holds. */
export function feedsAddress(): string {
  return new URL('trust/feeds/', host ?? document.baseURI).href;
}

/**
 * Asks the host this app came from which authorities it offers.
 * @throws YizhengError `OFFLINE`, `OFFERS_NONE` when it is a plain folder of files
 */
export async function serverOffers(): Promise<ServerOffers> {
  const answer = trustAnswer.safeParse(json(await get('trust', MAX_TRUST_BYTES)));
  if (!answer.success) throw noOffers();
  const { anchors, hosts } = answer.data;
  return {
    hosts,
    offers: anchors.flatMap(({ anchor, name, rootDigest, dataAsOf }) =>
      rootDigest === undefined || dataAsOf === null
        ? []
        : [
            {
              anchor,
              name: name ?? anchor,
              rootDigest,
              otherDigests: [],
              dataAsOf,
              source: 'server' as const,
              bundle: () => get(`trust/bundle?anchor=${encodeURIComponent(anchor)}`, BUNDLE_LIMITS.maxBytes),
            },
          ],
    ),
  };
}

/**
 * The authorities a bundle file holds.
 * @throws YizhengError `BUNDLE_INVALID` for what is no bundle at all, `FEED_*`
 */
export async function fileOffers(bytes: Uint8Array): Promise<Offer[]> {
  const feeds = await engine.ask('inspect', { bytes }).catch((cause: unknown) => {
    const code = errorCode(cause, '');
    if (!code.startsWith('JSON_')) throw cause;
    throw new YizhengError('BUNDLE_INVALID', 'This is no bundle file.', { cause });
  });
  return feeds.map((feed) => offerOf(feed, 'file', bytes));
}

/** The bundle the single file carries, and the hosts it was told; undefined when it carries none or it cannot be read. */
export async function embeddedOffer(): Promise<{ offer: Offer; hosts: string[] } | undefined> {
  const text = document.getElementById('embedded-trust')?.textContent ?? 'null';
  const found = embedded.safeParse(JSON.parse(text));
  if (!found.success) return undefined;
  const { anchor, rootDigest, hosts, bundle } = found.data;
  const bytes = new TextEncoder().encode(JSON.stringify(bundle));
  const feed = (await engine.ask('inspect', { bytes })).find(({ authority }) => authority === anchor);
  return feed && { hosts, offer: { ...offerOf(feed, 'embedded', bytes), rootDigest } };
}

function offerOf(
  { authority, name, rootDigests, issuedAt }: BundleFeed,
  source: Offer['source'],
  bytes: Uint8Array,
): Offer {
  return {
    anchor: authority,
    name,
    rootDigest: rootDigests.at(-1) ?? '',
    otherDigests: rootDigests.slice(0, -1),
    dataAsOf: issuedAt,
    source,
    bundle: () => Promise.resolve(bytes),
  };
}

async function get(path: string, maxBytes: number): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(new URL(path, host ?? document.baseURI), { cache: 'no-store', redirect: 'error' });
  } catch (cause) {
    throw new YizhengError('OFFLINE', 'The host this verifier came from cannot be reached.', { cause });
  }
  if (response.status === 404) throw noOffers();
  if (!response.ok) throw new YizhengError('FETCH_STATUS', `The host answered with status ${response.status}.`);
  return readBounded(response, maxBytes);
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw noOffers();
  }
}

function noOffers(): YizhengError {
  return new YizhengError('OFFERS_NONE', 'The host this verifier came from offers no authority; choose a bundle file.');
}
