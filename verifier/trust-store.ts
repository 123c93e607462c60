import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSecretFile } from '../keys/secret-file.js';
import { YizhengError } from '../shared/errors.js';
import { BUNDLE_LIMITS, parseJsonObject } from '../shared/json/parse-json.js';
import type { FeedFetch } from '../shared/trust/feed-fetch.js';
import {
  importBundle,
  viewOfState,
  type HeldState,
  type ImportFinding,
  type ImportResult,
} from '../shared/trust/import-bundle.js';
import { createTrustView, type TrustView } from '../shared/trust/trust-view.js';
import { NODE_CRYPTO } from '../server/node-feed-crypto.js';
import { updateTrust } from '../shared/trust/update-trust.js';
import type { RootPin } from '../shared/trust/verify-feed.js';

/** An authority whose rules a reader may work under. */
export interface Anchor {
  did: string;
  /** Pins its root; what it signs is believed from there on. */
  root: RootPin;
  /** Where its bundle comes from: a file path, or an `https:` address. */
  bundle?: string;
  /** Fetches what changed from the registries themselves, at each refresh; a `bundle` is then only the first to start from. */
  online?: boolean;
}

/** What an import changed. */
export interface ImportSummary {
  anchor: string;
  dataAsOf: string | null;
  goodUntil: string | null;
  feeds: TrustView['feeds'];
  findings: ImportFinding[];
}

/** The trust data of a verifier: for each anchor what was verified and accepted so far. */
export interface TrustStore {
  /** In the order of the settings; the first is the default. */
  readonly anchors: readonly Anchor[];
  /** @throws YizhengError `ANCHOR_UNKNOWN` (422) for a DID that is no anchor here */
  viewOf(anchor: string): TrustView;
  /** What is held for an anchor, for a worker to build the same view of. */
  stateOf(anchor: string): HeldState | undefined;
  /** Findings of the last import. */
  findingsOf(anchor: string): readonly ImportFinding[];
  /**
   * Imports a bundle; on disk before it counts.
   * @throws YizhengError `ANCHOR_UNKNOWN`, and the codes of `importBundle`; then nothing changed
   */
  importBundle(anchor: string, bytes: Uint8Array): Promise<ImportSummary>;
  /**
   * Fetches what changed from the registries of the anchor and those it recognises; on disk before it counts. A feed that was refused
   * is a finding and stays as held.
   * @throws YizhengError `ANCHOR_UNKNOWN`, and the codes of `updateTrust`; then nothing changed
   */
  update(anchor: string, fetchFor: (authority: string) => FeedFetch): Promise<ImportSummary>;
  /** Calls back after each accepted import. */
  onChange(listener: (anchor: string, state: HeldState) => void): void;
}

interface Held {
  view: TrustView;
  state?: HeldState;
  findings: readonly ImportFinding[];
}

/**
 * Opens the trust data a verifier keeps on disk, one file for each anchor, so that an old bundle stays old after a restart.
 * @param options `directory`: made when missing; `clock`
 * @throws YizhengError `STATE_DAMAGED` (500) for a file that is not what was written: remove it only to begin anew from the pin
 */
export async function openTrustStore(options: {
  anchors: readonly Anchor[];
  directory: string;
  clock: () => Date;
}): Promise<TrustStore> {
  const { anchors, directory, clock } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const held = new Map<string, Held>();
  for (const { did } of anchors) held.set(did, await load(directory, did));
  const listeners: ((anchor: string, state: HeldState) => void)[] = [];
  let last: Promise<unknown> = Promise.resolve();

  const heldOf = (anchor: string): Held => {
    const found = held.get(anchor);
    if (!found) throw unknownAnchor();
    return found;
  };
  /** One after the other: each begins from what the one before left. */
  const accept = (
    anchor: string,
    renew: (start: {
      anchor: string;
      anchorRoot: RootPin;
      held: HeldState | undefined;
      now: string;
    }) => Promise<ImportResult> | ImportResult,
  ): Promise<ImportSummary> => {
    const run = async (): Promise<ImportSummary> => {
      const anchorRoot = anchors.find(({ did }) => did === anchor)?.root;
      if (!anchorRoot) throw unknownAnchor();
      const start = { anchor, anchorRoot, held: heldOf(anchor).state, now: clock().toISOString() };
      const { view, state, findings } = await renew(start);
      await writeSecretFile(stateFile(directory, state.anchor), Buffer.from(JSON.stringify(state)), 'replace');
      held.set(anchor, { view, state, findings });
      for (const listener of listeners) listener(anchor, state);
      return { anchor, dataAsOf: view.dataAsOf, goodUntil: view.goodUntil, feeds: view.feeds, findings };
    };
    const next = last.then(run, run);
    last = next;
    return next;
  };
  return {
    anchors,
    viewOf: (anchor) => heldOf(anchor).view,
    stateOf: (anchor) => heldOf(anchor).state,
    findingsOf: (anchor) => heldOf(anchor).findings,
    importBundle: (anchor, bytes) => accept(anchor, (start) => importBundle(bytes, { ...start, crypto: NODE_CRYPTO })),
    update: (anchor, fetchFor) => accept(anchor, (start) => updateTrust({ ...start, fetchFor, crypto: NODE_CRYPTO })),
    onChange: (listener) => void listeners.push(listener),
  };
}

function unknownAnchor(): YizhengError {
  return new YizhengError('ANCHOR_UNKNOWN', 'This verifier does not work under that authority; see /trust.', {
    status: 422,
    at: 'anchor',
  });
}

function stateFile(directory: string, anchor: string): string {
  return join(directory, `trust-${createHash('sha256').update(anchor).digest('hex').slice(0, 32)}.json`);
}

async function load(directory: string, anchor: string): Promise<Held> {
  const bytes = await readFile(stateFile(directory, anchor)).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (!bytes) return { view: createTrustView([], anchor), findings: [] };
  try {
    const state = parseJsonObject(bytes, BUNDLE_LIMITS) as unknown as HeldState;
    if ((state.type as string) !== 'YizhengTrustState' || (state.v as number) !== 1 || state.anchor !== anchor)
      throw new TypeError('not a trust state of this anchor');
    return { view: viewOfState(state, NODE_CRYPTO), state, findings: [] };
  } catch (cause) {
    throw new YizhengError('STATE_DAMAGED', `The trust data kept for ${anchor} cannot be read.`, {
      status: 500,
      cause,
    });
  }
}
