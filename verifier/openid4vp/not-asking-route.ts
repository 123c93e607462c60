import { z } from 'zod';
import { defineRoute, type ServiceApp } from '../../server/index.js';

/** Says that this verifier asks nobody for certificates, so that its page need not find out by an error. */
export function addNotAskingRoute(app: ServiceApp): void {
  defineRoute(app, {
    method: 'get',
    path: '/openid4vp',
    summary: 'Whether this verifier asks holders for certificates: it does not',
    access: 'public',
    responses: { 200: { description: 'No', schema: z.strictObject({ guests: z.literal(false) }) } },
    handler: () => ({ headers: { 'Cache-Control': 'no-cache' }, body: { guests: false } }),
  });
}
