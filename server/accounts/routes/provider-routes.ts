import type { RequestHandler } from 'express';
import { z } from 'zod';
import { YizhengError } from '../../../shared/errors.js';
import { defineRoute } from '../../define-route.js';
import type { ServiceApp } from '../../service-app.js';
import type { AccountEffects } from '../effects.js';
import { checkInvitation } from '../invitation.js';
import type { IdentityProvider } from '../oidc/provider.js';
import { finishSignIn, finishWithFactor } from '../oidc/sign-in.js';
import { noTransactionCookie, transactionCookie, transactionId } from '../oidc/transaction-cookie.js';
import { beginTransaction } from '../oidc/transaction.js';
import { sessionCookie } from '../session-cookie.js';
import { addressSchema, cameBack, language, login, signedInSchema, token } from './schemas.js';
import { signedIn } from './signed-in.js';

/** What the routes of the identity provider have besides their effects. */
export interface ProviderRouteOptions {
  limited: RequestHandler;
  provider: IdentityProvider | undefined;
}

/** Routes that sign in by an OpenID Connect provider, and accept an invitation with it. */
export function providerRoutes(
  app: ServiceApp,
  effects: AccountEffects,
  { limited, provider }: ProviderRouteOptions,
): void {
  const { baseUrl } = effects;

  defineRoute(app, {
    method: 'post',
    path: '/session/oidc',
    summary: 'Begin to sign in at the identity provider, or to accept an invitation with it',
    access: 'public',
    middleware: [limited],
    body: z.strictObject({
      language,
      invitation: z.strictObject({ token, login: login.or(z.literal('')) }).optional(),
    }),
    responses: { 200: { description: 'Where the browser is to go; a cookie binds it', schema: addressSchema } },
    handler: async ({ body: { language: tag, invitation } }) => {
      const known = needed(provider);
      const intention = invitation
        ? { purpose: 'invitation' as const, ...(await checkInvitation(effects, invitation)) }
        : { purpose: 'sign-in' as const };
      const { id, address } = await beginTransaction(effects, known, intention, tag);
      return {
        headers: { 'Set-Cookie': transactionCookie(baseUrl, id), 'Cache-Control': 'no-store' },
        body: { address },
      };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: '/session/oidc/finish',
    summary: 'Finish it with what the browser came back with; once, in the browser that began',
    access: 'public',
    middleware: [limited],
    body: cameBack,
    responses: {
      200: {
        description: 'Signed in, or which second factor of this service is still needed',
        schema: z.strictObject({
          signedIn: signedInSchema.optional(),
          needed: z.enum(['totp', 'recovery']).optional(),
        }),
      },
    },
    handler: async ({ body: { parameters }, request }) => {
      const id = transactionId(baseUrl, request);
      const step = await finishSignIn(effects, needed(provider), { id, parameters });
      if ('needed' in step) {
        const headers = { 'Set-Cookie': transactionCookie(baseUrl, step.id), 'Cache-Control': 'no-store' };
        return { headers, body: { needed: step.needed } };
      }
      return { headers: headersOf(step.token), body: { signedIn: await signedIn(effects, step.token) } };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: '/session/oidc/factor',
    summary:
      'Finish it with a code of the authenticator app or a recovery code, where the provider showed no second factor',
    access: 'public',
    middleware: [limited],
    body: z.strictObject({ totp: z.string().max(12).optional(), recoveryCode: z.string().max(40).optional() }),
    responses: { 200: { description: 'Signed in; the session is in the cookie', schema: signedInSchema } },
    handler: async ({ body: { totp, recoveryCode }, request }) => {
      const typed = { ...(totp !== undefined && { totp }), ...(recoveryCode !== undefined && { recoveryCode }) };
      const sessionToken = await finishWithFactor(effects, transactionId(baseUrl, request), typed);
      return { headers: headersOf(sessionToken), body: await signedIn(effects, sessionToken) };
    },
  });

  function headersOf(sessionToken: string): Record<string, string | string[]> {
    return {
      'Set-Cookie': [sessionCookie(baseUrl, sessionToken), noTransactionCookie(baseUrl)],
      'Cache-Control': 'no-store',
    };
  }
}

/** The provider, where there is one. @throws YizhengError `OIDC_OFF` (404) */
export function needed(provider: IdentityProvider | undefined): IdentityProvider {
  if (provider) return provider;
  throw new YizhengError('OIDC_OFF', 'No identity provider is set up here; sign in with passkey or password.', {
    status: 404,
  });
}
