import { digestMultibase } from './digest.js';
import type { FeedCrypto } from './feed-crypto.js';
import { feedError, meetsThreshold, readEnvelope, readPayload, rootSchema, type FeedRoot } from './feed-metadata.js';
import type { RootPin } from './verify-feed.js';

/** Most root versions one update walks over. */
export const MAX_ROOTS = 256;

/**
 * The root a file holds when it is the pinned one; undefined for any other root of the authority.
 * @throws YizhengError `FEED_SIGNATURE_INVALID` when the pinned root is below its own threshold, `FEED_AUTHORITY_MISMATCH`,
 *   `FEED_ENVELOPE_INVALID`, `FEED_METADATA_INVALID`, `JSON_*`
 */
export function pinnedRoot(authority: string, file: unknown, pin: RootPin, crypto?: FeedCrypto): FeedRoot | undefined {
  const envelope = readEnvelope(file);
  const { text, value } = readRoot(authority, file);
  if (digestMultibase(text) !== pin.digestMultibase) return undefined;
  if (!meetsThreshold(envelope, 'root', value, 'root', crypto))
    throw feedError('FEED_SIGNATURE_INVALID', authority, 'The pinned root is not signed by its own keys.');
  return value;
}

/**
 * The root after `current`: one version up, signed by the threshold of the old **and** the new keys (TRUST §3.2-1).
 * @throws YizhengError `FEED_ROOT_CHAIN`, `FEED_AUTHORITY_MISMATCH`, `FEED_ENVELOPE_INVALID`, `FEED_METADATA_INVALID`, `JSON_*`
 */
export function nextRoot(authority: string, file: unknown, current: FeedRoot, crypto?: FeedCrypto): FeedRoot {
  const envelope = readEnvelope(file);
  const { value } = readRoot(authority, file);
  if (value.version !== current.version + 1)
    throw feedError('FEED_ROOT_CHAIN', authority, `Root version ${current.version + 1} is missing.`);
  if (![current, value].every((root) => meetsThreshold(envelope, 'root', root, 'root', crypto)))
    throw feedError(
      'FEED_ROOT_CHAIN',
      authority,
      `Root version ${value.version} is not signed by enough old and new keys.`,
    );
  return value;
}

/** Reads a root; its signatures are not checked. @throws YizhengError `FEED_AUTHORITY_MISMATCH`, and as `readPayload` */
export function readRoot(authority: string, file: unknown): { text: string; value: FeedRoot } {
  const root = readPayload(readEnvelope(file), rootSchema);
  if (root.value.authority !== authority)
    throw feedError('FEED_AUTHORITY_MISMATCH', authority, 'A file of the feed speaks for another authority.');
  return root;
}

/** New online keys start new counters: so a stolen key that ran the sequence far ahead can be recovered from (TUF §5.3.11). */
export function onlineKeysChanged(old: FeedRoot, root: FeedRoot): boolean {
  const keys = ({ roles }: FeedRoot): string => [...roles.registry.keyids, '|', ...roles.freshness.keyids].join();
  return keys(old) !== keys(root);
}
