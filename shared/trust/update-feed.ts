import { errorCode, YizhengError } from '../errors.js';
import { parseJson, type JsonValue } from '../json/parse-json.js';
import { sha256Hex } from './digest.js';
import type { FeedCrypto } from './feed-crypto.js';
import { applyDelta, deltaPath } from './feed-delta.js';
import { evidenceOf } from './feed-evidence.js';
import type { FeedFetch } from './feed-fetch.js';
import { feedError, MAX_METADATA_BYTES, readEnvelope, type FeedFreshness, type FeedRoot } from './feed-metadata.js';
import { MAX_PART_BYTES, type PartName, type PartReference } from './feed-part.js';
import {
  checkFreshness,
  checkManifest,
  checkPart,
  checkRootExpiry,
  partsToRead,
  type FeedEvidence,
} from './feed-steps.js';
import type { ImportFinding } from './import-bundle.js';
import type { Envelope } from './jws.js';
import { MAX_ROOTS, nextRoot, onlineKeysChanged, pinnedRoot } from './root-chain.js';
import { heldUnderPin } from './root-pin.js';
import { instant } from './time.js';
import type { FeedContent } from './trust-view.js';
import { contentOf, feedFailure, type HeldFeed, type RootPin } from './verify-feed.js';

/** How much one update of a feed may read. */
export interface UpdateLimits {
  /** Bytes of all its files together. */
  maxBytes: number;
  /** Bytes of one part. */
  maxPartBytes: number;
}

/** 128 MiB a feed, 48 MiB a part: twenty times the largest province (TRUST §3.3). */
export const UPDATE_LIMITS: UpdateLimits = { maxBytes: 128 * 1024 * 1024, maxPartBytes: MAX_PART_BYTES };

/** What an update of one feed starts from. */
export interface UpdateFeedOptions {
  authority: string;
  /** Root to start from; needed when nothing is held. What is held is given up unless it descends from it. */
  pin?: RootPin | undefined;
  held?: HeldFeed | undefined;
  /** Parts an earlier update got before it broke off, by SHA-256. */
  pending?: Readonly<Record<string, string>> | undefined;
  fetch: FeedFetch;
  /** What the clock says, RFC 3339. */
  now: string;
  /** Newest instant known to have passed, RFC 3339: a clock set back is not believed. */
  seenTime?: string | undefined;
  /** True for the anchor's own feed: it may be dated ahead of this clock, which is then what is wrong. */
  mayLeadClock?: boolean;
  limits?: Partial<UpdateLimits>;
  /** What signatures and hashes are checked with; in plain JavaScript unless given. */
  crypto?: FeedCrypto | undefined;
}

/** Result of an update of one feed. */
export interface FeedUpdate {
  /** What to hold from now on: the new feed, or exactly what was held when it was refused; nothing when another root is pinned. */
  state: HeldFeed | undefined;
  /** Content of the new feed; undefined when it was refused. */
  content?: FeedContent;
  /** True when the online keys were replaced, so that counters and times began anew. */
  recovered: boolean;
  /** Why it was refused, and which deltas were no good. */
  findings: ImportFinding[];
  /** What refused it, thrown as it would have been. */
  error?: unknown;
  /** What the authority signed against itself. */
  evidence: FeedEvidence[];
  /** Whole parts that were fetched, when the update broke off. */
  pending: Record<string, string>;
  bytesFetched: number;
}

/** A delta costs a request; small parts are fetched whole. */
const MIN_DELTA_PART_BYTES = 4096;
const METADATA_LIMITS = { maxBytes: 2 * MAX_METADATA_BYTES, maxDepth: 6, maxNodes: 200 };

/**
 * Updates one feed over a network nobody trusts (TRUST §3.2, steps 0–6): roots, root expiry, freshness, manifest, parts from what is
 * held, else delta, else whole; one atomic result. Nothing is asked for that the signed file before it does not call for, and nothing
 * read beyond what it says.
 *
 * Never throws for what a server does: a refused feed is a finding, with the codes of `verifyFeed`, `FEED_NOT_FRESH` (the server holds
 * back newer data), `FEED_FILE_MISSING`, `FEED_TOO_LARGE`, or those of `fetch`; then what was held stays. `FEED_DELTA_*` only names a
 * delta in whose place the whole part was fetched.
 */
export async function updateFeed(options: UpdateFeedOptions): Promise<FeedUpdate> {
  return new FeedUpdater(options).run();
}

class FeedUpdater {
  private readonly limits: UpdateLimits;
  private readonly findings: ImportFinding[] = [];
  private readonly fetched: Record<string, string> = {};
  private bytes = 0;
  private recovered = false;
  /** What is held, when it descends from the pinned root. */
  private readonly trusted: HeldFeed | undefined;

  constructor(private readonly options: UpdateFeedOptions) {
    this.limits = { ...UPDATE_LIMITS, ...options.limits };
    this.trusted = heldUnderPin(options.held, options.pin);
  }

  async run(): Promise<FeedUpdate> {
    const { authority } = this.options;
    try {
      const state = await this.update();
      const content = contentOf(state, this.options.crypto);
      return { ...this.result(state), content, recovered: this.recovered, pending: {} };
    } catch (error) {
      const { code, detail } = feedFailure(error);
      this.findings.push({ code, authority, detail });
      const kept = this.trusted;
      if (kept && code !== 'FEED_ROOT_EXPIRED' && instant(kept.root.expires) <= this.latest())
        this.findings.push({ code: 'FEED_ROOT_EXPIRED', authority, detail: 'The root of the feed held has expired.' });
      const update = { ...this.result(kept), recovered: false, pending: this.fetched };
      return { ...update, error, evidence: evidenceOf(error) };
    }
  }

  private result(state: HeldFeed | undefined) {
    return { state, findings: this.findings, evidence: [], bytesFetched: this.bytes };
  }

  private async update(): Promise<HeldFeed> {
    const { held, mayLeadClock = false, crypto } = this.options;
    const { root, roots } = await this.roots();
    this.recovered = held !== undefined && onlineKeysChanged(held.root, root);
    const known = this.recovered ? undefined : this.trusted;
    const now = this.recovered ? instant(this.options.now) : this.latest();
    checkRootExpiry(root, now);

    const freshnessFile = await this.metadata('freshness.json');
    const freshness = checkFreshness(freshnessFile, root, { known, newest: mayLeadClock ? Infinity : now, crypto });
    if (instant(freshness.nextUpdate) <= now)
      throw feedError('FEED_NOT_FRESH', root.authority, 'The feed should have been replaced by a newer one.');

    const manifestFile = await this.manifest(known, freshness);
    const { manifest, manifestSha256 } = checkManifest(manifestFile, root, freshness, known, crypto);
    const parts: Record<string, string> = {};
    for (const part of partsToRead(manifest, this.limits.maxPartBytes))
      parts[part.sha256] = await this.part(part as PartReference & { name: PartName });
    const signed = { roots, freshness: readEnvelope(freshnessFile), manifest: readEnvelope(manifestFile) };
    return { root, freshness, manifest, manifestSha256, parts, signed };
  }

  /** Newest instant known to have passed. */
  private latest(): number {
    const { now, seenTime, held } = this.options;
    const passed = [seenTime, held?.freshness.issuedAt].flatMap((time) => (time === undefined ? [] : [instant(time)]));
    return Math.max(instant(now), ...passed);
  }

  /** Step 1: each root is checked before the next one is asked for. */
  private async roots(): Promise<{ root: FeedRoot; roots: Envelope[] }> {
    const { authority } = this.options;
    const held = this.trusted;
    let root = held?.root;
    let roots = [...(held?.signed.roots ?? [])];
    if (!held) {
      const start = await this.pinned();
      root = start?.root;
      roots = start ? [start.envelope] : roots;
    }
    if (!root) throw feedError('FEED_ROOT_UNKNOWN', authority, 'The registry does not hold the pinned root.');
    for (let walked = 0; walked < MAX_ROOTS; walked++) {
      const file = await this.json(`root/${root.version + 1}.json`);
      if (file === undefined) break;
      root = nextRoot(authority, file, root, this.options.crypto);
      roots.push(readEnvelope(file));
    }
    return { root, roots };
  }

  private async pinned(): Promise<{ root: FeedRoot; envelope: Envelope } | undefined> {
    const { authority, pin } = this.options;
    if (!pin) throw feedError('FEED_UNPINNED', authority, 'No digest of the root is known to start from.');
    const first = pin.version ?? 1;
    for (let version = first; version < first + (pin.version === undefined ? MAX_ROOTS : 1); version++) {
      const file = await this.json(`root/${version}.json`);
      if (file === undefined) return undefined;
      const root = pinnedRoot(authority, file, pin, this.options.crypto);
      if (root) return { root, envelope: readEnvelope(file) };
    }
    return undefined;
  }

  /** The manifest the freshness file names; the one held when it is that. */
  private async manifest(known: HeldFeed | undefined, freshness: FeedFreshness): Promise<unknown> {
    return known?.manifestSha256 === freshness.manifestSha256
      ? known.signed.manifest
      : this.metadata(`manifest/${freshness.sequence}.json`);
  }

  /** Step 5: from what is held, else delta, else whole. */
  private async part(part: PartReference & { name: PartName }): Promise<string> {
    const { authority, held, pending = {} } = this.options;
    const kept = held?.parts[part.sha256];
    if (kept !== undefined) return kept;
    const left = Object.hasOwn(pending, part.sha256) ? pending[part.sha256] : undefined;
    const text =
      left !== undefined && sha256Hex(left) === part.sha256
        ? left
        : ((await this.partByDelta(part)) ?? (await this.wholePart(part)));
    checkPart(authority, part, text, this.options.crypto);
    this.fetched[part.sha256] = text;
    return text;
  }

  private async partByDelta(part: PartReference & { name: PartName }): Promise<string | undefined> {
    const { authority, held } = this.options;
    const from = held?.manifest.parts.find(({ name }) => name === part.name)?.sha256;
    const text = from === undefined ? undefined : held?.parts[from];
    if (from === undefined || !text || part.length < MIN_DELTA_PART_BYTES) return undefined;
    try {
      const delta = await this.get(deltaPath(part.name, from, part.sha256), part.length);
      return delta && applyDelta(text, delta, part);
    } catch (error) {
      // Whoever serves the feed cannot do harm with a bad delta, and must not be able to stop the update with one.
      const code = errorCode(error, 'FEED_DELTA_INVALID');
      this.findings.push({ code, authority, detail: `The delta of part ${part.name} was no good.` });
      return undefined;
    }
  }

  private async wholePart(part: PartReference): Promise<string> {
    const { authority } = this.options;
    const body = await this.get(`parts/${part.sha256}`, part.length);
    if (!body) throw feedError('FEED_PART_MISSING', authority, `Part ${part.name} is missing.`);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    } catch (cause) {
      throw feedError('FEED_PART_HASH', authority, `Part ${part.name} is not UTF-8.`, cause);
    }
  }

  private async metadata(path: string): Promise<JsonValue> {
    const file = await this.json(path);
    if (file === undefined)
      throw feedError('FEED_FILE_MISSING', this.options.authority, `The registry does not have ${path}.`);
    return file;
  }

  private async json(path: string): Promise<JsonValue | undefined> {
    const body = await this.get(path, METADATA_LIMITS.maxBytes);
    return body && parseJson(body, METADATA_LIMITS);
  }

  private async get(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const { authority, fetch } = this.options;
    const bound = Math.min(maxBytes, this.limits.maxBytes - this.bytes);
    let body: Uint8Array | undefined;
    try {
      body = await fetch(path, bound);
    } catch (cause) {
      if (cause instanceof YizhengError) throw cause;
      throw feedError('FEED_UNREACHABLE', authority, `The registry did not give ${path}.`, cause);
    }
    this.bytes += body?.length ?? 0;
    if (body && body.length > bound)
      throw feedError('FEED_TOO_LARGE', authority, `The registry gives more of ${path} than it should.`);
    return body;
  }
}
