import { z } from 'zod';
import { ROLES } from '../../../../shared/accounts/role.js';

export { ROLES, type Role } from '../../../../shared/accounts/role.js';
/** One of {@link ROLES}. */
export const roleSchema = z.enum(ROLES);

/** Problem Details (RFC 9457) as the services write them. */
export const problemSchema = z.object({ code: z.string(), detail: z.string(), at: z.string().optional() });

/** Who is signed in. */
export const signedInSchema = z.object({
  account: z.object({ id: z.string(), login: z.string(), name: z.string() }),
  memberships: z.array(z.object({ tenant: z.string(), roles: z.array(roleSchema) })),
  method: z.string(),
  isComplete: z.boolean(),
  csrfToken: z.string(),
  expiresAt: z.string(),
});
/** One who is signed in. */
export type SignedIn = z.infer<typeof signedInSchema>;

/** An institution, as anyone may see it. */
export const institutionSchema = z.object({ code: z.string(), name: z.string(), did: z.string() });
/** One institution. */
export type Institution = z.infer<typeof institutionSchema>;

/** An answer without content. */
export const nothing = z.undefined();
