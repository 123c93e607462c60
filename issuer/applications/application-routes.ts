import { z } from 'zod';
import { certificateText } from '../../shared/certificate/text.js';
import { defineRoute, type Principal, type ServiceApp } from '../../server/index.js';
import { language } from '../routes/batch-schemas.js';
import { institutionParams } from '../routes/params.js';
import type { IssuerService } from '../service.js';
import type { Actor } from './applications.js';
import { remainingSchema } from './remaining.js';
import { applicationPageSchema, applicationParams, applicationSchema } from './schemas.js';
import { APPLICATION_STATES } from './types.js';
import { handInSchema, newApplicationSchema } from './wanted.js';

/** A signed form with a photo, as a JSON text. */
const PRESENT_LIMITS = { maxBytes: 400_000, maxDepth: 4, maxNodes: 20 };
const MAX_TEXT = 128 * 1024;

const WRITERS = ['clerk', 'approver'] as const;
const READERS = ['clerk', 'approver', 'officer', 'auditor'] as const;

const closeSchema = z
  .strictObject({ outcome: z.enum(['refused', 'withdrawn']), reason: certificateText(300) })
  .meta({ id: 'CloseApplication' });

/** Applications of people who bring certificates and want another one (DOMAIN M16, M18). */
export function applicationRoutes(app: ServiceApp, { applications, effects }: IssuerService): void {
  const tenantParam = 'institutionCode';
  const base = '/institutions/:institutionCode/applications';
  const path = `${base}/:applicationId`;
  const changed = { 200: { description: 'How it stands now', schema: applicationSchema } };

  defineRoute(app, {
    method: 'post',
    path: base,
    summary: 'Begin an application: who applies, for which qualification, where',
    access: WRITERS,
    tenantParam,
    params: institutionParams,
    idempotencyKey: 'required',
    body: newApplicationSchema,
    responses: { 201: { description: 'Begun, or begun before with this Idempotency-Key', schema: applicationSchema } },
    handler: async ({ params: { institutionCode }, body, principal, idempotencyKey }) => {
      const made = await applications.create(institutionCode, actorOf(principal), body, idempotencyKey);
      const location = `${effects.baseUrl}/institutions/${institutionCode}/applications/${made.id}`;
      return { status: 201, body: made, headers: { Location: location } };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: base,
    summary: 'Applications, newest first, by name or state; that somebody looked is audited',
    access: READERS,
    tenantParam,
    params: institutionParams,
    query: z.strictObject({
      name: certificateText(60).optional().meta({ description: "The applicant's name in full" }),
      state: z.enum(APPLICATION_STATES).optional(),
      after: z.string().max(200).optional().meta({ description: '`next` of the page before' }),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    responses: { 200: { description: 'One page', schema: applicationPageSchema } },
    handler: async ({ params, query: { after, limit, ...filter }, principal }) => ({
      body: await applications.list(params.institutionCode, actorOf(principal), filter, { after, limit }),
    }),
  });

  defineRoute(app, {
    method: 'get',
    path,
    summary: 'An application with what each certificate spares and why; that somebody looked is audited',
    access: READERS,
    tenantParam,
    params: applicationParams,
    responses: { 200: { description: 'Application', schema: applicationSchema } },
    handler: async ({ params, principal }) => ({
      body: await applications.get(params.institutionCode, params.applicationId, actorOf(principal)),
    }),
  });

  defineRoute(app, {
    method: 'post',
    path: `${path}/certificates`,
    summary:
      'Present a certificate: text of its QR code, its JSON, or a signed text (JWT, SD-JWT). Pictures and PDFs are taken apart by the client',
    access: WRITERS,
    tenantParam,
    params: applicationParams,
    body: z.strictObject({ text: z.string().trim().min(1).max(MAX_TEXT) }).meta({ id: 'PresentCertificate' }),
    bodyLimits: PRESENT_LIMITS,
    responses: changed,
    handler: async ({ params, body, principal }) => ({
      body: await applications.present(params.institutionCode, params.applicationId, actorOf(principal), body.text),
    }),
  });

  defineRoute(app, {
    method: 'post',
    path: `${path}/judge`,
    summary: 'Judge the presented certificates again, by what is known now',
    access: WRITERS,
    tenantParam,
    params: applicationParams,
    responses: changed,
    handler: async ({ params, principal }) => ({
      body: await applications.rejudge(params.institutionCode, params.applicationId, actorOf(principal)),
    }),
  });

  defineRoute(app, {
    method: 'put',
    path: `${path}/remaining`,
    summary: 'Record what remained to be done and how it went',
    access: WRITERS,
    tenantParam,
    params: applicationParams,
    body: remainingSchema,
    responses: changed,
    handler: async ({ params, body, principal }) => ({
      body: await applications.record(params.institutionCode, params.applicationId, actorOf(principal), body),
    }),
  });

  defineRoute(app, {
    method: 'post',
    path: `${path}/hand-in`,
    summary: 'Judge the certificates once more and hand in: a batch of one row, approved and issued as any other',
    access: WRITERS,
    tenantParam,
    params: applicationParams,
    query: z.strictObject({ lang: language }),
    body: handInSchema,
    responses: changed,
    handler: async ({ params, query, body, principal }) => ({
      body: await applications.handIn(params.institutionCode, params.applicationId, actorOf(principal), {
        handIn: body,
        language: query.lang,
      }),
    }),
  });

  defineRoute(app, {
    method: 'post',
    path: `${path}/close`,
    summary: 'End an application without a certificate: refused, or withdrawn by the applicant',
    access: WRITERS,
    tenantParam,
    params: applicationParams,
    body: closeSchema,
    responses: changed,
    handler: async ({ params, body, principal }) => ({
      body: await applications.close(params.institutionCode, params.applicationId, actorOf(principal), body),
    }),
  });
}

function actorOf(principal: Principal | undefined): Actor {
  return { actor: principal?.keyId ?? '', roles: principal?.roles ?? [] };
}
