import { z } from 'zod';
import { createDocument } from 'zod-openapi';
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
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'API key `yz_…`' } },
    },
  });
}
