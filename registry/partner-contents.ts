import { NODE_CRYPTO } from '../server/node-feed-crypto.js';
import { errorCode } from '../shared/errors.js';
import { feedFetcher } from '../shared/trust/feed-fetch.js';
import { DEFAULT_POLICY } from '../shared/trust/policy.js';
import { heldUnderPin, rootPins } from '../shared/trust/root-pin.js';
import { rfc3339 } from '../shared/trust/time.js';
import type { FeedContent } from '../shared/trust/trust-view.js';
import { updateFeed } from '../shared/trust/update-feed.js';
import { contentOf, type HeldFeed, type RootPin } from '../shared/trust/verify-feed.js';
import type { RegistryEffects } from './effects.js';
import { withDeadline } from './fetch-json.js';

/** Where the data of an authority on the path comes from. */
export interface PartnerData {
  authority: string;
  /** `held`: as in the last bundle; `fetched`: read now, since it is not held yet; `missing`: could not be had. */
  source: 'held' | 'fetched' | 'missing';
  content?: FeedContent;
  /** Why it is missing. */
  problem?: string;
}

/** A feed not held yet is fetched for a preview within this time, milliseconds. */
const FETCH_MS = 20_000;
/** A feed that was fetched for a preview serves others so long, milliseconds: a form asks again with every change. */
const KEPT_MS = 10 * 60_000;
const MOST_KEPT = 8;
const LIMITS = { maxBytes: 16 * 1024 * 1024, maxPartBytes: 12 * 1024 * 1024 };

interface Kept {
  at: number;
  data: PartnerData;
}

/** The feeds an authority's bundle would hold, for what it says or would say. Nothing is stored. */
export class PartnerContents {
  private readonly contents = new Map<string, FeedContent>();
  private readonly fetched = new Map<string, Kept>();

  constructor(private readonly effects: RegistryEffects) {}

  /**
   * Follows the recognitions as a bundle does: each from the root its recogniser pins, onward where the statements let it go.
   * @param own what the authority says
   */
  async reach(slug: string, own: FeedContent): Promise<PartnerData[]> {
    const found = new Map<string, PartnerData>([
      [own.authority, { authority: own.authority, source: 'held', content: own }],
    ]);
    const now = this.effects.clock().getTime();
    let level = [own.authority];
    for (let depth = 1; depth <= DEFAULT_POLICY.maxDepth && level.length > 0; depth++) {
      const onward = new Set<string>();
      for (const maker of level) {
        const content = found.get(maker)?.content;
        const pins = content && rootPins(content, now);
        for (const row of content?.recognitions ?? []) {
          const subject = row.homeAuthority ?? row.subject;
          if (!found.has(subject) && found.size <= DEFAULT_POLICY.maxChains)
            found.set(subject, await this.partner(slug, subject, pins?.get(subject)));
          if (found.get(subject)?.content && row.actions.some((action) => (action.onward?.maxDepth ?? 0) >= 1))
            onward.add(subject);
        }
      }
      level = [...onward];
    }
    found.delete(own.authority);
    return [...found.values()];
  }

  private async partner(slug: string, authority: string, pin: RootPin | undefined): Promise<PartnerData> {
    const row = (await this.effects.database.knex('registry_partner_feeds').where({ slug, authority }).first()) as
      { held: string } | undefined;
    const held = row && heldUnderPin(JSON.parse(row.held) as HeldFeed, pin);
    return held ? { authority, source: 'held', content: this.contentOf(held) } : this.fetch(authority, pin);
  }

  private contentOf(held: HeldFeed): FeedContent {
    const key = `${held.manifestSha256} ${held.freshness.issuedAt} ${held.root.version}`;
    const known = this.contents.get(key);
    if (known) return known;
    if (this.contents.size >= MOST_KEPT) this.contents.clear();
    const content = contentOf(held, NODE_CRYPTO);
    this.contents.set(key, content);
    return content;
  }

  private async fetch(authority: string, pin: RootPin | undefined): Promise<PartnerData> {
    if (!pin) return { authority, source: 'missing', problem: 'FEED_UNPINNED' };
    const now = this.effects.clock().getTime();
    const key = `${authority} ${pin.digestMultibase}`;
    const known = this.fetched.get(key);
    if (known && now - known.at < KEPT_MS) return known.data;
    const data = await this.fetchAnew(authority, pin, now);
    if (data.source === 'missing') return data;
    if (this.fetched.size >= MOST_KEPT) this.fetched.clear();
    this.fetched.set(key, { at: now, data });
    return data;
  }

  private async fetchAnew(authority: string, pin: RootPin, now: number): Promise<PartnerData> {
    try {
      const { content, error } = await updateFeed({
        authority,
        pin,
        fetch: feedFetcher(withDeadline(this.effects.fetch, FETCH_MS))(authority),
        now: rfc3339(now),
        limits: LIMITS,
        crypto: NODE_CRYPTO,
      });
      if (!content) throw error;
      return { authority, source: 'fetched', content };
    } catch (error) {
      return { authority, source: 'missing', problem: errorCode(error, 'FEED_INVALID') };
    }
  }
}
