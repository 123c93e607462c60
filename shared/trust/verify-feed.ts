import { errorCode, YizhengError } from '../errors.js';
import type { FeedCrypto } from './feed-crypto.js';
import {
  feedError,
  readEnvelope,
  statementKeyOf,
  type FeedFreshness,
  type FeedManifest,
  type FeedRoot,
} from './feed-metadata.js';
import { readParts } from './feed-part.js';
import { checkFreshness, checkManifest, checkPart, checkRootExpiry, partsToRead } from './feed-steps.js';
import type { Envelope } from './jws.js';
import { MAX_ROOTS, nextRoot, onlineKeysChanged, pinnedRoot, readRoot } from './root-chain.js';
import { heldUnderPin } from './root-pin.js';
import { instant } from './time.js';
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
  /** What was signed, as it was signed: to hand the feed on, and as evidence. Roots from the one pinned to the current. */
  signed: { roots: Envelope[]; freshness: Envelope; manifest: Envelope };
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
 * @param context `pin`: the root to start from; `held`: what was accepted before (not believed unless it descends from the pin); `now` and `newest` milliseconds: nothing may be
 *   dated more than a day after `newest`; `clock`: the time to go by instead of `now` once a new root replaced the online keys, which
 *   may have dated `now` far ahead
 * @returns what to keep, its content, and whether the online keys were replaced
 * @throws YizhengError `FEED_UNPINNED`, `FEED_ROOT_UNKNOWN`, `FEED_ROOT_CHAIN`, `FEED_ROOT_EXPIRED`, `FEED_SIGNATURE_INVALID`,
 *   `FEED_ROLLBACK`, `FEED_FROM_FUTURE`, `FEED_MANIFEST_MISMATCH`, `FEED_EQUIVOCATION`, `FEED_FORK`, `FEED_PART_MISSING`, `FEED_PART_LENGTH`,
 *   `FEED_PART_HASH`, `FEED_AUTHORITY_MISMATCH`, and those of `readParts`
 */
export function verifyFeed(
  authority: string,
  files: FeedFiles,
  context: {
    pin: RootPin | undefined;
    held: HeldFeed | undefined;
    now: number;
    newest: number;
    clock?: number;
    crypto?: FeedCrypto | undefined;
  },
): { held: HeldFeed; content: FeedContent; recovered: boolean } {
  const { held, now, clock = now, crypto } = context;
  const trusted = heldUnderPin(held, context.pin);
  const { root, roots } = walkRoots(authority, files.roots, context.pin, trusted, crypto);
  const recovered = held !== undefined && onlineKeysChanged(held.root, root);
  checkRootExpiry(root, recovered ? clock : now);
  const known = recovered ? undefined : trusted;
  const freshness = checkFreshness(files.freshness, root, { known, newest: context.newest, crypto });
  const { manifest, manifestSha256 } = checkManifest(files.manifest, root, freshness, known, crypto);
  const parts = collectParts(authority, manifest, files.parts, held, crypto);
  const signed = { roots, freshness: readEnvelope(files.freshness), manifest: readEnvelope(files.manifest) };
  const next: HeldFeed = { root, freshness, manifest, manifestSha256, parts, signed };
  return { held: next, content: contentOf(next, crypto), recovered };
}

/** The content of a feed that was verified when it was accepted; stale once its root has expired. @throws YizhengError as `readParts` */
export function contentOf(held: HeldFeed, crypto?: FeedCrypto): FeedContent {
  const { root, freshness, manifest } = held;
  const texts = new Map(manifest.parts.map((part) => [part.name, held.parts[part.sha256] ?? '']));
  return {
    authority: root.authority,
    name: root.name,
    sequence: manifest.sequence,
    manifestSha256: held.manifestSha256,
    issuedAt: freshness.issuedAt,
    nextUpdate: freshness.nextUpdate,
    staleAfter: instant(root.expires) < instant(manifest.staleAfter) ? root.expires : manifest.staleAfter,
    ...readParts(root.authority, texts, statementKeyOf(root), crypto),
  };
}

/** The files of a held feed, as they were published. */
export function filesOf({ manifest, parts, signed }: HeldFeed): FeedFiles {
  return {
    ...signed,
    parts: Object.fromEntries(
      manifest.parts.flatMap(({ name, sha256 }) => {
        const text = parts[sha256];
        return text === undefined ? [] : [[name, text]];
      }),
    ),
  };
}

/** Walks from the held (or pinned) root to the newest. */
function walkRoots(
  authority: string,
  files: readonly unknown[],
  pin: RootPin | undefined,
  held: HeldFeed | undefined,
  crypto: FeedCrypto | undefined,
): { root: FeedRoot; roots: Envelope[] } {
  const offered = files
    .slice(0, MAX_ROOTS)
    .map((file) => ({ envelope: readEnvelope(file), version: readRoot(authority, file).value.version }));
  let current = held?.root;
  const roots = [...(held?.signed.roots ?? [])];
  if (!held) {
    if (!pin) throw feedError('FEED_UNPINNED', authority, 'No digest of the root is known to start from.');
    for (const { envelope } of offered) {
      const start = pinnedRoot(authority, envelope, pin, crypto);
      if (!start) continue;
      current = start;
      roots.splice(0, roots.length, envelope);
      break;
    }
  }
  if (!current) throw feedError('FEED_ROOT_UNKNOWN', authority, 'The feed does not hold the pinned root.');
  for (const { envelope, version } of offered) {
    if (version <= current.version) continue;
    current = nextRoot(authority, envelope, current, crypto);
    roots.push(envelope);
  }
  return { root: current, roots };
}

function collectParts(
  authority: string,
  manifest: FeedManifest,
  offered: Record<string, string>,
  held: HeldFeed | undefined,
  crypto: FeedCrypto | undefined,
): Record<string, string> {
  const parts: Record<string, string> = {};
  for (const part of partsToRead(manifest)) {
    const text = held?.parts[part.sha256] ?? (Object.hasOwn(offered, part.name) ? offered[part.name] : undefined);
    if (text === undefined) throw feedError('FEED_PART_MISSING', authority, `Part ${part.name} is missing.`);
    checkPart(authority, part, text, crypto);
    parts[part.sha256] = text;
  }
  return parts;
}

/** The typed code of whatever went wrong with a feed. */
export function feedFailure(error: unknown): { code: string; detail: string } {
  return {
    code: errorCode(error, 'FEED_INVALID'),
    detail: error instanceof YizhengError ? error.message : 'The feed could not be read.',
  };
}
