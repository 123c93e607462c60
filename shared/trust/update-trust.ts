import { YizhengError } from '../errors.js';
import { findAccreditedAuthorities } from './authority-as-institution.js';
import type { FeedCrypto } from './feed-crypto.js';
import type { FeedFetch } from './feed-fetch.js';
import { keepEvidence } from './feed-evidence.js';
import type { FeedEvidence } from './feed-steps.js';
import type { HeldState, ImportFinding, ImportResult } from './import-bundle.js';
import { DEFAULT_POLICY } from './policy.js';
import { rootPins } from './root-pin.js';
import { instant, rfc3339 } from './time.js';
import { createTrustView, type FeedContent } from './trust-view.js';
import type { Recognition } from './types.js';
import { updateFeed, type FeedUpdate, type UpdateLimits } from './update-feed.js';
import { contentOf, type HeldFeed, type RootPin } from './verify-feed.js';

/** What an update of everything under an anchor starts from. */
export interface UpdateTrustOptions {
  /** DID of the authority whose word counts. */
  anchor: string;
  /** Pins the anchor's root; needed when nothing of the anchor is held. */
  anchorRoot?: RootPin | undefined;
  /** What was accepted before, by an update or a bundle. */
  held?: HeldState | undefined;
  /** Gets files of an authority's feed; `feedFetcher` makes one. */
  fetchFor: (authority: string) => FeedFetch;
  /** What the clock says, RFC 3339. */
  now: string;
  /** Most recognition statements in a chain. */
  maxDepth?: number;
  /** Limits of each feed. */
  limits?: Partial<UpdateLimits>;
  /** What signatures and hashes are checked with; in plain JavaScript unless given. */
  crypto?: FeedCrypto | undefined;
}

/** Result of an update: to be kept whole, as that of an import. */
export interface TrustUpdate extends ImportResult {
  bytesFetched: number;
}

/** Feeds fetched at the same time. */
const PARALLEL = 6;

/**
 * Brings everything held for an anchor up to date over the network: the anchor's feed, the feeds of those it recognises from the
 * roots **it** pins, and so on while recognition goes onward. A feed nobody on the path recognises is not asked for.
 *
 * All or nothing per feed: a feed that is refused or cannot be reached is a finding and stays as held, unless another root is pinned
 * now; the anchor's too, once it is held.
 * @throws YizhengError `STATE_OF_OTHER_ANCHOR`; when nothing of the anchor is held yet, what refused its feed (see `updateFeed`)
 */
export async function updateTrust(options: UpdateTrustOptions): Promise<TrustUpdate> {
  if (options.held && options.held.anchor !== options.anchor)
    throw new YizhengError('STATE_OF_OTHER_ANCHOR', 'The state held belongs to another anchor authority.');
  return new TrustUpdater(options).run();
}

class TrustUpdater {
  private readonly findings: ImportFinding[] = [];
  private readonly evidence: FeedEvidence[] = [];
  private readonly accepted = new Map<string, { held: HeldFeed; content: FeedContent }>();
  private readonly tried = new Set<string>();
  private readonly pending: Record<string, string> = {};
  private bytesFetched = 0;

  constructor(private readonly options: UpdateTrustOptions) {}

  async run(): Promise<TrustUpdate> {
    const { anchor, anchorRoot, held, now } = this.options;
    const first = await this.fetch(anchor, anchorRoot, held?.seenTime);
    const own = this.take(anchor, first);
    if (!own) throw first.error;
    const { issuedAt } = own.held.freshness;
    const seenTime = held && !first.recovered && instant(held.seenTime) > instant(issuedAt) ? held.seenTime : issuedAt;
    await this.follow(rfc3339(Math.max(instant(now), instant(seenTime))));
    const contents = [...this.accepted.values()].map(({ content }) => content);
    this.findings.push(...findAccreditedAuthorities(contents));
    return {
      view: createTrustView(contents, anchor),
      state: {
        type: 'YizhengTrustState',
        v: 1,
        anchor,
        seenTime,
        feeds: Object.fromEntries([...this.accepted].map(([authority, feed]) => [authority, feed.held])),
        ...(Object.keys(this.pending).length > 0 && { pending: this.pending }),
        ...keepEvidence(held?.evidence, this.evidence),
      },
      findings: this.findings,
      bytesFetched: this.bytesFetched,
    };
  }

  /** Breadth first along recognitions, as deep as the statements let it go. */
  private async follow(now: string): Promise<void> {
    const { anchor, maxDepth = DEFAULT_POLICY.maxDepth } = this.options;
    let makers = [anchor];
    for (let depth = 1; depth <= maxDepth && makers.length > 0; depth++) {
      const contents = makers.flatMap((maker) => this.accepted.get(maker)?.content ?? []);
      const rows = contents.flatMap(({ recognitions }) => recognitions);
      const pins = new Map(contents.toReversed().flatMap((content) => [...rootPins(content, instant(now))]));
      await this.partners(rows, pins, now);
      const onward = rows.filter((row) => row.actions.some((action) => (action.onward?.maxDepth ?? 0) >= 1));
      makers = [...new Set(onward.map(partnerOf))];
    }
  }

  private async partners(rows: readonly Recognition[], pins: ReadonlyMap<string, RootPin>, now: string): Promise<void> {
    const wanted = new Map<string, RootPin | undefined>();
    for (const row of rows) {
      const authority = partnerOf(row);
      if (this.tried.has(authority) || wanted.has(authority)) continue;
      if (this.tried.size + wanted.size > DEFAULT_POLICY.maxChains) {
        this.findings.push({
          code: 'SEARCH_LIMIT_REACHED',
          detail: 'More authorities are recognised than one update looks at.',
        });
        break;
      }
      wanted.set(authority, pins.get(authority));
    }
    const list = [...wanted];
    for (let i = 0; i < list.length; i += PARALLEL) {
      const batch = list.slice(i, i + PARALLEL);
      const updates = await Promise.all(batch.map(([authority, pin]) => this.fetch(authority, pin, now)));
      for (const [j, update] of updates.entries()) this.take(batch[j]?.[0] ?? '', update);
    }
  }

  private fetch(authority: string, pin: RootPin | undefined, seenTime: string | undefined): Promise<FeedUpdate> {
    const { anchor, held, fetchFor, now, limits, crypto } = this.options;
    this.tried.add(authority);
    return updateFeed({
      authority,
      pin,
      held: held?.feeds[authority],
      pending: held?.pending,
      fetch: fetchFor(authority),
      now,
      seenTime,
      mayLeadClock: authority === anchor,
      crypto,
      ...(limits && { limits }),
    });
  }

  private take(authority: string, update: FeedUpdate): { held: HeldFeed; content: FeedContent } | undefined {
    this.findings.push(...update.findings);
    this.evidence.push(...update.evidence);
    this.bytesFetched += update.bytesFetched;
    Object.assign(this.pending, update.pending);
    if (!update.state) return undefined;
    const feed = { held: update.state, content: update.content ?? contentOf(update.state, this.options.crypto) };
    this.accepted.set(authority, feed);
    return feed;
  }
}

function partnerOf(row: Recognition): string {
  return row.homeAuthority ?? row.subject;
}
