import { errorCode } from '../../../../shared/errors.js';
import { remember, remembered } from '../../../../ui/app/preferences.js';
import { call } from './call.js';
import { nothing, signedInSchema, type SignedIn } from './schemas.js';
import { loadService } from './service.js';
import { forgetDrafts, forgetDraftsOfOthers } from './drafts.js';
import { sessionState } from './session-state.js';

/** Codes that say that nobody is signed in. */
const OVER = ['SESSION_MISSING', 'SESSION_EXPIRED'];

/** Asks which service this is and who is signed in. */
export async function loadSession(): Promise<void> {
  try {
    await loadService();
    takeSession(await call('/session', signedInSchema));
  } catch (error) {
    const isOut = OVER.includes(errorCode(error, ''));
    sessionState.set({ phase: isOut ? 'out' : 'offline' });
  }
}

/** Takes over what signing in gave; somebody else than before begins anew. */
export function takeSession(signedIn: SignedIn): void {
  const before = sessionState.get();
  const isOther = before.signedIn !== undefined && before.signedIn.account.id !== signedIn.account.id;
  forgetDraftsOfOthers(signedIn.account.id);
  const tenants = signedIn.memberships.map(({ tenant }) => tenant);
  const kept = before.tenant ?? remembered('console-tenant');
  const isHost = tenants.includes('*');
  const tenant = kept !== undefined && (isHost || tenants.includes(kept)) ? kept : tenants.find((one) => one !== '*');
  sessionState.set({
    phase: 'in',
    signedIn,
    csrfToken: signedIn.csrfToken,
    ...(tenant !== undefined && { tenant }),
  });
  if (isOther) location.hash = '';
}

/** Shows the work of another tenant. */
export function chooseTenant(tenant: string): void {
  remember('console-tenant', tenant);
  sessionState.set({ ...sessionState.get(), tenant });
}

/**
 * Reads the roles again, after an answer that one is missing. The tenant and the page stay.
 * @throws YizhengError as `call`
 */
export async function refreshRoles(): Promise<void> {
  const { memberships } = await call('/session', signedInSchema);
  const now = sessionState.get();
  if (now.phase !== 'in' || !now.signedIn || JSON.stringify(now.signedIn.memberships) === JSON.stringify(memberships))
    return;
  sessionState.set({ ...now, signedIn: { ...now.signedIn, memberships } });
}

/**
 * Signs out. What was typed is forgotten at once, whether or not the service answers.
 * @throws YizhengError as `call`: the session goes on, and whoever leaves must know
 */
export async function signOut(): Promise<void> {
  forgetDrafts();
  try {
    await call('/session', nothing, { method: 'DELETE' });
  } catch (error) {
    if (!OVER.includes(errorCode(error, ''))) throw error;
  }
  sessionState.set({ phase: 'out' });
  location.hash = '';
}
