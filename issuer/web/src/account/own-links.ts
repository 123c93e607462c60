import { z } from 'zod';
import { call } from '../api/call.js';

const linksSchema = z.object({
  identities: z.array(z.object({ issuer: z.string(), createdAt: z.string(), usedAt: z.string().optional() })),
  hasPassword: z.boolean(),
});

/** How one's own account signs in besides passkeys. */
export type OwnLinks = z.infer<typeof linksSchema>;

/** Asks for it. @throws YizhengError as `call` */
export function ownLinks(signal: AbortSignal): Promise<OwnLinks> {
  return call('/account/identity', linksSchema, { signal });
}
