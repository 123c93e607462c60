import { z } from 'zod';
import { appendAudit, type TenantMove } from '../server/index.js';
import { INSTITUTION_CODE } from '../shared/certificate/certificate-number.js';
import { webDid } from '../shared/certificate/record.js';
import { certificateText } from '../shared/certificate/text.js';
import { didWebOf } from '../shared/did/did-web-url.js';
import { YizhengError } from '../shared/errors.js';
import type { KeyInfo } from '../keys/custody.js';
import type { IssuerEffects } from './effects.js';

/** An institution that issues here. */
export interface Institution {
  /** 13 characters, the beginning of its certificate numbers. */
  code: string;
  did: string;
  name: string;
  /** DID of the authority that accredits it. */
  authority: string;
  /** Whatever issues, revokes, reinstates or corrects goes through a batch that a second person approves. */
  requiresApproval: boolean;
}

/** What a new institution is registered with. */
export const newInstitutionSchema = z
  .strictObject({
    code: z.string().regex(INSTITUTION_CODE, 'must be a 13-character institution code'),
    name: certificateText(60),
    authority: z.strictObject({
      did: webDid,
      /** Pins the authority's registry root; needed once per authority. */
      root: z.strictObject({ version: z.int().min(1).optional(), digestMultibase: z.string().max(200) }).optional(),
      /** Where its bundle is fetched from. */
      bundleUrl: z.url().max(300).optional(),
    }),
    requiresApproval: z.boolean().default(true).meta({
      description: 'A second person approves what is issued, revoked or corrected; only the host can do without',
    }),
  })
  .meta({ id: 'NewInstitution' });

/** See {@link newInstitutionSchema}. */
export type NewInstitution = z.input<typeof newInstitutionSchema>;

interface InstitutionRow extends Omit<Institution, 'requiresApproval'> {
  requires_approval: number;
}

/** The institutions of this host. */
export class Institutions {
  constructor(private readonly effects: IssuerEffects) {}

  /** @throws YizhengError `NOT_FOUND` (404) */
  async get(code: string): Promise<Institution> {
    const row = await this.effects.database.knex<InstitutionRow>('institutions').where({ code }).first();
    if (!row) throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
    return institutionOf(row);
  }

  async list(): Promise<Institution[]> {
    const rows = await this.effects.database.knex<InstitutionRow>('institutions').select().orderBy('code');
    return rows.map(institutionOf);
  }

  /**
   * Institutions this service goes on with: none that moved to another one.
   * @param options `working`: nor any that stands still because it is being moved
   */
  async staying(options: { working?: boolean } = {}): Promise<Institution[]> {
    const { knex } = this.effects.database;
    const gone = knex<TenantMove>('tenant_moves').select('tenant');
    if (options.working !== true) void gone.where({ state: 'moved' });
    const rows: InstitutionRow[] = await knex<InstitutionRow>('institutions').whereNotIn('code', gone).orderBy('code');
    return rows.map(institutionOf);
  }

  /**
   * Says whether an institution needs a second person. Who may say so is for the caller to ask: switching it off is for the host only.
   * @throws YizhengError `NOT_FOUND` (404)
   */
  async setApproval(code: string, requiresApproval: boolean, actor: string): Promise<Institution> {
    const { database, clock } = this.effects;
    const institution = await this.get(code);
    await database.write(async (transaction) => {
      await transaction<InstitutionRow>('institutions')
        .where({ code })
        .update({ requires_approval: requiresApproval ? 1 : 0 });
      await appendAudit(
        transaction,
        {
          tenant: code,
          actor,
          action: 'institution.set-approval',
          subject: institution.did,
          detail: { requiresApproval },
        },
        clock(),
      );
    });
    return { ...institution, requiresApproval };
  }

  /**
   * Registers an institution and makes its first key; a second person is asked for unless the request says otherwise. Registering the same again
   * changes nothing.
   * @param actor key id of who does it
   * @throws YizhengError `INSTITUTION_EXISTS` (409) when the code is registered with another name or authority
   */
  async create(request: NewInstitution, actor: string): Promise<{ institution: Institution; key: KeyInfo }> {
    const { database, keystore, baseUrl, clock } = this.effects;
    const { code, name, authority, requiresApproval = true } = request;
    const did = didWebOf(`${baseUrl}/institutions/${code}`);
    const now = clock();
    await database.write(async (transaction) => {
      const known: unknown = await transaction('authorities').where({ did: authority.did }).first();
      const pin = authority.root && JSON.stringify(authority.root);
      if (!known)
        await transaction('authorities').insert({
          did: authority.did,
          root_pin: pin ?? null,
          bundle_url: authority.bundleUrl ?? null,
          version: 0,
        });
      const row = await transaction<InstitutionRow>('institutions').where({ code }).first();
      if (row && (row.name !== name || row.authority !== authority.did || row.did !== did))
        throw new YizhengError('INSTITUTION_EXISTS', 'This institution code is registered with other facts.', {
          status: 409,
          at: '/code',
        });
      if (row) return;
      await transaction('institutions').insert({
        code,
        did,
        name,
        authority: authority.did,
        created_at: now.toISOString(),
        requires_approval: requiresApproval ? 1 : 0,
      });
      const detail = { requiresApproval };
      await appendAudit(transaction, { tenant: code, actor, action: 'institution.create', subject: did, detail }, now);
    });
    await keystore.refresh();
    const held = keystore.list({ controller: did, purpose: 'assertion' });
    // One whose keys all ended gets no new one in passing: its custodians make it.
    const known = held.find(({ state }) => state === 'active') ?? held.at(-1);
    const key = known ?? (await keystore.createKey({ controller: did, purpose: 'assertion', now }));
    return { institution: await this.get(code), key };
  }
}

function institutionOf({ code, did, name, authority, requires_approval }: InstitutionRow): Institution {
  return { code, did, name, authority, requiresApproval: requires_approval !== 0 };
}
