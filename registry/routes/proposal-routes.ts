import { z } from 'zod';
import { defineRoute, type ServiceApp } from '../../server/index.js';
import { certificateText } from '../../shared/certificate/text.js';
import { DUAL_CONTROL_KINDS } from '../dual-control.js';
import type { RegistryService } from '../service.js';
import { anyObject, authorityParams } from './params.js';
import { proposalSchema, proposed, replyOf, writerOf } from './proposal-replies.js';

const dualControl = z.array(z.enum(DUAL_CONTROL_KINDS)).max(DUAL_CONTROL_KINDS.length);
/** Id of a proposal. */
export const PROPOSAL_ID = z.string().regex(/^[0-9a-f]{20}$/);
/** One member in which two statements differ. */
export const differenceSchema = z.strictObject({
  at: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  added: z.array(z.unknown()).optional(),
  removed: z.array(z.unknown()).optional(),
});
const reviewSchema = z.strictObject({
  proposal: proposalSchema,
  before: anyObject.nullable(),
  after: anyObject.nullable(),
  differences: z.array(differenceSchema),
  problem: z.strictObject({ code: z.string(), detail: z.string(), at: z.string().optional() }).optional(),
});
const proposalParams = authorityParams.extend({ id: PROPOSAL_ID });
const reason = certificateText(200);
const DECIDERS = ['approver', 'officer', 'custodian', 'admin'] as const;
const decided = { 200: { description: 'The proposal', schema: proposalSchema } };

/** Four eyes: what needs a second person, what waits for one, and the second person's word. */
export function proposalRoutes(app: ServiceApp, service: RegistryService): void {
  const { proposals } = service;
  defineRoute(app, {
    method: 'put',
    path: '/authorities/:slug/dual-control',
    summary: 'Set what needs a second person; itself needs one once anything does',
    idempotencyKey: 'optional',
    access: ['officer', 'admin'],
    tenantParam: 'slug',
    params: authorityParams,
    body: z.strictObject({ dualControl }),
    responses: {
      200: { description: 'What needs a second person', schema: z.strictObject({ dualControl }) },
      ...proposed,
    },
    handler: async (call) => {
      const { params, body } = call;
      const prepare = () => Promise.resolve({ operation: 'dual-control' as const, input: body });
      return replyOf(await proposals.submit(params.slug, writerOf(call), body, prepare), 200);
    },
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/proposals',
    summary: 'Proposals, oldest first',
    access: [...DECIDERS, 'auditor'],
    tenantParam: 'slug',
    params: authorityParams,
    query: z.strictObject({ state: proposalSchema.shape.state.optional() }),
    responses: {
      200: { description: 'Proposals', schema: z.strictObject({ proposals: z.array(proposalSchema) }) },
    },
    handler: async ({ params, query }) => ({
      body: { proposals: await proposals.list(params.slug, query.state) },
    }),
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/proposals/:id',
    summary: 'A proposal beside what it would change',
    access: [...DECIDERS, 'auditor'],
    tenantParam: 'slug',
    params: proposalParams,
    responses: { 200: { description: 'The proposal', schema: reviewSchema } },
    handler: async ({ params }) => ({ body: await service.proposalReview.read(params.slug, params.id) }),
  });
  defineRoute(app, {
    method: 'post',
    path: '/authorities/:slug/proposals/:id/approve',
    summary: 'Approve a proposal of another person; its change is made',
    idempotencyKey: 'optional',
    access: DECIDERS,
    tenantParam: 'slug',
    params: proposalParams,
    body: z.strictObject({ reason: reason.optional() }),
    responses: decided,
    handler: async (call) => ({
      body: await proposals.approve(call.params.slug, call.params.id, writerOf(call), call.body.reason),
    }),
  });
  defineRoute(app, {
    method: 'post',
    path: '/authorities/:slug/proposals/:id/reject',
    summary: 'Reject a proposal, or withdraw one’s own',
    idempotencyKey: 'optional',
    access: DECIDERS,
    tenantParam: 'slug',
    params: proposalParams,
    body: z.strictObject({ reason }),
    responses: decided,
    handler: async (call) => ({
      body: await proposals.reject(call.params.slug, call.params.id, writerOf(call), call.body.reason),
    }),
  });
}
