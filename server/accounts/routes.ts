import type { z } from 'zod';
import type { ServiceApp } from '../service-app.js';
import type { AccountEffects } from './effects.js';
import type { IdentityProvider } from './oidc/provider.js';
import { hostAccountRoutes } from './routes/host-account-routes.js';
import { invitationRoutes } from './routes/invitation-routes.js';
import { limitTries } from './routes/limit-tries.js';
import { ownAccountRoutes } from './routes/own-account-routes.js';
import { ownFactorRoutes } from './routes/own-factor-routes.js';
import { ownIdentityRoutes } from './routes/own-identity-routes.js';
import { providerRoutes } from './routes/provider-routes.js';
import { signInRoutes } from './routes/sign-in-routes.js';
import { tenantAccountRoutes, type AccountTenants } from './routes/tenant-account-routes.js';

export type { AccountTenants } from './routes/tenant-account-routes.js';

/** What {@link AccountTenants.triesPerMinute} is unless given. */
const TRIES_PER_MINUTE = 60;

/**
 * Routes of the people who sign in, and, for administrators, of the accounts of a tenant.
 * @param provider whose word is taken for who somebody is, where one is configured; without it those routes answer `OIDC_OFF`
 */
export function accountRoutes<P extends z.ZodObject>(
  app: ServiceApp,
  effects: AccountEffects,
  tenants: AccountTenants<P>,
  provider?: IdentityProvider,
): void {
  const limited = limitTries(tenants.triesPerMinute ?? TRIES_PER_MINUTE);
  signInRoutes(app, effects, limited);
  providerRoutes(app, effects, { limited, provider });
  invitationRoutes(app, effects, limited);
  ownAccountRoutes(app, effects, limited);
  ownFactorRoutes(app, effects, limited);
  ownIdentityRoutes(app, effects, { limited, provider });
  tenantAccountRoutes(app, effects, tenants);
  hostAccountRoutes(app, effects);
}
