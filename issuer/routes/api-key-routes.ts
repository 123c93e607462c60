import { z } from 'zod';
import { defineRoute, ROLES, type ServiceApp } from '../../server/index.js';
import type { IssuerService } from '../service.js';
import { institutionParams } from './params.js';

const newKeySchema = z
  .strictObject({
    roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length),
    label: z.string().min(1).max(100),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'NewApiKey' });

/** API keys of an institution. */
export function apiKeyRoutes(app: ServiceApp, service: IssuerService): void {
  defineRoute(app, {
    method: 'post',
    path: '/institutions/:institutionCode/api-keys',
    summary: 'Make an API key; its secret is shown once',
    access: ['admin'],
    tenantParam: 'institutionCode',
    params: institutionParams,
    body: newKeySchema,
    responses: { 201: { description: 'Made', schema: z.strictObject({ id: z.string(), secret: z.string() }) } },
    handler: async ({ params, body, principal }) => {
      const { code } = await service.institutions.get(params.institutionCode);
      return { status: 201, body: await service.createApiKey({ tenant: code, ...body }, principal?.keyId ?? '') };
    },
  });

  defineRoute(app, {
    method: 'delete',
    path: '/institutions/:institutionCode/api-keys/:keyId',
    summary: 'Revoke an API key',
    access: ['admin'],
    tenantParam: 'institutionCode',
    params: z.strictObject({ ...institutionParams.shape, keyId: z.string().regex(/^[0-9a-f]{16}$/) }),
    responses: { 204: { description: 'Revoked' } },
    handler: async ({ params, principal }) => {
      await service.revokeApiKey(params.institutionCode, params.keyId, principal?.keyId ?? '');
      return { status: 204 };
    },
  });
}
