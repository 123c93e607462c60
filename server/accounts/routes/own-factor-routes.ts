import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { YizhengError } from '../../../shared/errors.js';
import { defineRoute } from '../../define-route.js';
import type { ServiceApp } from '../../service-app.js';
import type { AccountEffects } from '../effects.js';
import { addPasskey, beginPasskey, passkeysOf, removePasskey } from '../passkey.js';
import { beginTotp, confirmTotp, removeTotp } from '../second-factor.js';
import type { Session } from '../session.js';
import { ownSession } from './own-session.js';
import { attestation, label, passkeySchema, requestSchema, token } from './schemas.js';

/** Routes of one’s own second factors: authenticator app and passkeys. */
export function ownFactorRoutes(app: ServiceApp, effects: AccountEffects, limited: RequestHandler): void {
  defineRoute(app, {
    method: 'post',
    path: '/account/totp',
    summary: 'Begin to set up an authenticator app',
    access: 'account',
    responses: {
      200: { description: 'Secret, shown once', schema: z.strictObject({ secret: z.string(), uri: z.string() }) },
    },
    handler: async (call) => ({ body: await beginTotp(effects, await ownSession(effects, call)) }),
  });

  defineRoute(app, {
    method: 'post',
    path: '/account/totp/confirm',
    summary: 'Finish it with a code of the app',
    access: 'account',
    middleware: [limited],
    body: z.strictObject({ code: z.string().max(12) }),
    responses: {
      200: {
        description: 'Set up; the recovery codes are shown once',
        schema: z.strictObject({ recoveryCodes: z.array(z.string()) }),
      },
    },
    handler: async (call) => ({
      body: { recoveryCodes: await confirmTotp(effects, await ownSession(effects, call), call.body.code) },
    }),
  });

  defineRoute(app, {
    method: 'delete',
    path: '/account/totp',
    summary: 'Take the authenticator app away, where a passkey stays',
    access: 'account',
    responses: { 204: { description: 'Gone' } },
    handler: async (call) => {
      await removeTotp(effects, complete(await ownSession(effects, call)));
      return { status: 204 };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: '/account/passkeys',
    summary: 'One’s own passkeys',
    access: 'account',
    responses: { 200: { description: 'Passkeys', schema: z.strictObject({ passkeys: z.array(passkeySchema) }) } },
    handler: async (call) => ({
      body: { passkeys: await passkeysOf(effects.database.knex, (await ownSession(effects, call)).account.id) },
    }),
  });

  defineRoute(app, {
    method: 'post',
    path: '/account/passkey-options',
    summary: 'Begin to register a passkey',
    access: 'account',
    responses: { 200: { description: 'Options for navigator.credentials.create', schema: requestSchema } },
    handler: async (call) => ({ body: await beginPasskey(effects, await ownSession(effects, call)) }),
  });

  defineRoute(app, {
    method: 'post',
    path: '/account/passkeys',
    summary: 'Register a passkey',
    access: 'account',
    body: z.strictObject({ challengeId: token, label, response: attestation }),
    responses: { 201: { description: 'Registered', schema: passkeySchema } },
    handler: async (call) => {
      const { challengeId, label: name, response } = call.body;
      const answer = { challengeId, label: name, response: response as unknown as RegistrationResponseJSON };
      return { status: 201, body: await addPasskey(effects, await ownSession(effects, call), answer) };
    },
  });

  defineRoute(app, {
    method: 'delete',
    path: '/account/passkeys/:passkeyId',
    summary: 'Take a passkey away, where another factor stays',
    access: 'account',
    params: z.strictObject({ passkeyId: z.string().min(1).max(1400) }),
    responses: { 204: { description: 'Gone' } },
    handler: async (call) => {
      await removePasskey(effects, complete(await ownSession(effects, call)), call.params.passkeyId);
      return { status: 204 };
    },
  });
}

/** Whoever has no second factor yet cannot take one away. */
function complete(session: Session): Session {
  if (session.isComplete) return session;
  throw new YizhengError('SECOND_FACTOR_NEEDED', 'Set up a passkey or an authenticator app first.', { status: 403 });
}
