import { createHash } from 'node:crypto';
import { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';
import {
  defineRoute,
  IDEMPOTENCY_HEADER,
  parseIdempotencyKey,
  vcApiBody,
  type ServiceApp,
} from '../../server/index.js';
import type { StatusChange } from '../change-status.js';
import type { IssuerService } from '../service.js';
import { checkIssuer } from '../vc-api/check-issuer.js';
import { anyObject, institutionParams, MAX_CERTIFICATE_ID } from './params.js';

const issueSchema = z
  .strictObject({ credential: anyObject, options: z.strictObject({}).optional() })
  .meta({ id: 'IssueCredentialRequest' });

const updateSchema = z
  .strictObject({
    credentialId: z.string().min(1).max(MAX_CERTIFICATE_ID),
    credentialStatus: z.strictObject({
      type: z.literal('BitstringStatusListEntry'),
      statusPurpose: z.enum(['revocation', 'suspension']),
    }),
    status: z.boolean().default(true),
  })
  .meta({ id: 'UpdateCredentialStatus' });

/** The issuer half of the W3C VC-API, for our kinds of certificate. */
export function vcApiRoutes(app: ServiceApp, service: IssuerService): void {
  defineRoute(app, {
    method: 'post',
    path: '/institutions/:institutionCode/credentials/issue',
    summary: 'VC-API: sign a complete certificate credential without status entries, which the issuer assigns',
    access: ['clerk', 'approver'],
    tenantParam: 'institutionCode',
    params: institutionParams,
    idempotencyKey: 'optional',
    body: issueSchema,
    readBody: vcApiBody(issueSchema),
    responses: {
      201: { description: 'Issued', schema: z.strictObject({ verifiableCredential: anyObject }) },
    },
    handler: async ({ params, body, principal, header }) => {
      const institution = await service.institutions.get(params.institutionCode);
      checkIssuer(body.credential['issuer'], institution.did);
      const key = header(IDEMPOTENCY_HEADER) ?? keyOf(body.credential['id']);
      const certificate = await service.issuing.issueCredential(
        {
          institution,
          actor: principal?.keyId ?? '',
          roles: principal?.roles ?? [],
          idempotencyKey: parseIdempotencyKey(key),
        },
        body.credential,
      );
      return { status: 201, body: { verifiableCredential: certificate.credential } };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: '/institutions/:institutionCode/credentials/status',
    summary: 'VC-API: set or clear a status of a credential',
    access: ['approver', 'officer'],
    tenantParam: 'institutionCode',
    params: institutionParams,
    body: updateSchema,
    readBody: vcApiBody(updateSchema),
    responses: { 200: { description: 'Status is as asked' } },
    handler: async ({ params, body, principal }) => {
      await service.changeStatus(params.institutionCode, body.credentialId, principal?.keyId ?? '', asChange(body));
      return {};
    },
  });
}

function asChange({ credentialStatus, status }: z.infer<typeof updateSchema>): StatusChange {
  if (credentialStatus.statusPurpose === 'suspension')
    return status ? { action: 'suspend', reason: 'investigation' } : { action: 'reinstate', reason: 'cleared' };
  if (!status)
    throw new YizhengError('REVOCATION_IS_FINAL', 'A revocation cannot be taken back.', { status: 409, at: '/status' });
  return { action: 'revoke', reason: 'error' };
}

/** VC-API clients send no idempotency key; the id of the credential names the same request. */
function keyOf(id: unknown): string {
  return `vc-api.${createHash('sha256').update(String(id)).digest('hex')}`;
}
