import { z } from 'zod';
import { createDocument } from 'zod-openapi';
import { IDEMPOTENCY_HEADER, IDEMPOTENCY_KEY } from './idempotency.js';
import type { ServiceApp } from './service-app.js';

/** Problem Details as they stand in the OpenAPI document. */
export const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    at: z.string().optional(),
    instance: z.string(),
  })
  .meta({ id: 'Problem', description: 'Problem Details (RFC 9457)' });

/** The header of writes that may be repeated, as it stands in the OpenAPI document. */
export const idempotencyHeader = z.object({
  [IDEMPOTENCY_HEADER]: z.string().regex(IDEMPOTENCY_KEY).meta({
    description:
      'Names this write, so that it may be repeated: the same key and body give the same answer, another body is refused',
  }),
});

/** The OpenAPI 3.1 document of all routes defined so far. */
export function openApiDocument(app: ServiceApp): object {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: app.options.title ?? `Yizheng ${app.options.name}`,
      version: app.options.version,
      ...(app.options.description === undefined ? {} : { description: app.options.description }),
    },
    paths: app.paths,
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'API key `yz_…`' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-yizheng-session',
          description:
            'Session of a signed-in person; changes also need the header X-CSRF-Token. At an address with a port the name ends in it: -8701',
        },
      },
    },
  });
}
