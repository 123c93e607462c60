import type { Call } from '../../define-route.js';
import type { AccountEffects } from '../effects.js';
import { sessionToken } from '../session-cookie.js';
import { readSession, type Session } from '../session.js';

/** The session a request comes with. @throws YizhengError `SESSION_MISSING`, `SESSION_EXPIRED` */
export function ownSession(
  effects: AccountEffects,
  { request }: Pick<Call<unknown, unknown, unknown>, 'request'>,
): Promise<Session> {
  return readSession(effects, sessionToken(effects.baseUrl, request));
}
