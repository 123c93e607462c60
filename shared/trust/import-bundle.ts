import { YizhengError } from '../errors.js';
import { findAccreditedAuthorities } from './authority-as-institution.js';
import { readBundle, type Bundle } from './bundle.js';
import { bundleIndexSchema, readEnvelope, readPayload, roleKeys } from './feed-metadata.js';
import type { FeedCrypto } from './feed-crypto.js';
import { evidenceOf, keepEvidence } from './feed-evidence.js';
import type { FeedEvidence } from './feed-steps.js';
import { signersOf } from './jws.js';
import { DEFAULT_POLICY } from './policy.js';
import { heldUnderPin, rootPins } from './root-pin.js';
import { instant } from './time.js';
import { createTrustView, type FeedContent, type TrustView } from './trust-view.js';
import { contentOf, feedFailure, verifyFeed, type HeldFeed, type RootPin } from './verify-feed.js';

/** What a verifier keeps between updates. Plain JSON; written and replaced as a whole. */
export interface HeldState {
  type: 'YizhengTrustState';
  v: 1;
  anchor: string;
  /** Newest instant the anchor's feed spoke of: time never goes back before it. */
  seenTime: string;
  feeds: Record<string, HeldFeed>;
  /** Whole parts of an update that broke off, by SHA-256: the next update does not fetch them again. */
  pending?: Record<string, string>;
  /** Contradictions authorities signed, oldest first; see `keepEvidence`. */
  evidence?: FeedEvidence[];
}

/** Something worth knowing about an import; the feed it names was kept as held, or left out. */
export interface ImportFinding {
  /** `FEED_*`, `STATEMENT_*`, `BUNDLE_*`, `JSON_*` or `AUTHORITY_AS_INSTITUTION`. */
  code: string;
  authority?: string;
  detail: string;
}

/** Result of an import. */
export interface ImportResult {
  view: TrustView;
  state: HeldState;
  findings: ImportFinding[];
}

/** What an import starts from. */
export interface ImportOptions {
  /** DID of the authority whose word counts. */
  anchor: string;
  /** Pins the anchor's root; needed when nothing of the anchor is held. */
  anchorRoot?: RootPin;
  /** What was accepted before. A state of another anchor is refused. */
  held?: HeldState | undefined;
  /** RFC 3339. */
  now: string;
  /** Most recognition statements in a chain. */
  maxDepth?: number;
  /** What signatures and hashes are checked with; in plain JavaScript unless given. */
  crypto?: FeedCrypto;
}

/**
 * Imports a bundle file: verifies the anchor's feed from its pinned root, then the feeds of those it recognises from the roots **it**
 * pins, and so on while recognition goes onward. A feed nobody on the path recognises is not even parsed.
 *
 * All or nothing per feed: a bad partner feed is reported and its last good one kept, unless another root is pinned now. When the anchor's own feed is bad the whole
 * bundle is refused and nothing changes.
 * @param bytes the file
 * @throws YizhengError `BUNDLE_INVALID`, `JSON_*`, `BUNDLE_ANCHOR_MISSING`, `BUNDLE_ANCHOR_UNPINNED`, `BUNDLE_ROOT_UNKNOWN`,
 *   `BUNDLE_SIGNATURE_INVALID`, `BUNDLE_ROLLBACK`, `STATE_OF_OTHER_ANCHOR`, other `FEED_*` of the anchor's feed
 */
export function importBundle(bytes: Uint8Array | string, options: ImportOptions): ImportResult {
  const { anchor, held } = options;
  if (held && held.anchor !== anchor)
    throw new YizhengError('STATE_OF_OTHER_ANCHOR', 'The state held belongs to another anchor authority.');
  return new Import(readBundle(bytes), options).run();
}

/** The view of what is held, without any new data. @throws YizhengError when the state was damaged */
export function viewOfState(state: HeldState, crypto?: FeedCrypto): TrustView {
  const contents = Object.values(state.feeds).map((feed) => contentOf(feed, crypto));
  return createTrustView(contents, state.anchor);
}

class Import {
  private readonly findings: ImportFinding[] = [];
  private readonly accepted = new Map<string, { held: HeldFeed; content: FeedContent }>();
  private readonly evidence: FeedEvidence[] = [];
  private now: number;
  private tried = 0;

  constructor(
    private readonly bundle: Bundle,
    private readonly options: ImportOptions,
  ) {
    this.now = Math.max(instant(options.now), options.held ? instant(options.held.seenTime) : -Infinity);
  }

  run(): ImportResult {
    const { anchor, held } = this.options;
    const first = this.anchorFeed();
    this.accepted.set(anchor, first);
    const seen = first.held.freshness.issuedAt;
    this.now = Math.max(first.recovered ? instant(this.options.now) : this.now, instant(seen));
    this.follow();
    this.checkIndex();
    const feeds = Object.fromEntries([...this.accepted].map(([authority, feed]) => [authority, feed.held]));
    for (const { held: feed, content } of this.accepted.values()) {
      const expired = ({ code, authority }: ImportFinding) =>
        code === 'FEED_ROOT_EXPIRED' && authority === content.authority;
      if (instant(feed.root.expires) <= this.now && !this.findings.some(expired))
        this.find('FEED_ROOT_EXPIRED', content.authority, 'The root of the feed held has expired.');
      if (instant(feed.freshness.nextUpdate) <= this.now)
        this.find('FEED_NOT_FRESH', content.authority, 'The feed should have been replaced by a newer one.');
    }
    const contents = [...this.accepted.values()].map(({ content }) => content);
    this.findings.push(...findAccreditedAuthorities(contents));
    return {
      view: createTrustView(contents, anchor),
      state: {
        type: 'YizhengTrustState',
        v: 1,
        anchor,
        seenTime: held && !first.recovered && instant(held.seenTime) > instant(seen) ? held.seenTime : seen,
        feeds,
        ...keepEvidence(held?.evidence, this.evidence),
      },
      findings: this.findings,
    };
  }

  private anchorFeed(): ReturnType<typeof verifyFeed> {
    const { anchor, anchorRoot, held, crypto } = this.options;
    const files = Object.hasOwn(this.bundle.feeds, anchor) ? this.bundle.feeds[anchor] : undefined;
    if (!files)
      throw new YizhengError('BUNDLE_ANCHOR_MISSING', 'The bundle does not hold the feed of the anchor authority.');
    try {
      // The anchor's own date may be ahead of this device's clock; a decision then says CLOCK_BEHIND_BUNDLE.
      return verifyFeed(anchor, files, {
        pin: anchorRoot,
        held: held?.feeds[anchor],
        now: this.now,
        newest: Infinity,
        clock: instant(this.options.now),
        crypto,
      });
    } catch (error) {
      const code = error instanceof YizhengError ? ANCHOR_CODES[error.code] : undefined;
      if (!(error instanceof YizhengError) || code === undefined) throw error;
      throw new YizhengError(code, error.message, { at: anchor, status: 422, cause: error });
    }
  }

  /** Breadth first along recognitions, as deep as the statements let it go. */
  private follow(): void {
    const { anchor, maxDepth = DEFAULT_POLICY.maxDepth } = this.options;
    let level: string[] = [anchor];
    for (let depth = 1; depth <= maxDepth && level.length > 0; depth++) {
      const onward: string[] = [];
      for (const maker of level) {
        const content = this.accepted.get(maker)?.content;
        const pins = content && rootPins(content, this.now);
        for (const row of content?.recognitions ?? []) {
          const subject = row.homeAuthority ?? row.subject;
          if (!this.accepted.has(subject)) this.partnerFeed(subject, pins?.get(subject));
          if (this.accepted.has(subject) && row.actions.some((action) => (action.onward?.maxDepth ?? 0) >= 1))
            onward.push(subject);
        }
      }
      level = [...new Set(onward)];
    }
  }

  private partnerFeed(authority: string, pin: RootPin | undefined): void {
    if (this.tried++ >= DEFAULT_POLICY.maxChains) {
      if (this.tried === DEFAULT_POLICY.maxChains + 1)
        this.find('SEARCH_LIMIT_REACHED', undefined, 'More authorities are recognised than one import looks at.');
      return;
    }
    const { crypto } = this.options;
    const before = this.options.held?.feeds[authority];
    const held = heldUnderPin(before, pin);
    const files = Object.hasOwn(this.bundle.feeds, authority) ? this.bundle.feeds[authority] : undefined;
    try {
      if (files) {
        const context = { pin, held: before, now: this.now, newest: this.now, crypto };
        this.accepted.set(authority, verifyFeed(authority, files, context));
        return;
      }
    } catch (error) {
      const { code, detail } = feedFailure(error);
      this.find(code, authority, detail);
      this.evidence.push(...evidenceOf(error));
    }
    if (held) this.accepted.set(authority, { held, content: contentOf(held, crypto) });
    else if (before && !files)
      this.find('FEED_ROOT_UNKNOWN', authority, 'Another root is pinned now, and the bundle does not hold it.');
  }

  /** The packer's vector shows feeds left out or taken from another day; it is never trusted for more. */
  private checkIndex(): void {
    const { anchor, crypto } = this.options;
    const root = this.accepted.get(anchor)?.held.root;
    if (this.bundle.index === undefined || !root) {
      this.find('BUNDLE_INDEX_MISSING', undefined, 'The bundle has no index, so a feed may have been left out.');
      return;
    }
    try {
      const envelope = readEnvelope(this.bundle.index);
      const { value } = readPayload(envelope, bundleIndexSchema);
      if (value.anchor !== anchor || signersOf(envelope, 'index', roleKeys(root, 'freshness'), crypto).size === 0) {
        this.find('BUNDLE_INDEX_UNVERIFIED', undefined, 'The bundle was not packed by the anchor authority.');
        return;
      }
      for (const { authority, sequence, manifestSha256 } of value.feeds) {
        if (!Object.hasOwn(this.bundle.feeds, authority))
          this.find('BUNDLE_INCOMPLETE', authority, 'The packer put this feed in, and it is gone.');
        if (this.findings.some((finding) => finding.authority === authority)) continue;
        const feed = this.accepted.get(authority)?.held;
        if (feed?.manifest.sequence === sequence && feed.manifestSha256 !== manifestSha256)
          this.find('BUNDLE_MIXED', authority, 'This feed is not the one the packer put in.');
        else if (feed && feed.manifest.sequence < sequence)
          this.find('BUNDLE_MIXED', authority, 'This feed is older than the one the packer put in.');
      }
    } catch (error) {
      this.find('BUNDLE_INDEX_UNVERIFIED', undefined, feedFailure(error).detail);
    }
  }

  private find(code: string, authority: string | undefined, detail: string): void {
    this.findings.push({ code, detail, ...(authority === undefined ? {} : { authority }) });
  }
}

/** Failures of the anchor's feed, as the bundle's. */
const ANCHOR_CODES: Readonly<Record<string, string>> = {
  FEED_UNPINNED: 'BUNDLE_ANCHOR_UNPINNED',
  FEED_ROOT_UNKNOWN: 'BUNDLE_ROOT_UNKNOWN',
  FEED_SIGNATURE_INVALID: 'BUNDLE_SIGNATURE_INVALID',
  FEED_ROLLBACK: 'BUNDLE_ROLLBACK',
};
