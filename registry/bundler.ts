import { errorCode } from '../shared/errors.js';
import { writeBundle } from '../shared/trust/bundle.js';
import { freshnessSchema, readEnvelope, readPayload } from '../shared/trust/feed-metadata.js';
import { feedFetcher } from '../shared/trust/feed-fetch.js';
import { DEFAULT_POLICY } from '../shared/trust/policy.js';
import { rootPins } from '../shared/trust/root-pin.js';
import { signMetadata } from '../shared/trust/sign-metadata.js';
import { rfc3339 } from '../shared/trust/time.js';
import type { FeedContent } from '../shared/trust/trust-view.js';
import { NODE_CRYPTO } from '../server/node-feed-crypto.js';
import { importBundle } from '../shared/trust/import-bundle.js';
import { updateFeed } from '../shared/trust/update-feed.js';
import { filesOf, type FeedFiles, type HeldFeed, type RootPin } from '../shared/trust/verify-feed.js';
import type { Authorities, Authority } from './authorities.js';
import type { RegistryEffects } from './effects.js';
import { SITE_DEADLINE_MS, withDeadline } from './fetch-json.js';
import type { Publisher } from './publisher.js';
import type { Statements } from './statements.js';

/** A partner's feed that was not taken; its last good one stays. */
export interface PartnerProblem {
  authority: string;
  code: string;
}

/** Packs what an employer needs into one file: the authority's own feed and those of everybody it recognises (TRUST §3.1). */
export class Bundler {
  constructor(
    private readonly effects: RegistryEffects,
    private readonly authorities: Authorities,
    private readonly statements: Statements,
    private readonly publisher: Publisher,
  ) {}

  /**
   * Fetches the feeds of the authorities this one recognises (and onward, where it lets them recognise others), verifies each from
   * the root pinned, and keeps the good ones.
   */
  async fetchPartners(slug: string): Promise<{ taken: string[]; problems: PartnerProblem[] }> {
    const authority = await this.authorities.get(slug);
    const problems: PartnerProblem[] = [];
    const taken: string[] = [];
    const seen = new Set([authority.did]);
    let makers: Pick<FeedContent, 'recognitions' | 'events'>[] = [
      {
        recognitions: (await this.statements.list(slug, 'recognition')).map((kept) => kept.statement),
        events: (await this.statements.list(slug, 'event')).map((kept) => kept.statement),
      },
    ];
    for (let depth = 1; depth <= DEFAULT_POLICY.maxDepth && makers.length > 0; depth++) {
      const onward: FeedContent[] = [];
      for (const { partner, pin, isOnward } of makers.flatMap((maker) => this.partnersOf(maker))) {
        if (seen.has(partner) || seen.size > DEFAULT_POLICY.maxChains) continue;
        seen.add(partner);
        const feed = await this.takePartner(authority, partner, pin).catch((error: unknown) => {
          problems.push({ authority: partner, code: errorCode(error) });
          this.effects.logger.warn(
            { authority: partner, code: errorCode(error) },
            'the feed of a partner was not taken',
          );
          return undefined;
        });
        if (!feed) continue;
        taken.push(partner);
        if (isOnward) onward.push(feed);
      }
      makers = onward;
    }
    return { taken, problems };
  }

  /** Whom the authority itself recognises, with what is held of their feeds. */
  async partners(slug: string): Promise<{ did: string; name: string; held?: HeldFeed }[]> {
    const rows = await this.effects.database
      .knex('registry_partner_feeds')
      .where({ slug })
      .select<{ authority: string; held: string }[]>('authority', 'held');
    const recognitions = (await this.statements.list(slug, 'recognition')).map(({ statement }) => statement);
    const names = new Map<string, string>();
    for (const { homeAuthority, subject, legalName } of recognitions)
      if (homeAuthority === undefined) names.set(subject, legalName);
      else if (!names.has(homeAuthority)) names.set(homeAuthority, homeAuthority);
    for (const { authority } of rows) if (!names.has(authority)) names.set(authority, authority);
    return [...names].map(([did, name]) => {
      const row = rows.find(({ authority }) => authority === did);
      const held = row && (JSON.parse(row.held) as HeldFeed);
      return { did, name: name === did ? (held?.root.name ?? did) : name, ...(held && { held }) };
    });
  }

  /** Whom a maker recognises, each once, with the root it pins and whether any of its statements lets recognition go onward. */
  private partnersOf(maker: Pick<FeedContent, 'recognitions' | 'events'>): {
    partner: string;
    pin: RootPin | undefined;
    isOnward: boolean;
  }[] {
    const pins = rootPins(maker, this.effects.clock().getTime());
    const partners = new Map<string, boolean>();
    for (const { homeAuthority, subject, actions } of maker.recognitions) {
      const partner = homeAuthority ?? subject;
      const isOnward = actions.some((action) => (action.onward?.maxDepth ?? 0) >= 1);
      partners.set(partner, isOnward || partners.get(partner) === true);
    }
    return [...partners].map(([partner, isOnward]) => ({ partner, pin: pins.get(partner), isOnward }));
  }

  /**
   * Packs and keeps the bundle file, after importing it as an employer would.
   * @returns the text
   * @throws YizhengError `NOT_PUBLISHED` (404); what `importBundle` throws when our own feed would be refused
   */
  async pack(slug: string): Promise<string> {
    const authority = await this.authorities.get(slug);
    const { knex } = this.effects.database;
    const rows = (await knex('registry_partner_feeds').where({ slug })) as { authority: string; files: string }[];
    const feeds: Record<string, FeedFiles> = {
      [authority.did]: await this.publisher.files(slug),
      ...Object.fromEntries(rows.map((row) => [row.authority, JSON.parse(row.files) as FeedFiles])),
    };
    const now = rfc3339(this.effects.clock().getTime());
    const { envelope } = await signMetadata(
      'index',
      { anchor: authority.did, packedAt: now, feeds: Object.entries(feeds).map(([did, files]) => vector(did, files)) },
      [this.authorities.signer(authority.did, 'freshness')],
    );
    const bundle = writeBundle(feeds, envelope);
    const first = await this.authorities.root(slug, knex, 1);
    const { findings } = importBundle(bundle, {
      anchor: authority.did,
      anchorRoot: { version: 1, digestMultibase: first.digestMultibase },
      now,
      crypto: NODE_CRYPTO,
    });
    for (const finding of findings) this.effects.logger.warn({ slug, ...finding }, 'the bundle has a flaw');
    await this.effects.database.write((transaction) =>
      transaction('registry_authorities').where({ slug }).update({ bundle }),
    );
    return bundle;
  }

  /** The bundle packed last; packed now when there is none. */
  async bundle(slug: string): Promise<string> {
    const row = await this.effects.database
      .knex('registry_authorities')
      .where({ slug })
      .first<{ bundle: string | null } | undefined>('bundle');
    return row?.bundle ?? (await this.pack(slug));
  }

  /** Statements partners made about this authority, as they signed them. */
  async statementsAbout(slug: string): Promise<string[]> {
    const { did } = await this.authorities.get(slug);
    const rows = (await this.effects.database.knex('registry_partner_feeds').where({ slug }).orderBy('authority')) as {
      files: string;
    }[];
    return rows.flatMap(({ files }) =>
      ((JSON.parse(files) as FeedFiles).parts['recognitions'] ?? '')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { vc: string }).vc)
        .filter((vc) => subjectOf(vc) === did),
    );
  }

  private async takePartner({ slug }: Authority, partner: string, pin: RootPin | undefined): Promise<FeedContent> {
    const { database, fetch, clock, logger } = this.effects;
    const row = (await database.knex('registry_partner_feeds').where({ slug, authority: partner }).first()) as
      { held: string } | undefined;
    const held = row && (JSON.parse(row.held) as HeldFeed);
    const now = clock();
    const { state, content, findings, error } = await updateFeed({
      authority: partner,
      pin,
      held,
      fetch: feedFetcher(withDeadline(fetch, SITE_DEADLINE_MS))(partner),
      now: rfc3339(now.getTime()),
      crypto: NODE_CRYPTO,
    });
    if (!state || !content) throw error;
    for (const { code } of findings) logger.warn({ authority: partner, code }, 'a partner serves a bad delta');
    await database.write(async (transaction) => {
      await transaction('registry_partner_feeds')
        .insert({
          slug,
          authority: partner,
          files: JSON.stringify(filesOf(state)),
          held: JSON.stringify(state),
          fetched_at: now.toISOString(),
        })
        .onConflict(['slug', 'authority'])
        .merge();
    });
    return content;
  }
}

function vector(authority: string, files: FeedFiles) {
  const { sequence, manifestSha256 } = readPayload(readEnvelope(files.freshness), freshnessSchema).value;
  return { authority, sequence, manifestSha256 };
}

/** Subject of a signed recognition that was verified when its feed was taken. */
function subjectOf(vc: string): string | undefined {
  const payload = JSON.parse(Buffer.from(vc.split('.')[1] ?? '', 'base64url').toString()) as {
    credentialSubject: { id: string }[];
  };
  return payload.credentialSubject[0]?.id;
}
