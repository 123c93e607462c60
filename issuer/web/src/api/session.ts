import { errorCode } from '../../../../shared/errors.js';
import { remember, remembered } from '../../../../ui/app/preferences.js';
import { call } from './call.js';
import { nothing, signedInSchema, type SignedIn } from './schemas.js';
import { loadService } from './service.js';
import { forgetDrafts } from './drafts.js';
import { sessionState } from './session-state.js';

/** Asks which service this is and who is signed in. */
export async function loadSession(): Promise<void> {
  try {
    await loadService();
    takeSession(await call('/session', signedInSchema));
  } catch (error) {
    const isOut = ['SESSION_MISSING', 'SESSION_EXPIRED'].includes(errorCode(error, ''));
    sessionState.set({ phase: isOut ? 'out' : 'offline' });
  }
}

/** Takes over what signing in gave; somebody else than before begins anew. */
export function takeSession(signedIn: SignedIn): void {
  const before = sessionState.get();
  const isOther = before.signedIn !== undefined && before.signedIn.account.id !== signedIn.account.id;
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

/** Signs out. */
export async function signOut(): Promise<void> {
  await call('/session', nothing, { method: 'DELETE' });
  forgetDrafts();
  sessionState.set({ phase: 'out' });
  location.hash = '';
}
