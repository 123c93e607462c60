import { z } from 'zod';
import { defineRoute, type ServiceApp } from '../../server/index.js';
import { statusChangeSchema } from '../change-status.js';
import type { IssuerService } from '../service.js';
import { anyObject, certificateParams, institutionParams } from './params.js';

const CACHE = { 'Cache-Control': 'public, max-age=300' };

/** Revoking, suspending, reinstating, and the lists that say so. */
export function statusRoutes(app: ServiceApp, service: IssuerService): void {
  defineRoute(app, {
    method: 'post',
    path: '/institutions/:institutionCode/certificates/:certificateId/status',
    summary: 'Revoke, suspend or reinstate a certificate; repeating it changes nothing',
    access: ['approver', 'officer'],
    tenantParam: 'institutionCode',
    params: certificateParams,
    body: statusChangeSchema,
    responses: {
      200: {
        description: 'Status now',
        schema: z.strictObject({
          id: z.string(),
          status: z.enum(['active', 'suspended', 'revoked']),
          statusReason: z.string().optional(),
          changed: z.boolean(),
        }),
      },
    },
    handler: async ({ params, body, principal }) => {
      const { certificate, changed } = await service.changeStatus(
        params.institutionCode,
        params.certificateId,
        principal?.keyId ?? '',
        body,
      );
      const { id, status, statusReason } = certificate;
      return { body: { id, status, ...(statusReason === undefined ? {} : { statusReason }), changed } };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: '/institutions/:institutionCode/status',
    summary: 'Addresses of all status lists',
    access: 'public',
    params: institutionParams,
    responses: { 200: { description: 'Lists', schema: z.strictObject({ lists: z.array(z.string()) }) } },
    handler: async ({ params }) => ({
      body: { lists: await service.statusLists.urls(await service.institutions.get(params.institutionCode)) },
      headers: CACHE,
    }),
  });

  defineRoute(app, {
    method: 'get',
    path: '/institutions/:institutionCode/status/:purpose/:list',
    summary: 'A signed status list (Bitstring Status List 1.0)',
    access: 'public',
    params: z.strictObject({
      ...institutionParams.shape,
      purpose: z.enum(['revocation', 'suspension']),
      list: z.string().regex(/^[1-9]\d{0,4}$/),
    }),
    responses: { 200: { description: 'Signed list', schema: anyObject, type: 'application/vc' } },
    handler: async ({ params }) => ({
      content: await service.statusLists.current(
        await service.institutions.get(params.institutionCode),
        params.purpose,
        Number(params.list),
      ),
      type: 'application/vc',
      headers: CACHE,
    }),
  });
}
