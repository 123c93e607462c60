import { YizhengError } from '../shared/errors.js';
import { BUNDLE_LIMITS } from '../shared/json/parse-json.js';
import { importBundle, viewOfState, type HeldState, type ImportFinding } from '../shared/trust/import-bundle.js';
import type { TrustView } from '../shared/trust/trust-view.js';
import type { Accreditation } from '../shared/trust/types.js';
import type { RootPin } from '../shared/trust/verify-feed.js';
import { appendAudit, NODE_CRYPTO } from '../server/index.js';
import type { IssuerEffects } from './effects.js';
import type { Institution } from './institutions.js';

/** Largest bundle taken, in bytes. */
export const MAX_BUNDLE_BYTES = 16 * 1024 * 1024;

/** How often an import may find that another one was faster. */
const IMPORT_ROUNDS = 3;

/** What an import of the authority's bundle found for an institution. */
export interface ImportedAccreditation {
  accreditations: Accreditation[];
  findings: ImportFinding[];
  dataAsOf: string | null;
}

interface AuthorityRow {
  did: string;
  root_pin: string | null;
  bundle_url: string | null;
  state: string | null;
  version: number;
}

/** What the institutions' authorities say, as their signed bundles brought it: the issuer's own knowledge of what it may issue. */
export class AccreditationStore {
  private readonly views = new Map<string, { version: number; view: TrustView }>();

  constructor(private readonly effects: IssuerEffects) {}

  /** The trust view of an authority, or undefined before its first bundle. */
  async view(authority: string): Promise<TrustView | undefined> {
    const { knex } = this.effects.database;
    const head = await knex<AuthorityRow>('authorities').where({ did: authority }).first('version');
    if (!head || head.version === 0) return undefined;
    const cached = this.views.get(authority);
    if (cached?.version === head.version) return cached.view;
    const { state, version } = await this.row(authority);
    if (state === null) return undefined;
    const view = viewOfState(JSON.parse(state) as HeldState, NODE_CRYPTO);
    this.views.set(authority, { version, view });
    return view;
  }

  /**
   * Imports a bundle of the institution's authority; from the authority's address when none is given.
   * @param bundle the bundle file
   * @throws YizhengError as `importBundle`; `BUNDLE_URL_MISSING` (409), `BUNDLE_UNREACHABLE`, `BUNDLE_IMPORT_CONFLICT` (503)
   */
  async import(institution: Institution, actor: string, bundle?: string | Uint8Array): Promise<ImportedAccreditation> {
    const { authority } = institution;
    const bytes = bundle ?? (await this.fetchBundle(authority));
    for (let round = 0; round < IMPORT_ROUNDS; round++) {
      const row = await this.row(authority);
      const now = this.effects.clock();
      // Verifying a large bundle takes seconds, so it holds no lock; what was built upon is compared when it is stored.
      const imported = importBundle(bytes, {
        anchor: authority,
        now: now.toISOString(),
        crypto: NODE_CRYPTO,
        ...(row.root_pin === null ? {} : { anchorRoot: JSON.parse(row.root_pin) as RootPin }),
        ...(row.state === null ? {} : { held: JSON.parse(row.state) as HeldState }),
      });
      if (await this.store(institution, actor, { imported, version: row.version, now }))
        return {
          accreditations: [...imported.view.accreditations(authority, institution.did)],
          findings: imported.findings,
          dataAsOf: imported.view.dataAsOf,
        };
    }
    throw new YizhengError('BUNDLE_IMPORT_CONFLICT', 'Other bundles of this authority are being imported; repeat.', {
      status: 503,
    });
  }

  /** @returns false when another import was stored since `version` was read */
  private async store(
    institution: Institution,
    actor: string,
    { imported, version, now }: { imported: ReturnType<typeof importBundle>; version: number; now: Date },
  ): Promise<boolean> {
    const { authority } = institution;
    const state = JSON.stringify(imported.state);
    return this.effects.database.write(async (transaction) => {
      const changed = await transaction('authorities')
        .where({ did: authority, version })
        .update({ state, version: version + 1, imported_at: now.toISOString() });
      if (changed === 0) return false;
      await appendAudit(
        transaction,
        {
          tenant: institution.code,
          actor,
          action: 'accreditation.import',
          subject: authority,
          detail: { feeds: imported.view.feeds.map(({ authority: did, sequence }) => ({ authority: did, sequence })) },
        },
        now,
      );
      return true;
    });
  }

  /** Fetches and imports the bundle of every authority that has an address. Failures are logged, and the old data stay. */
  async refresh(institutions: readonly Institution[]): Promise<void> {
    const done = new Set<string>();
    for (const institution of institutions) {
      const { authority } = institution;
      if (done.has(authority)) continue;
      done.add(authority);
      try {
        if ((await this.row(authority)).bundle_url === null) continue;
        await this.import(institution, 'system');
      } catch (error) {
        this.effects.logger.warn({ authority, err: error }, 'the bundle of the authority was not imported');
      }
    }
  }

  private async row(authority: string): Promise<AuthorityRow> {
    const row = (await this.effects.database.knex('authorities').where({ did: authority }).first()) as
      AuthorityRow | undefined;
    if (!row) throw new YizhengError('NOT_FOUND', 'This authority is not known here.', { status: 404 });
    return row;
  }

  private async fetchBundle(authority: string): Promise<Uint8Array> {
    const { bundle_url: url } = await this.row(authority);
    if (url === null)
      throw new YizhengError('BUNDLE_URL_MISSING', 'No address is known for this bundle; send it in the request.', {
        status: 409,
      });
    try {
      const { status, body } = await this.effects.fetch(url, { maxBytes: BUNDLE_LIMITS.maxBytes });
      if (status !== 200) throw new Error(`status ${status}`);
      return body;
    } catch (cause) {
      throw new YizhengError('BUNDLE_UNREACHABLE', 'The bundle of the authority could not be fetched.', {
        status: 503,
        cause,
      });
    }
  }
}
