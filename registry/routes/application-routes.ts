import { z } from 'zod';
import { defineRoute, type Principal, type ServiceApp } from '../../server/index.js';
import { certificateText } from '../../shared/certificate/text.js';
import { APPLICATION_STATES, applicationInputSchema } from '../applications/application.js';
import type { RegistryService } from '../service.js';
import { accreditationInputSchema } from '../statement-input.js';
import { READERS } from './overview-routes.js';
import { anyObject, authorityParams } from './params.js';
import { differenceSchema, PROPOSAL_ID } from './proposal-routes.js';
import { proposalSchema, writerOf } from './proposal-replies.js';

const applicationSchema = z
  .strictObject({
    id: PROPOSAL_ID,
    institution: z.strictObject({ id: z.string(), name: z.string() }),
    institutionKind: z.string(),
    institutionCode: z.string(),
    unifiedSocialCreditCode: z.string().optional(),
    actions: z.array(anyObject),
    documents: z.array(z.strictObject({ name: z.string(), digestMultibase: z.string() })),
    remark: z.string().optional(),
    state: z.enum(APPLICATION_STATES),
    revision: z.int().min(1),
    handedInBy: z.string(),
    handedInAt: z.string(),
    decidedBy: z.string().optional(),
    decidedAt: z.string().optional(),
    reason: z.string().optional(),
    proposal: z.string().optional(),
    accreditation: z.string().optional(),
  })
  .meta({ id: 'AccreditationApplication' });
const applicationParams = authorityParams.extend({ id: PROPOSAL_ID });
const reason = z.strictObject({ reason: certificateText(200) });
const one = { 200: { description: 'The application', schema: applicationSchema } };
const { actions, supersedes, signingKeys } = accreditationInputSchema.shape;

/** Somebody of an institution sees what they handed in themselves; the authority's people see all. */
function ownerOf(principal: Principal | undefined): { owner?: string } {
  const isReader = READERS.some((role) => principal?.roles.includes(role));
  return isReader ? {} : { owner: principal?.keyId ?? '' };
}

/** Applications for accreditation: institutions hand them in, officers review them, a second person confirms the accreditation. */
export function applicationRoutes(app: ServiceApp, service: RegistryService): void {
  const { applications } = service;
  const common = { tenantParam: 'slug', params: applicationParams } as const;
  defineRoute(app, {
    method: 'post',
    path: '/authorities/:slug/applications',
    summary: 'Apply for an accreditation',
    access: ['clerk', 'officer'],
    tenantParam: 'slug',
    params: authorityParams,
    body: applicationInputSchema,
    responses: { 201: { description: 'Handed in', schema: applicationSchema } },
    handler: async ({ params, body, principal }) => ({
      status: 201,
      body: await applications.handIn(params.slug, body, principal?.keyId ?? ''),
    }),
  });
  defineRoute(app, {
    method: 'put',
    path: '/authorities/:slug/applications/:id',
    summary: 'Hand in again what was sent back to oneself',
    access: ['clerk', 'officer'],
    ...common,
    body: applicationInputSchema,
    responses: one,
    handler: async ({ params, body, principal }) => ({
      body: await applications.handInAgain(params.slug, params.id, body, principal?.keyId ?? ''),
    }),
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/applications',
    summary: 'Applications, oldest first; for a clerk their own',
    access: ['clerk', ...READERS],
    tenantParam: 'slug',
    params: authorityParams,
    query: z.strictObject({
      state: z.enum(APPLICATION_STATES).optional(),
      after: PROPOSAL_ID.optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    responses: {
      200: {
        description: 'Applications, and behind which id there are more',
        schema: z.strictObject({ applications: z.array(applicationSchema), next: z.string().optional() }),
      },
    },
    handler: async ({ params, query: { state, after, limit }, principal }) => {
      const all = await applications.list(params.slug, {
        ...ownerOf(principal),
        ...(state !== undefined && { state }),
      });
      const begin = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
      const page = all.slice(begin, begin + limit);
      const last = page.at(-1);
      return { body: { applications: page, ...(begin + limit < all.length && last && { next: last.id }) } };
    },
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/applications/:id',
    summary: 'An application beside what its institution holds now',
    access: ['clerk', ...READERS],
    ...common,
    responses: {
      200: {
        description: 'The application',
        schema: z.strictObject({
          application: applicationSchema,
          held: z.array(anyObject),
          differences: z.array(differenceSchema),
          history: z.array(
            z.strictObject({ at: z.string(), actor: z.string(), action: z.string(), reason: z.string().optional() }),
          ),
        }),
      },
    },
    handler: async ({ params, principal }) => ({
      body: await applications.review(params.slug, params.id, ownerOf(principal).owner),
    }),
  });
  for (const [step, summary] of [
    ['send-back', 'Send it back to be corrected'],
    ['refuse', 'Refuse it for good'],
  ] as const)
    defineRoute(app, {
      method: 'post',
      path: `/authorities/:slug/applications/:id/${step}`,
      summary,
      access: ['officer'],
      ...common,
      body: reason,
      responses: one,
      handler: async ({ params: { slug, id }, body, principal }) => ({
        body: await (step === 'refuse'
          ? applications.refuse(slug, id, body.reason, principal?.keyId ?? '')
          : applications.sendBack(slug, id, body.reason, principal?.keyId ?? '')),
      }),
    });
  defineRoute(app, {
    method: 'post',
    path: '/authorities/:slug/applications/:id/withdraw',
    summary: 'Take back one’s own',
    access: ['clerk', 'officer'],
    ...common,
    responses: one,
    handler: async ({ params, principal }) => ({
      body: await applications.withdraw(params.slug, params.id, principal?.keyId ?? ''),
    }),
  });
  defineRoute(app, {
    method: 'post',
    path: '/authorities/:slug/applications/:id/accredit',
    summary: 'Accredit what is applied for, or propose it to a second person',
    idempotencyKey: 'optional',
    access: ['officer'],
    ...common,
    body: z.strictObject({ actions: actions.optional(), supersedes, signingKeys }),
    responses: {
      201: {
        description: 'Accredited',
        schema: z.strictObject({ application: applicationSchema, statement: anyObject }),
      },
      202: {
        description: 'It waits for a second person',
        schema: z.strictObject({ application: applicationSchema, proposal: proposalSchema }),
      },
    },
    handler: async (call) => {
      const { slug, id } = call.params;
      const { application, submitted } = await applications.accredit(slug, id, call.body, writerOf(call));
      return submitted.state === 'proposed'
        ? { status: 202, body: { application, proposal: submitted.proposal } }
        : { status: 201, body: { application, statement: submitted.result } };
    },
  });
}
