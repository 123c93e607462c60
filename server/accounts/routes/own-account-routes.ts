import type { RequestHandler } from 'express';
import { z } from 'zod';
import { defineRoute } from '../../define-route.js';
import type { ServiceApp } from '../../service-app.js';
import type { AccountEffects } from '../effects.js';
import { changePassword } from '../account-service.js';
import { noSessionCookie, sessionToken } from '../session-cookie.js';
import { endSession } from '../session.js';
import { ownSession } from './own-session.js';
import { password, signedInSchema } from './schemas.js';
import { signedIn } from './signed-in.js';

/** Routes of one’s own session and password. */
export function ownAccountRoutes(app: ServiceApp, effects: AccountEffects, limited: RequestHandler): void {
  defineRoute(app, {
    method: 'get',
    path: '/session',
    summary: 'Who is signed in, with what roles',
    access: 'account',
    responses: { 200: { description: 'Signed in', schema: signedInSchema } },
    handler: async ({ request }) => ({ body: await signedIn(effects, sessionToken(effects.baseUrl, request) ?? '') }),
  });

  defineRoute(app, {
    method: 'delete',
    path: '/session',
    summary: 'Sign out',
    access: 'account',
    responses: { 204: { description: 'Signed out' } },
    handler: async (call) => {
      const session = await ownSession(effects, call);
      await effects.database.write((transaction) => endSession(transaction, session));
      return { status: 204, headers: { 'Set-Cookie': noSessionCookie(effects.baseUrl) } };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: '/account/password',
    summary: 'Change one’s own password; other sessions end',
    access: 'account',
    middleware: [limited],
    body: z.strictObject({ current: password, next: password }),
    responses: { 204: { description: 'Changed' } },
    handler: async (call) => {
      await changePassword(effects, await ownSession(effects, call), call.body);
      return { status: 204 };
    },
  });
}
