import { z } from 'zod';
import { ROLES } from '../../roles.js';
import { PASSWORD_LENGTH } from '../password.js';
import { SIGN_IN_METHODS } from '../session.js';

export const token = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
export const password = z
  .string()
  .min(1)
  .max(4 * PASSWORD_LENGTH.most);
export const login = z.string().min(1).max(100);
export const role = z.enum(ROLES);
export const accountId = z.string().regex(/^acct_[0-9a-f]{16}$/);
export const label = z.string().trim().min(1).max(100);
const base64url = z.string().max(8000);
/** What the browser's `toJSON()` of a credential gives; the library checks what is in it. */
const credentialShape = {
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  authenticatorAttachment: z.string().max(40).optional(),
  clientExtensionResults: z.looseObject({}),
};
export const attestation = z.looseObject({
  ...credentialShape,
  response: z.looseObject({ clientDataJSON: base64url, attestationObject: z.string().max(20_000) }),
});
export const assertion = z.looseObject({
  ...credentialShape,
  response: z.looseObject({ clientDataJSON: base64url, authenticatorData: base64url, signature: base64url }),
});

const accountSchema = z.strictObject({
  id: accountId,
  login: z.string(),
  name: z.string(),
  createdAt: z.string(),
  disabledAt: z.string().optional(),
});
const membershipSchema = z.strictObject({ tenant: z.string(), roles: z.array(role) });
export const signedInSchema = z
  .strictObject({
    account: accountSchema,
    memberships: z.array(membershipSchema),
    method: z.enum(SIGN_IN_METHODS),
    isComplete: z.boolean().meta({ description: 'false: only a second factor may be set up' }),
    csrfToken: z.string().meta({ description: 'to be sent as X-CSRF-Token with every change' }),
    expiresAt: z.string(),
  })
  .meta({ id: 'SignedIn' });
export const invitationSchema = z.strictObject({ token, expiresAt: z.string() }).meta({ id: 'NewInvitation' });
export const newInvitationSchema = z
  .strictObject({ name: label, roles: z.array(role).min(1).max(ROLES.length) })
  .meta({ id: 'InvitationRequest' });
export const accountsSchema = z.strictObject({
  accounts: z.array(
    accountSchema.extend({
      roles: z.array(role),
      hasSecondFactor: z.boolean(),
      linkedAt: z.string().optional().meta({ description: 'since when it is linked to the identity provider' }),
    }),
  ),
});
/** What the browser came back with from the identity provider, as it stood in the address. */
export const cameBack = z.strictObject({
  parameters: z
    .record(z.string().regex(/^[a-z_]{1,40}$/), z.string().max(4000))
    .refine((all) => Object.keys(all).length <= 12, 'has too many members'),
});
export const language = z.enum(['zh-CN', 'en']).default('zh-CN');
export const addressSchema = z.strictObject({ address: z.url() }).meta({ id: 'ProviderAddress' });
export const passkeySchema = z.strictObject({
  id: z.string(),
  label: z.string(),
  createdAt: z.string(),
  usedAt: z.string().optional(),
});
export const requestSchema = z.strictObject({ challengeId: z.string(), options: z.looseObject({}) });
