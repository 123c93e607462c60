import { z } from 'zod';
import { defineRoute } from '../../define-route.js';
import type { ServiceApp } from '../../service-app.js';
import type { AccountRow } from '../account.js';
import type { AccountEffects } from '../effects.js';
import { identitiesOf } from '../oidc/identity.js';
import { beginLink, finishLink, unlinkOwn } from '../oidc/link.js';
import { noTransactionCookie, transactionCookie, transactionId } from '../oidc/transaction-cookie.js';
import { ownSession } from './own-session.js';
import { needed, type ProviderRouteOptions } from './provider-routes.js';
import { addressSchema, cameBack, language } from './schemas.js';

const linksSchema = z.strictObject({
  identities: z.array(z.strictObject({ issuer: z.string(), createdAt: z.string(), usedAt: z.string().optional() })),
  hasPassword: z.boolean().meta({ description: 'false: this account has no password to change' }),
});

/** Routes of the link between one’s own account and the identity provider. */
export function ownIdentityRoutes(
  app: ServiceApp,
  effects: AccountEffects,
  { limited, provider }: ProviderRouteOptions,
): void {
  const { baseUrl, database } = effects;

  defineRoute(app, {
    method: 'get',
    path: '/account/identity',
    summary: 'Whether one’s own account is linked to an identity provider',
    access: 'account',
    responses: { 200: { description: 'Links', schema: linksSchema } },
    handler: async (call) => {
      const { id } = (await ownSession(effects, call)).account;
      const row = await database.knex<AccountRow>('accounts').where({ id }).first('password');
      return {
        body: { identities: await identitiesOf(database.knex, id), hasPassword: (row?.password ?? null) !== null },
      };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: '/account/identity',
    summary: 'Begin to link it, within ten minutes of signing in with a second factor',
    access: 'account',
    middleware: [limited],
    body: z.strictObject({ language }),
    responses: { 200: { description: 'Where the browser is to go; a cookie binds it', schema: addressSchema } },
    handler: async (call) => {
      const session = await ownSession(effects, call);
      const { id, address } = await beginLink(effects, needed(provider), session, call.body.language);
      return { headers: { 'Set-Cookie': transactionCookie(baseUrl, id) }, body: { address } };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: '/account/identity/finish',
    summary: 'Finish it with what the browser came back with; once, in the session that began',
    access: 'account',
    middleware: [limited],
    body: cameBack,
    responses: { 204: { description: 'Linked' } },
    handler: async (call) => {
      const id = transactionId(baseUrl, call.request);
      const { parameters } = call.body;
      await finishLink(effects, needed(provider), await ownSession(effects, call), { id, parameters });
      return { status: 204, headers: { 'Set-Cookie': noTransactionCookie(baseUrl) } };
    },
  });

  defineRoute(app, {
    method: 'delete',
    path: '/account/identity',
    summary: 'End it, where a passkey stays, or a password with an authenticator app',
    access: 'account',
    responses: { 204: { description: 'Ended' } },
    handler: async (call) => {
      await unlinkOwn(effects, await ownSession(effects, call));
      return { status: 204 };
    },
  });
}
