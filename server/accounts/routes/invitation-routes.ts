import type { RequestHandler } from 'express';
import { z } from 'zod';
import { defineRoute } from '../../define-route.js';
import type { ServiceApp } from '../../service-app.js';
import type { AccountEffects } from '../effects.js';
import { acceptInvitation, readInvitation } from '../invitation.js';
import { login, password, role, signedInSchema, token } from './schemas.js';
import { beginSession } from './signed-in.js';

/** Routes of who was invited: what is offered, and taking it. */
export function invitationRoutes(app: ServiceApp, effects: AccountEffects, limited: RequestHandler): void {
  defineRoute(app, {
    method: 'post',
    path: '/invitations/read',
    summary: 'What an invitation offers; the token is in the body, so that no log holds it',
    access: 'public',
    middleware: [limited],
    body: z.strictObject({ token }),
    responses: {
      200: {
        description: 'It may be accepted',
        schema: z.strictObject({
          name: z.string(),
          tenant: z.string(),
          roles: z.array(role),
          expiresAt: z.string(),
          login: z.string().optional(),
        }),
      },
    },
    handler: async ({ body }) => ({
      headers: { 'Cache-Control': 'no-store' },
      body: await readInvitation(effects, body.token),
    }),
  });

  defineRoute(app, {
    method: 'post',
    path: '/invitations/accept',
    summary: 'Accept an invitation: choose login and password; then set up a second factor',
    access: 'public',
    middleware: [limited],
    body: z.strictObject({ token, login, password }),
    responses: { 201: { description: 'The account is there, the session in the cookie', schema: signedInSchema } },
    handler: async ({ body }) => beginSession(effects, await acceptInvitation(effects, body), 201),
  });
}
