import { z } from 'zod';
import { didDocument } from '../../keys/did-document.js';
import { appendAudit, HOST_TENANT } from '../../server/index.js';
import { didWebOf } from '../../shared/did/did-web-url.js';
import { YizhengError } from '../../shared/errors.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { CRYPTOSUITE_FACTS, CRYPTOSUITES, type Cryptosuite } from '../../shared/proof/data-integrity/cryptosuites.js';
import type { StatusPurpose } from '../../shared/status/status-list-credential.js';
import type { IssuerEffects } from '../effects.js';

/** An identity of the general VC service. It issues what it is asked to, in its own name only, and never a certificate of ours. */
export interface VcApiTenant {
  name: string;
  /** did:web of this service, or a did:key. */
  did: string;
  cryptosuite: Cryptosuite;
  /** Status entries added to what it issues. */
  statusPurposes: readonly StatusPurpose[];
}

/** Name of a VC-API tenant; no institution code looks like it. */
export const VC_API_TENANT_NAME = /^(?!tenants$)[a-z][a-z0-9-]{1,38}[a-z0-9]$/;

/** What a new tenant is made with. */
export const newVcApiTenantSchema = z
  .strictObject({
    name: z.string().regex(VC_API_TENANT_NAME, 'must be 3 to 40 characters of a-z, 0-9, -'),
    method: z.enum(['web', 'key']),
    cryptosuite: z.enum(CRYPTOSUITES),
    /** For ECDSA suites; P-256 unless given. */
    curve: z.enum(['P-256', 'P-384']).optional(),
    statusPurposes: z
      .array(z.enum(['revocation', 'suspension']))
      .max(2)
      .refine((list) => new Set(list).size === list.length, { error: 'must be distinct' })
      .default([]),
  })
  .meta({ id: 'NewVcApiTenant' });

/** See {@link newVcApiTenantSchema}. */
export type NewVcApiTenant = z.infer<typeof newVcApiTenantSchema>;

interface Row {
  name: string;
  did: string;
  cryptosuite: Cryptosuite;
  status_purposes: string;
}

/** The VC-API tenants of this host. */
export class VcApiTenants {
  constructor(private readonly effects: IssuerEffects) {}

  /** @throws YizhengError `NOT_FOUND` (404) */
  async get(name: string): Promise<VcApiTenant> {
    const row = await this.effects.database.knex<Row>('vc_api_tenants').where({ name }).first();
    if (!row) throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
    return tenantOf(row);
  }

  async list(): Promise<VcApiTenant[]> {
    return (await this.effects.database.knex<Row>('vc_api_tenants').select().orderBy('name')).map(tenantOf);
  }

  /**
   * Makes an identity and its key, which is of purpose `vc-api` and signs nothing else.
   * @param actor key id of who does it
   * @throws YizhengError `VC_API_TENANT_EXISTS` (409), `VC_API_CURVE` (422: a curve for an EdDSA suite)
   */
  async create(request: NewVcApiTenant, actor: string): Promise<VcApiTenant> {
    const { name, method, cryptosuite, curve, statusPurposes } = request;
    const { database, keystore, baseUrl, clock } = this.effects;
    const isEcdsa = !CRYPTOSUITE_FACTS[cryptosuite].algorithms.includes('Ed25519');
    if (curve !== undefined && !isEcdsa)
      throw new YizhengError('VC_API_CURVE', 'Only ECDSA cryptosuites have a curve.', { at: '/curve', status: 422 });
    if (await database.knex('vc_api_tenants').where({ name }).first()) throw exists();
    const algorithm = isEcdsa ? (curve ?? 'P-256') : 'Ed25519';
    const now = clock();
    const did =
      method === 'web'
        ? didWebOf(`${baseUrl}/vc-api/${name}`)
        : (await keystore.createDidKey({ purpose: 'vc-api', algorithm, now })).controller;
    if (method === 'web') {
      await keystore.refresh();
      // An attempt whose row was not stored leaves its key behind.
      const [held] = keystore.list({ controller: did, purpose: 'vc-api', state: 'active' });
      if (held?.algorithm !== algorithm)
        await keystore.createKey({ controller: did, purpose: 'vc-api', algorithm, now });
    }
    await database.write(async (transaction) => {
      if (await transaction('vc_api_tenants').where({ name }).first()) throw exists();
      await transaction('vc_api_tenants').insert({
        name,
        did,
        cryptosuite,
        status_purposes: statusPurposes.join(' '),
        created_at: now.toISOString(),
      });
      const detail = { name, cryptosuite };
      await appendAudit(
        transaction,
        { tenant: HOST_TENANT, actor, action: 'vc-api.create', subject: did, detail },
        now,
      );
    });
    return { name, did, cryptosuite, statusPurposes };
  }

  /** DID document of a did:web tenant. @throws YizhengError `NOT_FOUND` (404) also for a did:key, which is its own document */
  async didDocument(name: string): Promise<JsonObject> {
    const { did } = await this.get(name);
    if (!did.startsWith('did:web:'))
      throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
    await this.effects.keystore.refresh();
    return didDocument(did, this.effects.keystore.list({ controller: did }));
  }
}

function exists(): YizhengError {
  return new YizhengError('VC_API_TENANT_EXISTS', 'There is a VC-API tenant of this name.', {
    status: 409,
    at: '/name',
  });
}

function tenantOf({ name, did, cryptosuite, status_purposes }: Row): VcApiTenant {
  const statusPurposes = status_purposes.split(' ').filter((one): one is StatusPurpose => one !== '');
  return { name, did, cryptosuite, statusPurposes };
}
