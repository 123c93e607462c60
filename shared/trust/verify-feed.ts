import { errorCode, YizhengError } from '../errors.js';
import { utf8Length } from '../json/parse-json.js';
import { digestMultibase, sha256Hex } from './digest.js';
import {
  feedError,
  freshnessSchema,
  manifestSchema,
  meetsThreshold,
  readEnvelope,
  readPayload,
  rootSchema,
  statementKeyOf,
  type FeedFreshness,
  type FeedManifest,
  type FeedRoot,
} from './feed-metadata.js';
import { MAX_PART_BYTES, PART_NAMES, readParts } from './feed-part.js';
import { DAY, instant } from './time.js';
import type { FeedContent } from './trust-view.js';

/** Digest of the payload of a root, as a recogniser's statement (or the app) pins it. */
export interface RootPin {
  version?: number;
  /** SHA-256 `digestMultibase` of the root's payload. */
  digestMultibase: string;
}

/** What a client keeps of a feed: plain JSON, verified when it was accepted. */
export interface HeldFeed {
  root: FeedRoot;
  freshness: FeedFreshness;
  manifest: FeedManifest;
  manifestSha256: string;
  /** Plain text of the parts, by SHA-256. */
  parts: Record<string, string>;
}

/** A feed as it arrives: files as JSON values, nothing believed yet. */
export interface FeedFiles {
  /** Root envelopes, oldest first. */
  roots: unknown[];
  freshness: unknown;
  manifest: unknown;
  /** Plain text of the parts, by part name. */
  parts: Record<string, string>;
}

/**
 * Verifies a feed against what is held of it (TUF §5, reduced; TRUST §3.2): root chain, root expiry, freshness, manifest, parts. All
 * or nothing.
 * @param context `pin`: the root to start from; `held`: what was accepted before; `now` and `newest` milliseconds: nothing may be
 *   dated more than a day after `newest`
 * @returns what to keep, and its content
 * @throws YizhengError `FEED_UNPINNED`, `FEED_ROOT_UNKNOWN`, `FEED_ROOT_CHAIN`, `FEED_ROOT_EXPIRED`, `FEED_SIGNATURE_INVALID`,
 *   `FEED_ROLLBACK`, `FEED_FROM_FUTURE`, `FEED_MANIFEST_MISMATCH`, `FEED_EQUIVOCATION`, `FEED_FORK`, `FEED_PART_MISSING`, `FEED_PART_LENGTH`,
 *   `FEED_PART_HASH`, `FEED_AUTHORITY_MISMATCH`, and those of `readParts`
 */
export function verifyFeed(
  authority: string,
  files: FeedFiles,
  context: { pin: RootPin | undefined; held: HeldFeed | undefined; now: number; newest: number },
): { held: HeldFeed; content: FeedContent } {
  const { held, now } = context;
  const root = walkRoots(authority, files.roots, context.pin, held?.root);
  if (instant(root.expires) <= now)
    throw feedError('FEED_ROOT_EXPIRED', authority, 'The root of the feed has expired.');
  const known = held && !onlineKeysChanged(held.root, root) ? held : undefined;

  const freshness = signed(authority, files.freshness, 'freshness', root, freshnessSchema).value;
  if (instant(freshness.issuedAt) > context.newest + DAY)
    throw feedError('FEED_FROM_FUTURE', authority, 'The feed is dated in the future.');
  if (
    known &&
    (instant(freshness.issuedAt) < instant(known.freshness.issuedAt) || freshness.sequence < known.freshness.sequence)
  )
    throw feedError('FEED_ROLLBACK', authority, 'The feed is older than the one already held.');

  const manifest = signed(authority, files.manifest, 'registry', root, manifestSchema);
  const manifestSha256 = sha256Hex(manifest.text);
  if (manifestSha256 !== freshness.manifestSha256 || manifest.value.sequence !== freshness.sequence)
    throw feedError('FEED_MANIFEST_MISMATCH', authority, 'The manifest is not the one the freshness file names.');
  if (known?.manifest.sequence === manifest.value.sequence && known.manifestSha256 !== manifestSha256)
    throw feedError(
      'FEED_EQUIVOCATION',
      authority,
      'The authority signed two different manifests with one sequence number.',
    );
  if (known?.manifest.sequence === manifest.value.sequence - 1 && manifest.value.prev !== known.manifestSha256)
    throw feedError('FEED_FORK', authority, 'The manifest does not follow the one already held.');

  const parts = collectParts(authority, manifest.value, files.parts, held);
  const next: HeldFeed = { root, freshness, manifest: manifest.value, manifestSha256, parts };
  return { held: next, content: contentOf(next) };
}

/** The content of a feed that was verified when it was accepted. @throws YizhengError as `readParts` */
export function contentOf(held: HeldFeed): FeedContent {
  const { root, freshness, manifest } = held;
  const texts = new Map(manifest.parts.map((part) => [part.name, held.parts[part.sha256] ?? '']));
  return {
    authority: root.authority,
    name: root.name,
    sequence: manifest.sequence,
    manifestSha256: held.manifestSha256,
    issuedAt: freshness.issuedAt,
    nextUpdate: freshness.nextUpdate,
    staleAfter: manifest.staleAfter,
    ...readParts(root.authority, texts, statementKeyOf(root)),
  };
}

/**
 * Walks from the held (or pinned) root to the newest: each step one version up, signed by the threshold of the old **and** the new.
 * A pin of a later version than the held root starts anew: that is how an authority that lost its root comes back.
 */
function walkRoots(
  authority: string,
  files: readonly unknown[],
  pin: RootPin | undefined,
  held: FeedRoot | undefined,
): FeedRoot {
  const roots = files.slice(0, 256).map((file) => {
    const envelope = readEnvelope(file);
    return { envelope, ...readPayload(envelope, rootSchema) };
  });
  for (const { value } of roots) sameAuthority(authority, value);
  let current = held;
  if (!held || (pin?.version !== undefined && pin.version > held.version)) {
    if (!pin) throw feedError('FEED_UNPINNED', authority, 'No digest of the root is known to start from.');
    const start = roots.find(({ text }) => digestMultibase(text) === pin.digestMultibase);
    if (!start && !held) throw feedError('FEED_ROOT_UNKNOWN', authority, 'The feed does not hold the pinned root.');
    if (start && !meetsThreshold(start.envelope, 'root', start.value, 'root'))
      throw feedError('FEED_SIGNATURE_INVALID', authority, 'The pinned root is not signed by its own keys.');
    current = start?.value ?? held;
  }
  if (!current) throw feedError('FEED_ROOT_UNKNOWN', authority, 'The feed does not hold the pinned root.');
  for (const { envelope, value } of roots) {
    if (value.version <= current.version) continue;
    if (value.version !== current.version + 1)
      throw feedError('FEED_ROOT_CHAIN', authority, `Root version ${current.version + 1} is missing.`);
    if (!meetsThreshold(envelope, 'root', current, 'root') || !meetsThreshold(envelope, 'root', value, 'root'))
      throw feedError(
        'FEED_ROOT_CHAIN',
        authority,
        `Root version ${value.version} is not signed by enough old and new keys.`,
      );
    current = value;
  }
  return current;
}

function signed<T extends { authority: string }>(
  authority: string,
  file: unknown,
  role: 'registry' | 'freshness',
  root: FeedRoot,
  schema: Parameters<typeof readPayload<T>>[1],
): { text: string; value: T } {
  const envelope = readEnvelope(file);
  if (!meetsThreshold(envelope, role === 'registry' ? 'manifest' : 'freshness', root, role))
    throw feedError('FEED_SIGNATURE_INVALID', authority, `The ${role} signature of the feed is not valid.`);
  const payload = readPayload(envelope, schema);
  sameAuthority(authority, payload.value);
  return payload;
}

/** New online keys start new counters: so a stolen key that ran the sequence far ahead can be recovered from (TUF §5.3.11). */
function onlineKeysChanged(old: FeedRoot, root: FeedRoot): boolean {
  const keys = ({ roles }: FeedRoot): string => [...roles.registry.keyids, '|', ...roles.freshness.keyids].join();
  return keys(old) !== keys(root);
}

function collectParts(
  authority: string,
  manifest: FeedManifest,
  offered: Record<string, string>,
  held: HeldFeed | undefined,
): Record<string, string> {
  const parts: Record<string, string> = {};
  for (const part of manifest.parts) {
    if (!(PART_NAMES as readonly string[]).includes(part.name)) continue;
    if (part.length > MAX_PART_BYTES)
      throw feedError('FEED_PART_LENGTH', authority, `Part ${part.name} is larger than ${MAX_PART_BYTES} bytes.`);
    const text = held?.parts[part.sha256] ?? (Object.hasOwn(offered, part.name) ? offered[part.name] : undefined);
    if (text === undefined) throw feedError('FEED_PART_MISSING', authority, `Part ${part.name} is missing.`);
    if (utf8Length(text) !== part.length)
      throw feedError('FEED_PART_LENGTH', authority, `Part ${part.name} does not have the length the manifest says.`);
    if (sha256Hex(text) !== part.sha256)
      throw feedError('FEED_PART_HASH', authority, `Part ${part.name} does not have the hash the manifest says.`);
    parts[part.sha256] = text;
  }
  return parts;
}

function sameAuthority(authority: string, value: { authority: string }): void {
  if (value.authority !== authority)
    throw feedError('FEED_AUTHORITY_MISMATCH', authority, 'A file of the feed speaks for another authority.');
}

/** The typed code of whatever went wrong with a feed. */
export function feedFailure(error: unknown): { code: string; detail: string } {
  return {
    code: errorCode(error, 'FEED_INVALID'),
    detail: error instanceof YizhengError ? error.message : 'The feed could not be read.',
  };
}
