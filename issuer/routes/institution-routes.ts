import { z } from 'zod';
import {
  defineRoute,
  HOST_TENANT,
  isHostAdmin,
  readAudit,
  verifyAuditChain,
  type ServiceApp,
} from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import { newInstitutionSchema } from '../institutions.js';
import type { IssuerService } from '../service.js';
import { anyObject, institutionParams } from './params.js';

const DID_JSON = 'application/did+json';
const CACHE = { 'Cache-Control': 'public, max-age=300' };

const keySchema = z.strictObject({
  id: z.string(),
  type: z.literal('Multikey'),
  publicKeyMultibase: z.string(),
  validFrom: z.string(),
  validUntil: z.string().optional(),
});

const institutionSchema = z
  .strictObject({
    code: z.string(),
    did: z.string(),
    name: z.string(),
    authority: z.string(),
    signingKeys: z.array(keySchema).meta({ description: 'What the authority puts into the accreditation' }),
  })
  .meta({ id: 'Institution' });

const listedSchema = z.strictObject({ code: z.string(), did: z.string(), name: z.string() });

/** Institutions, their DID documents and their audit log. */
export function institutionRoutes(app: ServiceApp, service: IssuerService): void {
  const described = async (code: string): Promise<z.infer<typeof institutionSchema>> => {
    const { requiresApproval: _, ...institution } = await service.institutions.get(code);
    await service.effects.keystore.refresh();
    const keys = service.effects.keystore.list({ controller: institution.did, purpose: 'assertion' });
    return {
      ...institution,
      signingKeys: keys.map(({ id, publicKeyMultibase, validFrom, validUntil }) => ({
        id,
        type: 'Multikey' as const,
        publicKeyMultibase,
        validFrom,
        ...(validUntil === undefined ? {} : { validUntil }),
      })),
    };
  };

  defineRoute(app, {
    method: 'post',
    path: '/institutions',
    summary: 'Register an institution and make its first key',
    access: ['admin'],
    body: newInstitutionSchema,
    responses: { 201: { description: 'Registered', schema: institutionSchema } },
    handler: async ({ body, principal }) => {
      await service.institutions.create(body, principal?.keyId ?? HOST_TENANT);
      return { status: 201, body: await described(body.code) };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: '/institutions',
    summary: 'The institutions of this host',
    access: ['clerk', 'approver', 'custodian', 'officer', 'auditor', 'admin', 'supervisor'],
    responses: {
      200: { description: 'Institutions by code', schema: z.strictObject({ institutions: z.array(listedSchema) }) },
    },
    handler: async () => ({
      body: {
        institutions: (await service.institutions.list()).map(({ code, did, name }) => ({ code, did, name })),
      },
    }),
  });

  defineRoute(app, {
    method: 'get',
    path: '/institutions/:institutionCode',
    summary: 'Who the institution is and which keys it signs with',
    access: 'public',
    params: institutionParams,
    responses: { 200: { description: 'Institution', schema: institutionSchema } },
    handler: async ({ params }) => ({ body: await described(params.institutionCode), headers: CACHE }),
  });

  const approval = z.strictObject({ requiresApproval: z.boolean() }).meta({ id: 'BatchApproval' });

  defineRoute(app, {
    method: 'get',
    path: '/institutions/:institutionCode/approval',
    summary: 'Whether batches of the institution need a second person',
    access: ['clerk', 'approver', 'officer', 'auditor', 'admin'],
    tenantParam: 'institutionCode',
    params: institutionParams,
    responses: { 200: { description: 'Setting', schema: approval } },
    handler: async ({ params }) => {
      const { requiresApproval } = await service.institutions.get(params.institutionCode);
      return { body: { requiresApproval } };
    },
  });

  defineRoute(app, {
    method: 'put',
    path: '/institutions/:institutionCode/approval',
    summary:
      'Say whether the institution needs a second person: its administrator may ask for one, only the host may do without',
    access: ['admin'],
    tenantParam: 'institutionCode',
    params: institutionParams,
    body: approval,
    responses: { 200: { description: 'Setting now', schema: approval } },
    handler: async ({ params, body, principal }) => {
      const before = await service.institutions.get(params.institutionCode);
      if (before.requiresApproval && !body.requiresApproval && !isHostAdmin(principal))
        throw new YizhengError(
          'APPROVAL_OFF_BY_HOST',
          'Only an administrator of the host may do without the second person here.',
          { status: 403 },
        );
      const { requiresApproval } = await service.institutions.setApproval(
        params.institutionCode,
        body.requiresApproval,
        principal?.keyId ?? '',
      );
      return { body: { requiresApproval } };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: '/institutions/:institutionCode/did.json',
    summary: 'DID document (did:web) with every key the institution ever had',
    access: 'public',
    params: institutionParams,
    responses: { 200: { description: 'DID document', schema: anyObject, type: DID_JSON } },
    handler: async ({ params }) => ({
      body: await service.didDocument(params.institutionCode),
      type: DID_JSON,
      headers: CACHE,
    }),
  });

  defineRoute(app, {
    method: 'get',
    path: '/.well-known/did.json',
    summary: 'DID document of the host, if it has keys',
    access: 'public',
    responses: { 200: { description: 'DID document', schema: anyObject, type: DID_JSON } },
    handler: async () => ({ body: await service.hostDidDocument(), type: DID_JSON, headers: CACHE }),
  });

  defineRoute(app, {
    method: 'get',
    path: '/institutions/:institutionCode/audit',
    summary: 'Audit entries, oldest first',
    access: ['auditor', 'admin'],
    tenantParam: 'institutionCode',
    params: institutionParams,
    query: z.strictObject({
      after: z.coerce.number().int().min(0).optional(),
      limit: z.coerce.number().int().min(1).max(1000).optional(),
    }),
    responses: {
      200: { description: 'Entries', schema: z.strictObject({ entries: z.array(anyObject) }) },
    },
    handler: async ({ params, query }) => ({
      body: {
        entries: await readAudit(service.effects.database.knex, {
          tenant: params.institutionCode,
          ...(query.after === undefined ? {} : { after: query.after }),
          ...(query.limit === undefined ? {} : { limit: query.limit }),
        }),
      },
    }),
  });

  defineRoute(app, {
    method: 'get',
    path: '/institutions/:institutionCode/audit/check',
    summary:
      'Is the hash chain of the whole log unbroken? The chain runs through the acts of all institutions of this host',
    access: ['auditor', 'admin'],
    tenantParam: 'institutionCode',
    params: institutionParams,
    responses: {
      200: {
        description: 'How many entries were checked, and where it breaks, if it does',
        schema: z.strictObject({ entries: z.int(), brokenAt: z.int().optional() }),
      },
    },
    handler: async () => ({ body: await verifyAuditChain(service.effects.database.knex) }),
  });
}
