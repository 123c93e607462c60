/** People who sign in: passwords with TOTP, passkeys, invitations, sessions, roles per tenant. */
export { accountMigrations } from './migrations.js';
export { accountRoutes, type AccountTenants } from './routes.js';
export { invite, INVITATION_MS, type NewInvitation } from './invitation.js';
export { sessionPrincipal } from './session-principal.js';
export { openIdentityProvider, type IdentityProvider, type ProvenIdentity } from './oidc/provider.js';
export { checkIdentityProvider, type IdentityProviderSettings } from './oidc/settings.js';
export type { AccountEffects } from './effects.js';
export type { Account, Membership } from './account.js';
