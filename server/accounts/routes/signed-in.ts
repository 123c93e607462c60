import type { z } from 'zod';
import type { Reply } from '../../define-route.js';
import type { AccountEffects } from '../effects.js';
import { membershipsOf } from '../membership.js';
import { csrfToken, sessionCookie } from '../session-cookie.js';
import { readSession } from '../session.js';
import type { signedInSchema } from './schemas.js';

/** Who is signed in, as the page is told. @throws YizhengError `SESSION_MISSING`, `SESSION_EXPIRED` */
export async function signedIn(effects: AccountEffects, sessionToken: string): Promise<z.infer<typeof signedInSchema>> {
  const { account, method, isComplete, expiresAt } = await readSession(effects, sessionToken);
  const memberships = await membershipsOf(effects.database.knex, account.id);
  return {
    account,
    memberships: memberships.map(({ tenant, roles }) => ({ tenant, roles: [...roles] })),
    method,
    isComplete,
    csrfToken: csrfToken(sessionToken),
    expiresAt,
  };
}

/** Answers a sign-in: the session in the cookie, who it is in the body. */
export async function beginSession(effects: AccountEffects, sessionToken: string, status = 200): Promise<Reply> {
  return {
    status,
    headers: { 'Set-Cookie': sessionCookie(effects.baseUrl, sessionToken), 'Cache-Control': 'no-store' },
    body: await signedIn(effects, sessionToken),
  };
}
