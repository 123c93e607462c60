import { z } from 'zod';
import { defineRoute } from '../../define-route.js';
import { isHostAdmin, ROLES } from '../../roles.js';
import { namesOf } from '../../same-person.js';
import type { ServiceApp } from '../../service-app.js';
import { accountsOf, changeRoles, resetAccess } from '../account-service.js';
import type { AccountEffects } from '../effects.js';
import { endLinksOf } from '../oidc/link.js';
import { invite } from '../invitation.js';
import { accountId, accountsSchema, invitationSchema, newInvitationSchema, role } from './schemas.js';

/** Where the tenants of a service are, e.g. `/institutions/:institutionCode`. */
export interface AccountTenants<P extends z.ZodObject> {
  path: string;
  param: string;
  params: P;
  /** @throws YizhengError when there is no such tenant */
  assertExists: (tenant: string) => Promise<void>;
  /** Tries to sign in that one address has in a minute; default 60, since a whole office may be behind one. */
  triesPerMinute?: number;
}

/** Routes of a tenant’s accounts, for its administrators; names for everybody who works there. */
export function tenantAccountRoutes<P extends z.ZodObject>(
  app: ServiceApp,
  effects: AccountEffects,
  { path, param, params, assertExists }: AccountTenants<P>,
): void {
  const withAccount = params.extend({ accountId });
  const tenantOf = (values: Record<string, unknown>): string => String(values[param]);

  defineRoute(app, {
    method: 'get',
    path: `${path}/names`,
    summary: 'Who is behind ids of accounts and API keys, as colleagues know them',
    access: ROLES,
    tenantParam: param,
    params,
    query: z.strictObject({
      ids: z
        .string()
        .max(4000)
        .transform((text) => text.split(','))
        .pipe(z.array(z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/)).max(100))
        .meta({ description: 'Comma-separated' }),
    }),
    responses: {
      200: { description: 'Names by id', schema: z.strictObject({ names: z.record(z.string(), z.string()) }) },
    },
    handler: async (call) => {
      const tenant = tenantOf(call.params);
      return { body: { names: Object.fromEntries(await namesOf(effects.database.knex, tenant, call.query.ids)) } };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: `${path}/accounts`,
    summary: 'Who may sign in here',
    access: ['admin', 'auditor'],
    tenantParam: param,
    params,
    responses: {
      200: {
        description: 'Accounts',
        schema: accountsSchema,
      },
    },
    handler: async (call) => ({
      body: { accounts: await accountsOf(effects.database.knex, tenantOf(call.params as Record<string, unknown>)) },
    }),
  });

  defineRoute(app, {
    method: 'post',
    path: `${path}/invitations`,
    summary: 'Invite a person; the token is shown once and good for seven days',
    access: ['admin'],
    tenantParam: param,
    params,
    body: newInvitationSchema,
    responses: { 201: { description: 'Invited', schema: invitationSchema } },
    handler: async (call) => {
      const tenant = tenantOf(call.params);
      await assertExists(tenant);
      return { status: 201, body: await invite(effects, { tenant, ...call.body }, call.principal?.keyId ?? '') };
    },
  });

  defineRoute(app, {
    method: 'put',
    path: `${path}/accounts/:accountId/roles`,
    summary: 'Set the roles of an account here; none takes it out',
    access: ['admin'],
    tenantParam: param,
    params: withAccount,
    body: z.strictObject({ roles: z.array(role).max(ROLES.length) }),
    responses: { 204: { description: 'Set' } },
    handler: async (call) => {
      const values = call.params;
      const membership = { tenant: tenantOf(values), roles: call.body.roles };
      await changeRoles(effects, String(values['accountId']), membership, call.principal?.keyId ?? '');
      return { status: 204 };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: `${path}/accounts/:accountId/reset`,
    summary: 'Give somebody who lost password or device a new beginning',
    access: ['admin'],
    tenantParam: param,
    params: withAccount,
    responses: { 201: { description: 'An invitation for this account', schema: invitationSchema } },
    handler: async (call) => {
      const values = call.params;
      const actor = { id: call.principal?.keyId ?? '', isOfHost: isHostAdmin(call.principal) };
      return { status: 201, body: await resetAccess(effects, String(values['accountId']), tenantOf(values), actor) };
    },
  });

  defineRoute(app, {
    method: 'delete',
    path: `${path}/accounts/:accountId/identity`,
    summary: 'End the link of somebody’s account to the identity provider, with their sessions',
    access: ['admin'],
    tenantParam: param,
    params: withAccount,
    responses: { 204: { description: 'Ended' } },
    handler: async (call) => {
      const values = call.params;
      const actor = { id: call.principal?.keyId ?? '', isOfHost: isHostAdmin(call.principal) };
      await endLinksOf(effects, String(values['accountId']), tenantOf(values), actor);
      return { status: 204 };
    },
  });
}
