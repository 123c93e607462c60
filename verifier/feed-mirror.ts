import { deltaPath, makeDelta } from '../shared/trust/feed-delta.js';
import type { PartName } from '../shared/trust/feed-part.js';
import { readRoot } from '../shared/trust/root-chain.js';
import type { HeldFeed } from '../shared/trust/verify-feed.js';
import type { TrustStore } from './trust-store.js';

/** Hands on the feeds this verifier holds, file by file as their authorities signed them. */
export interface FeedMirror {
  /**
   * One file of a feed, by its path below the registry's address (TRUST §3.1).
   * @returns its text; undefined when there is none
   */
  file(authority: string, path: string): string | undefined;
}

/** Plain text of parts that were replaced, kept so that readers who hold them need fetch only what changed. */
const KEPT_CHARACTERS = 32 * 1024 * 1024;

/**
 * Makes the mirror offline verifiers update themselves from: they ask one host only, this one, and believe none of it but what its
 * authority signed.
 */
export function createFeedMirror(trust: TrustStore): FeedMirror {
  const replaced = new Map<string, string>();
  const latest = new Map<string, HeldFeed>();
  let kept = 0;

  const take = (authority: string, feed: HeldFeed): void => {
    const before = latest.get(authority);
    if (before && before.freshness.issuedAt >= feed.freshness.issuedAt) return;
    latest.set(authority, feed);
    for (const [sha256, text] of Object.entries(before?.parts ?? {})) {
      if (sha256 in feed.parts || replaced.has(sha256)) continue;
      replaced.set(sha256, text);
      kept += text.length;
    }
    for (const [oldest, text] of replaced) {
      if (kept <= KEPT_CHARACTERS) break;
      replaced.delete(oldest);
      kept -= text.length;
    }
  };
  for (const { did } of trust.anchors)
    for (const [authority, feed] of Object.entries(trust.stateOf(did)?.feeds ?? {})) take(authority, feed);
  trust.onChange((_anchor, { feeds }) => {
    for (const [authority, feed] of Object.entries(feeds)) take(authority, feed);
  });

  return {
    file: (authority, path) => {
      const feed = latest.get(authority);
      return feed && fileOf(authority, feed, path, replaced);
    },
  };
}

function fileOf(
  authority: string,
  feed: HeldFeed,
  path: string,
  replaced: ReadonlyMap<string, string>,
): string | undefined {
  if (path === 'freshness.json') return JSON.stringify(feed.signed.freshness);
  if (path === `manifest/${feed.manifest.sequence}.json`) return JSON.stringify(feed.signed.manifest);
  const version = /^root\/([1-9]\d{0,5})\.json$/.exec(path)?.[1];
  if (version !== undefined) {
    const root = feed.signed.roots.find((file) => readRoot(authority, file).value.version === Number(version));
    return root && JSON.stringify(root);
  }
  const whole = /^parts\/([0-9a-f]{64})$/.exec(path)?.[1];
  if (whole !== undefined) return Object.hasOwn(feed.parts, whole) ? feed.parts[whole] : undefined;
  const [, part, from, to] = /^delta\/([a-z0-9-]{1,40})\/([0-9a-f]{64})-([0-9a-f]{64})\.json$/.exec(path) ?? [];
  if (part === undefined || from === undefined || to === undefined) return undefined;
  const named = feed.manifest.parts.find(({ name, sha256 }) => name === part && sha256 === to);
  const old = replaced.get(from);
  const now = feed.parts[to];
  if (!named || old === undefined || now === undefined || deltaPath(part, from, to) !== path) return undefined;
  const delta = makeDelta(named.name as PartName, old, now);
  return delta && JSON.stringify(delta);
}
