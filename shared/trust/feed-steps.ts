import { bytesOf, hexOf, sha256Hex } from './digest.js';
import { PURE_CRYPTO, type FeedCrypto } from './feed-crypto.js';
import {
  feedError,
  freshnessSchema,
  manifestSchema,
  meetsThreshold,
  readEnvelope,
  readPayload,
  type FeedFreshness,
  type FeedManifest,
  type FeedRoot,
} from './feed-metadata.js';
import { MAX_PART_BYTES, PART_NAMES, type PartReference } from './feed-part.js';
import type { Envelope } from './jws.js';
import { DAY, instant } from './time.js';
import type { HeldFeed } from './verify-feed.js';

/** Two manifests an authority signed that cannot both be: proof against it, for anyone (TRUST §3.2-4). */
export interface FeedEvidence {
  authority: string;
  code: 'FEED_EQUIVOCATION' | 'FEED_FORK';
  /** Signed manifest held, and the one offered. */
  manifests: [Envelope, Envelope];
}

/** Step 2. @throws YizhengError `FEED_ROOT_EXPIRED` */
export function checkRootExpiry(root: FeedRoot, now: number): void {
  if (instant(root.expires) <= now)
    throw feedError('FEED_ROOT_EXPIRED', root.authority, 'The root of the feed has expired.');
}

/**
 * Step 3, without the age: signature, and nothing older than what is held.
 * @param context `known`: the feed as held, under the same online keys; `newest` milliseconds: nothing may be dated more than a day
 *   after it
 * @throws YizhengError `FEED_SIGNATURE_INVALID`, `FEED_FROM_FUTURE`, `FEED_ROLLBACK`, `FEED_AUTHORITY_MISMATCH`
 */
export function checkFreshness(
  file: unknown,
  root: FeedRoot,
  { known, newest, crypto }: { known: HeldFeed | undefined; newest: number; crypto?: FeedCrypto | undefined },
): FeedFreshness {
  const freshness = signed(file, 'freshness', root, freshnessSchema, crypto).value;
  if (instant(freshness.issuedAt) > newest + DAY)
    throw feedError('FEED_FROM_FUTURE', root.authority, 'The feed is dated in the future.');
  if (
    known &&
    (instant(freshness.issuedAt) < instant(known.freshness.issuedAt) || freshness.sequence < known.freshness.sequence)
  )
    throw feedError('FEED_ROLLBACK', root.authority, 'The feed is older than the one already held.');
  return freshness;
}

/**
 * Step 4: the manifest is the one the freshness file names, and follows the one held.
 * @throws YizhengError `FEED_SIGNATURE_INVALID`, `FEED_MANIFEST_MISMATCH`, `FEED_AUTHORITY_MISMATCH`, and with {@link FeedEvidence}
 *   as `cause` `FEED_EQUIVOCATION`, `FEED_FORK`
 */
export function checkManifest(
  file: unknown,
  root: FeedRoot,
  freshness: FeedFreshness,
  known: HeldFeed | undefined,
  crypto?: FeedCrypto,
): { manifest: FeedManifest; manifestSha256: string } {
  const { authority } = root;
  const { text, value: manifest } = signed(file, 'registry', root, manifestSchema, crypto);
  const manifestSha256 = sha256Hex(text);
  if (manifestSha256 !== freshness.manifestSha256 || manifest.sequence !== freshness.sequence)
    throw feedError('FEED_MANIFEST_MISMATCH', authority, 'The manifest is not the one the freshness file names.');
  const contradicts = (code: FeedEvidence['code'], message: string, held: HeldFeed) => {
    const evidence: FeedEvidence = { authority, code, manifests: [held.signed.manifest, readEnvelope(file)] };
    return feedError(code, authority, message, evidence);
  };
  if (known?.manifest.sequence === manifest.sequence && known.manifestSha256 !== manifestSha256)
    throw contradicts(
      'FEED_EQUIVOCATION',
      'The authority signed two different manifests with one sequence number.',
      known,
    );
  if (known?.manifest.sequence === manifest.sequence - 1 && manifest.prev !== known.manifestSha256)
    throw contradicts('FEED_FORK', 'The manifest does not follow the one already held.', known);
  return { manifest, manifestSha256 };
}

/** The parts a client reads: those of names it knows, none larger than it takes. @throws YizhengError `FEED_PART_LENGTH` */
export function partsToRead(manifest: FeedManifest, maxPartBytes = MAX_PART_BYTES): PartReference[] {
  const parts = manifest.parts.filter(({ name }) => (PART_NAMES as readonly string[]).includes(name));
  for (const { name, length } of parts)
    if (length > maxPartBytes)
      throw feedError('FEED_PART_LENGTH', manifest.authority, `Part ${name} is larger than ${maxPartBytes} bytes.`);
  return parts;
}

/** Step 5: a part is what the manifest says. @throws YizhengError `FEED_PART_LENGTH`, `FEED_PART_HASH` */
export function checkPart(
  authority: string,
  part: PartReference,
  text: string,
  crypto: FeedCrypto = PURE_CRYPTO,
): void {
  const bytes = bytesOf(text);
  if (bytes.length !== part.length)
    throw feedError('FEED_PART_LENGTH', authority, `Part ${part.name} does not have the length the manifest says.`);
  // Half a character is encoded as U+FFFD, so such a text would have the hash of another.
  if (!text.isWellFormed() || hexOf(crypto.sha256(bytes)) !== part.sha256)
    throw feedError('FEED_PART_HASH', authority, `Part ${part.name} does not have the hash the manifest says.`);
}

function signed<T extends { authority: string }>(
  file: unknown,
  role: 'registry' | 'freshness',
  root: FeedRoot,
  schema: Parameters<typeof readPayload<T>>[1],
  crypto: FeedCrypto | undefined,
): { text: string; value: T } {
  const { authority } = root;
  const envelope = readEnvelope(file);
  if (!meetsThreshold(envelope, role === 'registry' ? 'manifest' : 'freshness', root, role, crypto))
    throw feedError('FEED_SIGNATURE_INVALID', authority, `The ${role} signature of the feed is not valid.`);
  const payload = readPayload(envelope, schema);
  if (payload.value.authority !== authority)
    throw feedError('FEED_AUTHORITY_MISMATCH', authority, 'A file of the feed speaks for another authority.');
  return payload;
}
