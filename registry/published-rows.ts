import type { Knex } from 'knex';
import type { FeedManifest } from '../shared/trust/feed-metadata.js';
import type { KeptStatement } from './statements.js';

/** The rows of the newest publication, to tell what is said already and not published yet. */
export class PublishedRows {
  private constructor(
    private readonly lines: ReadonlySet<string>,
    /** What the publication says of itself; undefined before the first. */
    readonly manifest: FeedManifest | undefined,
  ) {}

  /** Reads them. */
  static async read(knex: Knex, slug: string): Promise<PublishedRows> {
    const newest = await knex('registry_manifests')
      .where({ slug })
      .orderBy('sequence', 'desc')
      .first<{ manifest: string } | undefined>('manifest');
    const manifest = newest && (JSON.parse(newest.manifest) as FeedManifest);
    const digests = (manifest?.parts ?? []).filter(({ name }) => name !== 'status').map(({ sha256 }) => sha256);
    const parts = await knex('registry_parts').whereIn('sha256', digests).select<{ text: string }[]>('text');
    return new PublishedRows(new Set(parts.flatMap(({ text }) => text.split('\n'))), manifest);
  }

  /** Is this statement published, just as it is kept? */
  holds({ kind, statement, signed }: KeptStatement): boolean {
    return this.lines.has(JSON.stringify(kind === 'recognition' ? { id: statement.id, vc: signed } : statement));
  }
}
