import { z } from 'zod';
import { defineRoute, HOST_TENANT, ROLES, vcApiBody, type ServiceApp } from '../../server/index.js';
import type { IssuerService } from '../service.js';
import { newVcApiTenantSchema, VC_API_TENANT_NAME, type VcApiTenant } from '../vc-api/tenants.js';
import { anyObject } from './params.js';

const params = z.strictObject({ vcApiTenant: z.string().regex(VC_API_TENANT_NAME, 'must be the name of a tenant') });
const purpose = z.enum(['revocation', 'suspension']);
const CREDENTIAL_ID = z.string().min(1).max(400);

const tenantSchema = z
  .strictObject({
    name: z.string(),
    did: z.string().meta({ description: 'The issuer of everything issued here' }),
    cryptosuite: z.string(),
    statusPurposes: z.array(purpose),
    issue: z.string().meta({ description: 'Address of its VC-API issue path' }),
  })
  .meta({ id: 'VcApiTenant' });

const issueSchema = z
  .strictObject({
    credential: anyObject,
    options: z.strictObject({ credentialId: CREDENTIAL_ID.optional() }).optional(),
  })
  .meta({ id: 'VcApiIssueRequest' });

const statusSchema = z
  .strictObject({
    credentialId: CREDENTIAL_ID,
    credentialStatus: z.strictObject({
      id: z.string().max(400).optional(),
      type: z.literal('BitstringStatusListEntry'),
      statusPurpose: purpose,
      statusListIndex: z.string().max(12).optional(),
      statusListCredential: z.string().max(400).optional(),
    }),
    status: z.boolean().default(true),
  })
  .meta({ id: 'VcApiStatusRequest' });

const newKeySchema = z
  .strictObject({
    roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length),
    label: z.string().min(1).max(100),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'NewVcApiKey' });

/** The general VC service (W3C VC-API): identities beside the institutions, which issue anything but certificates of ours. */
export function vcApiTenantRoutes(app: ServiceApp, service: IssuerService): void {
  const { tenants, statuses, issuing } = service.vcApi;
  const base = '/vc-api/:vcApiTenant';
  const shown = (tenant: VcApiTenant): z.infer<typeof tenantSchema> => ({
    ...tenant,
    statusPurposes: [...tenant.statusPurposes],
    issue: `${service.effects.baseUrl}/vc-api/${tenant.name}/credentials/issue`,
  });

  defineRoute(app, {
    method: 'post',
    path: '/vc-api/tenants',
    summary: 'Make an identity of the general VC service: did:web or did:key, one cryptosuite',
    access: ['officer', 'admin'],
    body: newVcApiTenantSchema,
    responses: { 201: { description: 'Made', schema: tenantSchema } },
    handler: async ({ body, principal }) => ({
      status: 201,
      body: shown(await tenants.create(body, principal?.keyId ?? HOST_TENANT)),
    }),
  });

  defineRoute(app, {
    method: 'get',
    path: '/vc-api/tenants',
    summary: 'Identities of the general VC service',
    access: ['officer', 'auditor', 'admin'],
    responses: { 200: { description: 'Identities', schema: z.strictObject({ tenants: z.array(tenantSchema) }) } },
    handler: async () => ({ body: { tenants: (await tenants.list()).map(shown) } }),
  });

  defineRoute(app, {
    method: 'post',
    path: `${base}/api-keys`,
    summary: 'Make an API key of an identity; its secret is shown once',
    access: ['admin'],
    tenantParam: 'vcApiTenant',
    params,
    body: newKeySchema,
    responses: { 201: { description: 'Made', schema: z.strictObject({ id: z.string(), secret: z.string() }) } },
    handler: async ({ params: { vcApiTenant }, body, principal }) => {
      const { name } = await tenants.get(vcApiTenant);
      return { status: 201, body: await service.createApiKey({ tenant: name, ...body }, principal?.keyId ?? '') };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: `${base}/did.json`,
    summary: 'DID document of a did:web identity',
    access: 'public',
    params,
    responses: { 200: { description: 'DID document', type: 'application/did+json' } },
    handler: async ({ params: { vcApiTenant } }) => ({
      content: JSON.stringify(await tenants.didDocument(vcApiTenant)),
      type: 'application/did+json',
      headers: { 'Cache-Control': 'public, max-age=300' },
    }),
  });

  defineRoute(app, {
    method: 'post',
    path: `${base}/credentials/issue`,
    summary: 'VC-API: sign a credential of any kind but ours, in the name of the identity',
    access: ['clerk', 'approver'],
    tenantParam: 'vcApiTenant',
    params,
    body: issueSchema,
    readBody: vcApiBody(issueSchema),
    responses: { 201: { description: 'Issued', schema: z.strictObject({ verifiableCredential: anyObject }) } },
    handler: async ({ params: { vcApiTenant }, body, principal }) => {
      const { credential, options = {} } = body;
      const tenant = await tenants.get(vcApiTenant);
      const verifiableCredential = await issuing.issue(tenant, credential, options, principal?.keyId ?? '');
      return { status: 201, body: { verifiableCredential } };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: `${base}/credentials/status`,
    summary: 'VC-API: set or clear a status of what the identity issued',
    access: ['approver', 'officer'],
    tenantParam: 'vcApiTenant',
    params,
    body: statusSchema,
    readBody: vcApiBody(statusSchema),
    responses: { 200: { description: 'Status is as asked' } },
    handler: async ({ params: { vcApiTenant }, body, principal }) => {
      const { credentialId, credentialStatus, status } = body;
      const { statusPurpose, ...entry } = credentialStatus;
      const change = { credentialId, purpose: statusPurpose, status, entry };
      await statuses.change(await tenants.get(vcApiTenant), change, principal?.keyId ?? '');
      return {};
    },
  });

  defineRoute(app, {
    method: 'get',
    path: `${base}/status/:purpose/:list`,
    summary: 'Signed status list of an identity (Bitstring Status List)',
    access: 'public',
    params: z.strictObject({ ...params.shape, purpose, list: z.string().regex(/^[1-9]\d{0,5}$/) }),
    responses: { 200: { description: 'Status list', type: 'application/vc' } },
    handler: async ({ params: { vcApiTenant, purpose: wanted, list } }) => ({
      content: await statuses.list(await tenants.get(vcApiTenant), wanted, Number(list)),
      type: 'application/vc',
      headers: { 'Cache-Control': 'public, max-age=60' },
    }),
  });
}
