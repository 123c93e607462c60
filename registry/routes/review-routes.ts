import { z } from 'zod';
import { defineRoute, type ServiceApp } from '../../server/index.js';
import type { RegistryService } from '../service.js';
import { eventShape } from '../statement-input.js';
import { READERS } from './overview-routes.js';
import { anyObject, authorityParams } from './params.js';
import { proposed, replyOf, writerOf } from './proposal-replies.js';

const measureSchema = z
  .strictObject({ ...eventShape, about: z.undefined().optional(), event: z.enum(['suspend', 'withdraw']) })
  .meta({ id: 'ReviewMeasureInput' });

/** What cross-reviews found, and what is done about it. */
export function reviewRoutes(app: ServiceApp, service: RegistryService): void {
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/reviews',
    summary: 'Findings of cross-reviews, with what they led to',
    access: READERS,
    tenantParam: 'slug',
    params: authorityParams,
    responses: {
      200: {
        description: 'Findings',
        schema: z.strictObject({
          reviews: z.array(
            z.strictObject({
              review: anyObject,
              about: z.strictObject({ id: z.string(), name: z.string() }),
              measures: z.array(z.strictObject({ proposal: z.string().optional(), event: z.string().optional() })),
            }),
          ),
        }),
      },
    },
    handler: async ({ params }) => ({ body: { reviews: await service.reviews.list(params.slug) } }),
  });
  defineRoute(app, {
    method: 'post',
    path: '/authorities/:slug/reviews/:id/measure',
    summary: 'Suspend or withdraw the institution a finding is about, for that finding',
    idempotencyKey: 'optional',
    access: ['officer'],
    tenantParam: 'slug',
    params: authorityParams.extend({ id: z.string().max(200) }),
    body: measureSchema,
    responses: { 201: { description: 'The event', schema: anyObject }, ...proposed },
    handler: async (call) => {
      const { about: _, ...input } = call.body;
      return replyOf(await service.reviews.take(call.params.slug, call.params.id, input, writerOf(call)));
    },
  });
}
