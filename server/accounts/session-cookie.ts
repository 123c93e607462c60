import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { YizhengError } from '../../shared/errors.js';

/** `__Host-` binds the cookie to this host, its root path and https (or localhost): RFC 6265bis §4.1.3.2. */
const NAME = '__Host-yizheng-session';
const FORM = /^[A-Za-z0-9_-]{43}$/;
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** Header in which a page repeats the token of {@link csrfToken} with everything that changes something. */
export const CSRF_HEADER = 'x-csrf-token';

/**
 * Name of the cookie. A browser keeps one jar for all ports of a host: services that differ by their port only, as on one machine, would
 * sign each other out under one name.
 * @param baseUrl address of the service
 */
function nameFor(baseUrl: string): string {
  const { port } = new URL(baseUrl);
  return port === '' ? NAME : `${NAME}-${port}`;
}

/** `Set-Cookie` for a session that begins. It ends with the browser. */
export function sessionCookie(baseUrl: string, token: string): string {
  return `${nameFor(baseUrl)}=${token}; ${ATTRIBUTES}`;
}

/** `Set-Cookie` that takes the cookie away. */
export function noSessionCookie(baseUrl: string): string {
  return `${nameFor(baseUrl)}=; ${ATTRIBUTES}; Max-Age=0`;
}

/** The session token of a request to this service; undefined when there is none, or more than one. */
export function sessionToken(baseUrl: string, request: Pick<Request, 'get'>): string | undefined {
  return readCookie(request, nameFor(baseUrl));
}

/** The 256-bit token in a cookie; undefined when there is none, or more than one. */
export function readCookie(request: Pick<Request, 'get'>, name: string): string | undefined {
  const found = (request.get('cookie') ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1));
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
