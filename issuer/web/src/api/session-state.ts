import { createStore } from '../../../../ui/app/store.js';
import type { Role, SignedIn } from './schemas.js';

/**
 * Whether somebody is signed in. `ended`: they were, and the page they work on stays as it is until they are again, so that nothing typed
 * is lost.
 */
export interface SessionState {
  phase: 'starting' | 'out' | 'in' | 'ended' | 'offline';
  signedIn?: SignedIn;
  csrfToken?: string;
  /** Whose work is shown: one of the memberships' tenants. */
  tenant?: string;
}

/** The session of this page. */
export const sessionState = createStore<SessionState>({ phase: 'starting' });

/** How often the service said that a role is missing: it may have been taken away since the session was read. */
export const refusalsState = createStore(0);

/** The service says the session is over. */
export function sessionEnded(): void {
  const { signedIn, tenant } = sessionState.get();
  sessionState.set({
    phase: signedIn ? 'ended' : 'out',
    ...(signedIn && { signedIn }),
    ...(tenant !== undefined && { tenant }),
  });
}

/** Roles at the tenant whose work is shown, with those on the whole host. */
export function rolesNow({ signedIn, tenant }: SessionState): readonly Role[] {
  const own = signedIn?.memberships.filter((one) => one.tenant === tenant || one.tenant === '*') ?? [];
  return [...new Set(own.flatMap(({ roles }) => roles))];
}

/** Roles on the whole host. */
export function hostRoles({ signedIn }: SessionState): readonly Role[] {
  return signedIn?.memberships.find((one) => one.tenant === '*')?.roles ?? [];
}
