import { z } from 'zod';
import { defineRoute } from '../../define-route.js';
import { HOST_TENANT } from '../../roles.js';
import type { ServiceApp } from '../../service-app.js';
import { accountsOf, disableAccount } from '../account-service.js';
import type { AccountEffects } from '../effects.js';
import { invite } from '../invitation.js';
import { endLinksOf } from '../oidc/link.js';
import { accountId, accountsSchema, invitationSchema, newInvitationSchema } from './schemas.js';

/** Routes of accounts with roles on the whole host, and the end of any account. */
export function hostAccountRoutes(app: ServiceApp, effects: AccountEffects): void {
  defineRoute(app, {
    method: 'get',
    path: '/accounts',
    summary: 'Who may sign in with roles on the whole host',
    access: ['admin', 'auditor'],
    responses: { 200: { description: 'Accounts', schema: accountsSchema } },
    handler: async () => ({ body: { accounts: await accountsOf(effects.database.knex, HOST_TENANT) } }),
  });

  defineRoute(app, {
    method: 'post',
    path: '/invitations',
    summary: 'Invite a person with roles on the whole host',
    access: ['admin'],
    body: newInvitationSchema,
    responses: { 201: { description: 'Invited', schema: invitationSchema } },
    handler: async ({ body, principal }) => ({
      status: 201,
      body: await invite(effects, { tenant: HOST_TENANT, ...body }, principal?.keyId ?? ''),
    }),
  });

  defineRoute(app, {
    method: 'delete',
    path: '/accounts/:accountId',
    summary: 'End an account for good; its history stays',
    access: ['admin'],
    params: z.strictObject({ accountId }),
    responses: { 204: { description: 'Ended' } },
    handler: async ({ params: { accountId: id }, principal }) => {
      await disableAccount(effects, id, principal?.keyId ?? '');
      return { status: 204 };
    },
  });

  defineRoute(app, {
    method: 'delete',
    path: '/accounts/:accountId/identity',
    summary: 'End the link of a host account to the identity provider, with its sessions',
    access: ['admin'],
    params: z.strictObject({ accountId }),
    responses: { 204: { description: 'Ended' } },
    handler: async ({ params: { accountId: id }, principal }) => {
      await endLinksOf(effects, id, HOST_TENANT, { id: principal?.keyId ?? '', isOfHost: true });
      return { status: 204 };
    },
  });
}
