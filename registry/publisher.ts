import type { Knex } from 'knex';
import { appendAudit } from '../server/index.js';
import { YizhengError } from '../shared/errors.js';
import type { FeedManifest } from '../shared/trust/feed-metadata.js';
import { buildPart, type Part, type PartReference } from '../shared/trust/feed-part.js';
import type { Envelope } from '../shared/trust/jws.js';
import { signMetadata } from '../shared/trust/sign-metadata.js';
import { DAY, instant, rfc3339 } from '../shared/trust/time.js';
import type { StatusListRow } from '../shared/trust/types.js';
import type { FeedFiles } from '../shared/trust/verify-feed.js';
import type { Authorities, Authority } from './authorities.js';
import { readDelta, writeDeltas } from './deltas.js';
import type { RegistryEffects } from './effects.js';
import { NEXT_UPDATE_DAYS, STALE_AFTER_DAYS } from './periods.js';
import type { Statements } from './statements.js';

/** What a publication made. */
export interface Publication {
  sequence: number;
  manifestSha256: string;
  issuedAt: string;
  nextUpdate: string;
  staleAfter: string;
  /** True when the content changed, so that there is a new manifest; else only the freshness was renewed. */
  changed: boolean;
}

interface ManifestRow {
  sequence: number;
  sha256: string;
  manifest: string;
  envelope: string;
}

/** Writes an authority's signed static feed from what it said (TRUST §3.1). */
export class Publisher {
  constructor(
    private readonly effects: RegistryEffects,
    private readonly authorities: Authorities,
    private readonly statements: Statements,
  ) {}

  /**
   * Publishes: parts by hash, a manifest when anything changed or the old one grows old, and a new freshness file, in one transaction.
   * @throws YizhengError `NOT_FOUND` (404), `CLOCK_WENT_BACK` (503)
   */
  async publish(slug: string, actor: string): Promise<Publication> {
    const authority = await this.authorities.get(slug);
    const now = this.effects.clock();
    return this.effects.database.write(async (transaction) => {
      await this.statements.resign(transaction, authority);
      const parts = await this.parts(transaction, slug);
      const newest = await newestManifest(transaction, slug);
      const keep = newest && isCurrent(JSON.parse(newest.manifest) as FeedManifest, parts, now) ? newest : undefined;
      const current = keep ?? (await this.writeManifest(transaction, authority, parts, newest, now));
      const manifest = JSON.parse(current.manifest) as FeedManifest;
      const freshness = {
        authority: authority.did,
        sequence: current.sequence,
        manifestSha256: current.sha256,
        issuedAt: rfc3339(now.getTime()),
        nextUpdate: rfc3339(now.getTime() + NEXT_UPDATE_DAYS * DAY),
      };
      const signed = await signMetadata('freshness', freshness, [this.authorities.signer(authority.did, 'freshness')]);
      await transaction('registry_authorities')
        .where({ slug })
        .update({ sequence: current.sequence, freshness: JSON.stringify(signed.envelope) });
      await appendAudit(
        transaction,
        {
          tenant: slug,
          actor,
          action: keep ? 'registry.refresh' : 'registry.publish',
          subject: authority.did,
          detail: { sequence: current.sequence, manifest: current.sha256 },
        },
        now,
      );
      const { issuedAt, nextUpdate, manifestSha256, sequence } = freshness;
      return { sequence, manifestSha256, issuedAt, nextUpdate, staleAfter: manifest.staleAfter, changed: !keep };
    });
  }

  /** The files of the newest publication. @throws YizhengError `NOT_PUBLISHED` (404) */
  async files(slug: string, knex: Knex = this.effects.database.knex): Promise<FeedFiles> {
    const freshness = await this.freshness(slug, knex);
    const row = await newestManifest(knex, slug);
    if (!row) throw notPublished();
    const texts = new Map(
      await Promise.all(
        (JSON.parse(row.manifest) as FeedManifest).parts.map(
          async (part) => [part.name, await this.part(part.sha256, knex)] as const,
        ),
      ),
    );
    return {
      roots: (await this.authorities.roots(slug, knex)).map((root) => root.envelope).reverse(),
      freshness,
      manifest: JSON.parse(row.envelope) as Envelope,
      parts: Object.fromEntries(texts),
    };
  }

  /** @throws YizhengError `NOT_PUBLISHED` (404) */
  async freshness(slug: string, knex: Knex = this.effects.database.knex): Promise<Envelope> {
    const row = await knex('registry_authorities')
      .where({ slug })
      .first<{ freshness: string | null } | undefined>('freshness');
    if (!row?.freshness) throw notPublished();
    return JSON.parse(row.freshness) as Envelope;
  }

  /** @throws YizhengError `NOT_PUBLISHED` (404) */
  async manifest(slug: string, sequence: number): Promise<Envelope> {
    const row = (await this.effects.database.knex('registry_manifests').where({ slug, sequence }).first()) as
      ManifestRow | undefined;
    if (!row) throw notPublished();
    return JSON.parse(row.envelope) as Envelope;
  }

  /** Text of a part by its hash. @throws YizhengError `NOT_PUBLISHED` (404) */
  async part(sha256: string, knex: Knex = this.effects.database.knex): Promise<string> {
    const row = (await knex('registry_parts').where({ sha256 }).first()) as { text: string } | undefined;
    if (!row) throw notPublished();
    return row.text;
  }

  /** Text of a delta between two versions of a part. @throws YizhengError `NOT_PUBLISHED` (404) */
  async delta(slug: string, part: string, from: string, to: string): Promise<string> {
    const text = await readDelta(this.effects.database.knex, slug, part, from, to);
    if (text === undefined) throw notPublished();
    return text;
  }

  private async parts(transaction: Knex.Transaction, slug: string): Promise<Part[]> {
    const rows = async (kind: 'accreditation' | 'event' | 'review' | 'supply-chain') =>
      (await this.statements.list(slug, kind, transaction)).map((kept) => kept.statement);
    const recognitions = await this.statements.list(slug, 'recognition', transaction);
    const lists = await transaction('registry_status_lists')
      .where({ slug })
      .select<StatusListRow[]>('url', 'credential');
    return [
      buildPart('accreditations', await rows('accreditation')),
      buildPart(
        'recognitions',
        recognitions.map(({ statement, signed }) => ({ id: statement.id, vc: signed })),
      ),
      buildPart('events', await rows('event')),
      buildPart('reviews', await rows('review')),
      buildPart('supply-chain', await rows('supply-chain')),
      buildPart('status', lists),
    ];
  }

  private async writeManifest(
    transaction: Knex.Transaction,
    { slug, did }: Authority,
    parts: readonly Part[],
    previous: ManifestRow | undefined,
    now: Date,
  ): Promise<ManifestRow> {
    const manifest: FeedManifest = {
      authority: did,
      sequence: (previous?.sequence ?? 0) + 1,
      ...(previous ? { prev: previous.sha256 } : {}),
      issuedAt: rfc3339(now.getTime()),
      staleAfter: rfc3339(now.getTime() + STALE_AFTER_DAYS * DAY),
      parts: parts.map(reference),
    };
    const { envelope, sha256 } = await signMetadata('manifest', manifest, [this.authorities.signer(did, 'registry')]);
    for (const part of parts)
      await transaction('registry_parts')
        .insert({ sha256: part.sha256, text: part.text })
        .onConflict('sha256')
        .ignore();
    const row = {
      sequence: manifest.sequence,
      sha256,
      manifest: JSON.stringify(manifest),
      envelope: JSON.stringify(envelope),
    };
    await transaction('registry_manifests').insert({ slug, ...row });
    await writeDeltas(transaction, slug, parts, manifest.sequence);
    return row;
  }
}

async function newestManifest(knex: Knex, slug: string): Promise<ManifestRow | undefined> {
  return (await knex('registry_manifests').where({ slug }).orderBy('sequence', 'desc').first()) as
    ManifestRow | undefined;
}

/** Same content, and far enough from its end that the freshness alone may be renewed. */
function isCurrent(manifest: FeedManifest, parts: readonly Part[], now: Date): boolean {
  return (
    JSON.stringify(manifest.parts) === JSON.stringify(parts.map(reference)) &&
    instant(manifest.staleAfter) > now.getTime() + (STALE_AFTER_DAYS / 2) * DAY
  );
}

function reference({ name, length, sha256, rows }: Part): PartReference {
  return { name, length, sha256, rows };
}

function notPublished(): YizhengError {
  return new YizhengError('NOT_PUBLISHED', 'The registry has not published this.', { status: 404 });
}
