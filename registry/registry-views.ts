import { YizhengError } from '../shared/errors.js';
import { NODE_CRYPTO } from '../server/node-feed-crypto.js';
import { importBundle } from '../shared/trust/import-bundle.js';
import { rfc3339 } from '../shared/trust/time.js';
import type { TrustView } from '../shared/trust/trust-view.js';
import type { Authorities } from './authorities.js';
import type { Bundler } from './bundler.js';
import type { RegistryEffects } from './effects.js';

interface CachedView {
  stamp: string;
  view: TrustView;
}

/** The index of the packer, signed at every packing, is the last member of a bundle: its end tells two packings apart. */
const TAIL = 400;

/**
 * What an authority of this host knows, as an employer with its bundle would: the service answers from the same verified data as a
 * verifier without network, and gives the same answers. Kept until the authority packs again.
 */
export class RegistryViews {
  private readonly cache = new Map<string, Promise<CachedView>>();

  constructor(
    private readonly effects: Pick<RegistryEffects, 'database' | 'clock'>,
    private readonly authorities: Authorities,
    private readonly bundler: Bundler,
  ) {}

  /**
   * The view of the authority with this DID.
   * @throws YizhengError `AUTHORITY_UNKNOWN` (404) for an authority of another host, `NOT_PUBLISHED` (404),
   *   `REGISTRY_DATA_STALE` (503) when its own bundle cannot be relied on any more
   */
  async viewOf(did: string): Promise<TrustView> {
    const row = await this.effects.database
      .knex('registry_authorities')
      .where({ did })
      .first<{ slug: string } | undefined>('slug');
    if (!row)
      throw new YizhengError('AUTHORITY_UNKNOWN', 'This registry does not speak for that authority.', {
        at: '/authority_id',
        status: 404,
      });
    const stamp = await this.stampOf(row.slug);
    const cached = await this.cache.get(row.slug)?.catch(() => undefined);
    if (cached && stamp !== '' && cached.stamp === stamp) return cached.view;
    const loading = this.load(row.slug, did);
    this.cache.set(row.slug, loading);
    return (await loading).view;
  }

  private async load(slug: string, did: string): Promise<CachedView> {
    const { database, clock } = this.effects;
    const bundle = await this.bundler.bundle(slug);
    const first = await this.authorities.root(slug, database.knex, 1);
    try {
      const { view } = importBundle(bundle, {
        anchor: did,
        anchorRoot: { version: 1, digestMultibase: first.digestMultibase },
        now: rfc3339(clock().getTime()),
        crypto: NODE_CRYPTO,
      });
      return { stamp: bundle.slice(-TAIL), view };
    } catch (cause) {
      throw dataStale('The bundle of this authority cannot be relied on any more.', cause);
    }
  }

  /** Empty when nothing is packed yet. */
  private async stampOf(slug: string): Promise<string> {
    const { knex } = this.effects.database;
    const row = await knex('registry_authorities')
      .where({ slug })
      .whereNotNull('bundle')
      .first<{ tail: string } | undefined>(knex.raw('substr(bundle, length(bundle) - ?) as tail', [TAIL - 1]));
    return row?.tail ?? '';
  }
}

/** The answer when it could not be found out: never a “no” (TRUST §4). */
export function dataStale(message: string, cause?: unknown): YizhengError {
  return new YizhengError('REGISTRY_DATA_STALE', message, { status: 503, cause });
}
