import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { defineRoute } from '../../define-route.js';
import type { ServiceApp } from '../../service-app.js';
import type { AccountEffects } from '../effects.js';
import { beginPasskeySignIn, signInWithPasskey } from '../passkey.js';
import { signInWithPassword } from '../sign-in.js';
import { assertion, login, password, requestSchema, signedInSchema, token } from './schemas.js';
import { beginSession } from './signed-in.js';

/** Routes that sign in: with a password, then a code; or with a passkey. */
export function signInRoutes(app: ServiceApp, effects: AccountEffects, limited: RequestHandler): void {
  defineRoute(app, {
    method: 'post',
    path: '/session',
    summary: 'Sign in with login, password and a code of the authenticator app (or a recovery code)',
    access: 'public',
    middleware: [limited],
    body: z.strictObject({
      login,
      password,
      totp: z.string().max(12).optional(),
      recoveryCode: z.string().max(40).optional(),
    }),
    responses: { 200: { description: 'Signed in; the session is in the cookie', schema: signedInSchema } },
    handler: async ({ body: { login, password, totp, recoveryCode } }) =>
      beginSession(
        effects,
        (
          await signInWithPassword(effects, {
            login,
            password,
            ...(totp === undefined ? {} : { totp }),
            ...(recoveryCode === undefined ? {} : { recoveryCode }),
          })
        ).token,
      ),
  });

  defineRoute(app, {
    method: 'post',
    path: '/session/passkey-options',
    summary: 'Begin to sign in with a passkey',
    access: 'public',
    middleware: [limited],
    responses: { 200: { description: 'Options for navigator.credentials.get', schema: requestSchema } },
    handler: async () => ({ headers: { 'Cache-Control': 'no-store' }, body: await beginPasskeySignIn(effects) }),
  });

  defineRoute(app, {
    method: 'post',
    path: '/session/passkey',
    summary: 'Sign in with a passkey',
    access: 'public',
    middleware: [limited],
    body: z.strictObject({ challengeId: token, response: assertion }),
    responses: { 200: { description: 'Signed in; the session is in the cookie', schema: signedInSchema } },
    handler: async ({ body }) =>
      beginSession(
        effects,
        await signInWithPasskey(effects, {
          challengeId: body.challengeId,
          response: body.response as unknown as AuthenticationResponseJSON,
        }),
      ),
  });
}
