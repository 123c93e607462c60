import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { YizhengError } from '../../shared/errors.js';

/** `__Host-` binds the cookie to this host, its root path and https (or localhost): RFC 6265bis §4.1.3.2. */
const NAME = '__Host-yizheng-session';
const FORM = /^[A-Za-z0-9_-]{43}$/;
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** Header in which a page repeats the token of {@link csrfToken} with everything that changes something. */
export const CSRF_HEADER = 'x-csrf-token';

/** `Set-Cookie` for a session that begins. It ends with the browser. */
export function sessionCookie(token: string): string {
  return `${NAME}=${token}; ${ATTRIBUTES}`;
}

/** `Set-Cookie` that takes the cookie away. */
export const NO_SESSION_COOKIE = `${NAME}=; ${ATTRIBUTES}; Max-Age=0`;

/** The session token of a request; undefined when there is none, or more than one. */
export function sessionToken(request: Pick<Request, 'get'>): string | undefined {
  const found = (request.get('cookie') ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${NAME}=`))
    .map((part) => part.slice(NAME.length + 1));
  const [token] = found;
  return found.length === 1 && token !== undefined && FORM.test(token) ? token : undefined;
}

/** What only a page of this origin can read, by asking who is signed in. */
export function csrfToken(token: string): string {
  return createHash('sha256').update(`csrf ${token}`).digest('base64url');
}

/**
 * Refuses a changing request that a page of another origin may have sent. `SameSite=Strict` keeps the cookie from other sites; this holds
 * also for another port or subdomain.
 * @throws YizhengError `CSRF` (403)
 */
export function refuseForeign(request: Pick<Request, 'get' | 'method'>, token: string): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const sent = Buffer.from(request.get(CSRF_HEADER) ?? '');
  const wanted = Buffer.from(csrfToken(token));
  if (sent.length !== wanted.length || !timingSafeEqual(sent, wanted))
    throw new YizhengError('CSRF', 'The request did not come from a page of this service; load the page again.', {
      status: 403,
    });
}
