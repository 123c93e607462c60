import type { Request } from 'express';
import { YizhengError } from '../../shared/errors.js';
import { HOST_TENANT, type Principal } from '../roles.js';
import type { AccountEffects } from './effects.js';
import { membershipsOf, rolesAt } from './membership.js';
import { refuseForeign, sessionToken } from './session-cookie.js';
import { readSession } from './session.js';

/**
 * Reads who a browser's request comes from: the `authenticateSession` of a service.
 * @param tenant whose route it is; undefined for routes of any signed-in account
 * @returns undefined when the request has no session cookie
 * @throws YizhengError `SESSION_EXPIRED` (401), `CSRF` (403), `SECOND_FACTOR_NEEDED` (403)
 */
export async function sessionPrincipal(
  effects: AccountEffects,
  request: Request,
  tenant: string | undefined,
): Promise<Principal | undefined> {
  const token = sessionToken(effects.baseUrl, request);
  if (token === undefined) return undefined;
  const session = await readSession(effects, token);
  refuseForeign(request, token);
  const keyId = session.account.id;
  if (tenant === undefined) return { keyId, tenant: '', roles: [] };
  if (!session.isComplete)
    throw new YizhengError('SECOND_FACTOR_NEEDED', 'Set up a passkey or an authenticator app first.', { status: 403 });
  const memberships = await membershipsOf(effects.database.knex, keyId);
  const host = memberships.find((one) => one.tenant === HOST_TENANT);
  const roles = rolesAt(memberships, tenant);
  if (host) return { keyId, tenant: HOST_TENANT, roles, hostRoles: host.roles };
  return { keyId, tenant: roles.length > 0 ? tenant : '', roles };
}
