import { defineRoute, type ServiceApp } from '../../server/index.js';
import { exportOpenBadge } from '../export-open-badge.js';
import type { IssuerService } from '../service.js';
import { anyObject, certificateParams } from './params.js';

/** The facts of a certificate for systems that read badges. */
export function openBadgeRoutes(app: ServiceApp, service: IssuerService): void {
  defineRoute(app, {
    method: 'post',
    path: '/institutions/:institutionCode/certificates/:certificateId/open-badge',
    summary: 'Sign the facts of a certificate as an Open Badge 3.0; nothing is stored but the audit entry',
    access: ['clerk', 'approver'],
    tenantParam: 'institutionCode',
    params: certificateParams,
    responses: { 200: { description: 'The signed badge', schema: anyObject } },
    handler: async ({ params, principal }) => ({
      body: await exportOpenBadge(
        {
          institution: await service.institutions.get(params.institutionCode),
          certificate: await service.certificate(params.institutionCode, params.certificateId),
          actor: principal?.keyId ?? '',
        },
        service.effects,
        service.accreditations,
      ),
    }),
  });
}
