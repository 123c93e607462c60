import { z } from 'zod';

/** Path parameter of every authority route. */
export const authorityParams = z.strictObject({ slug: z.string().regex(/^[a-z0-9][a-z0-9-]{0,38}$/) });

/** A JSON object described elsewhere. */
export const anyObject = z.record(z.string(), z.unknown());
