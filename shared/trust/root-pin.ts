import { instant } from './time.js';
import type { FeedContent } from './trust-view.js';
import { digestMultibase } from './digest.js';
import { readRoot } from './root-chain.js';
import type { HeldFeed, RootPin } from './verify-feed.js';

/**
 * Roots one authority pins now, by the authority they are of. Of several statements the live ones count, of these the highest version.
 * A statement is not live once another supersedes it, whenever that begins, or it is revoked: so a corrected pin works at once. One
 * revoked for an administrative cause still pins where nothing else does, because what was issued before may outlive it.
 * @param now milliseconds
 */
export function rootPins(
  { recognitions, events }: Pick<FeedContent, 'recognitions' | 'events'>,
  now: number,
): Map<string, RootPin> {
  const superseded = new Set(recognitions.flatMap((row) => row.supersedes ?? []));
  const revoked = new Map(
    events
      .filter((event) => event.event === 'statement-revoked' && instant(event.effectiveFrom) <= now)
      .map((event) => [event.statement, event.cause]),
  );
  const found = new Map<string, { pin: RootPin & { version: number }; live: boolean }>();
  for (const row of recognitions) {
    if (!row.registryRoot || superseded.has(row.id) || revoked.get(row.id) === 'integrity') continue;
    const authority = row.homeAuthority ?? row.subject;
    const live = !revoked.has(row.id);
    const other = found.get(authority);
    if (!other || (live === other.live ? row.registryRoot.version > other.pin.version : live))
      found.set(authority, { pin: row.registryRoot, live });
  }
  return new Map([...found].map(([authority, { pin }]) => [authority, pin]));
}

/**
 * The held feed, when it descends from the pinned root. A pin of another root ends it: whoever lost or was robbed of a root comes back
 * that way, and nothing the old root vouched for is believed in the meantime. A pin without a version only says where to start.
 */
export function heldUnderPin(held: HeldFeed | undefined, pin: RootPin | undefined): HeldFeed | undefined {
  if (!held || pin?.version === undefined) return held;
  return held.signed.roots.some((file) => {
    const { text, value } = readRoot(held.root.authority, file);
    return value.version === pin.version && digestMultibase(text) === pin.digestMultibase;
  })
    ? held
    : undefined;
}
