import { rateLimit } from 'express-rate-limit';
import { z } from 'zod';
import { defineRoute, type ServiceApp } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import {
  certificateRequestSchema,
  parseCertificateRequest,
  PERSONAL_CLAIMS,
  REQUESTABLE_CLAIMS,
} from '../../shared/presentation/certificate-request.js';
import { verdictText } from '../../shared/verdict/verdict-text.js';
import type { FoundSession } from './presentation-session.js';
import { GUEST, type PresentationRequests } from './presentation-requests.js';

const shared = {
  request: certificateRequestSchema,
  anchor: z.string().max(200).optional(),
  /** `direct_post` for wallets that cannot encrypt. */
  responseMode: z.enum(['direct_post', 'direct_post.jwt']).default('direct_post.jwt'),
};
const guestBody = z.strictObject(shared);
const keyBody = z.strictObject({ ...shared, returnTo: z.url().max(500).optional() });
const params = z.object({ id: z.string().regex(/^[A-Za-z0-9_-]{22}$/) });

const newRequest = z.strictObject({
  id: z.string(),
  readSecret: z.string(),
  clientId: z.string(),
  link: z.string(),
  walletLink: z.string().optional(),
  expiresAt: z.string(),
});
const answer = z.looseObject({
  phase: z.enum(['waiting', 'checking', 'answered', 'refused', 'declined']),
  expiresAt: z.string(),
});

/** How strangers may use the verifier's own page to ask. */
export interface GuestRules {
  /** Whether somebody without a key may ask at all. */
  allowed: boolean;
  /** Requests one address may make in a minute. */
  requestsPerMinute: number;
}

/**
 * The routes of whoever asks for a certificate: `GET /openid4vp` says whether and what may be asked, `POST /openid4vp/requests` (API key)
 * and `POST /openid4vp/guest-requests` (the verifier's own page) make a request, `GET` and `DELETE /openid4vp/requests/:id` read and erase
 * it with the secret its maker was given.
 *
 * Guests may not ask for what identifies a person beyond his trade, have no way back to pages of theirs, and are limited in number; pages
 * of other origins cannot ask at all, since these routes allow none.
 */
export function addAskingRoutes(app: ServiceApp, requests: PresentationRequests, guests: GuestRules): void {
  const { client, walletUrl, name, baseUrl } = requests.parts;
  defineRoute(app, {
    method: 'get',
    path: '/openid4vp',
    summary: 'Whether this verifier asks holders for certificates, and for what guests may ask',
    access: 'public',
    responses: {
      200: {
        description: 'What may be asked',
        schema: z.strictObject({
          guests: z.boolean(),
          client: z.string(),
          name: z.string().nullable(),
          walletUrl: z.string().nullable(),
          guestClaims: z.array(z.string()),
        }),
      },
    },
    handler: () => ({
      headers: { 'Cache-Control': 'no-cache' },
      body: {
        guests: guests.allowed,
        client: client.prefix,
        name: name ?? null,
        walletUrl: walletUrl ?? null,
        guestClaims: REQUESTABLE_CLAIMS.filter((claim) => !PERSONAL_CLAIMS.includes(claim)),
      },
    }),
  });
  if (guests.allowed)
    defineRoute(app, {
      method: 'post',
      path: '/openid4vp/guest-requests',
      summary: "Ask a holder for a certificate, from the verifier's own page",
      access: 'public',
      body: guestBody,
      middleware: [guestLimit(guests.requestsPerMinute)],
      responses: { 201: { description: 'The request, and the secret that reads its answer', schema: newRequest } },
      handler: async ({ body: { request, anchor, responseMode } }) => ({
        status: 201,
        body: await requests.create(parseCertificateRequest(request), { askedBy: GUEST, anchor, mode: responseMode }),
      }),
    });
  if (app.options.authenticate)
    defineRoute(app, {
      method: 'post',
      path: '/openid4vp/requests',
      summary: 'Ask a holder for a certificate',
      access: ['clerk', 'officer', 'admin'],
      body: keyBody,
      responses: { 201: { description: 'The request, and the secret that reads its answer', schema: newRequest } },
      handler: async ({ body: { request, anchor, responseMode, returnTo }, principal }) => ({
        status: 201,
        body: await requests.create(parseCertificateRequest(request), {
          askedBy: principal?.keyId ?? '',
          anchor,
          mode: responseMode,
          returnTo,
        }),
      }),
    });
  defineRoute(app, {
    method: 'get',
    path: '/openid4vp/requests/:id',
    summary: 'How a request stands, and its answer with the verdict (Authorization: Bearer <readSecret>)',
    access: 'public',
    params,
    query: z.strictObject({ lang: z.enum(['zh-CN', 'zh', 'en']).optional() }),
    responses: { 200: { description: 'The request; its answer once there is one', schema: answer } },
    handler: async ({ params: { id }, query, header }) => {
      const found = await requests.read(id, secretOf(header('authorization')), header('response-code'));
      return { body: bodyOf(found, query.lang === 'en' ? 'en' : 'zh-CN'), headers: privateHeaders(baseUrl) };
    },
  });
  defineRoute(app, {
    method: 'delete',
    path: '/openid4vp/requests/:id',
    summary: 'Erase a request and its answer (Authorization: Bearer <readSecret>)',
    access: 'public',
    params,
    responses: { 204: { description: 'Erased' } },
    handler: async ({ params: { id }, header }) => {
      await requests.erase(id, secretOf(header('authorization')));
      return { status: 204 };
    },
  });
}

function guestLimit(limit: number) {
  return rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: false,
    legacyHeaders: false,
    validate: { xForwardedForHeader: false },
    handler: (_request, _response, next) =>
      next(new YizhengError('RATE_LIMITED', 'Too many requests from this address; wait a minute.', { status: 429 })),
  });
}

function secretOf(authorization: string | undefined): string {
  const secret = /^Bearer ([A-Za-z0-9_-]{43})$/.exec(authorization ?? '')?.[1];
  if (secret === undefined)
    throw new YizhengError('READ_SECRET_MISSING', 'Send the readSecret of the request: Authorization: Bearer ….', {
      status: 401,
    });
  return secret;
}

/** What a certificate says is for whoever asked, and for no cache and no other origin. */
function privateHeaders(baseUrl: string): Record<string, string> {
  return {
    'Cache-Control': 'no-store',
    'Access-Control-Allow-Origin': new URL(baseUrl).origin,
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}

function bodyOf({ session, phase, outcome }: FoundSession, language: 'zh-CN' | 'en'): object {
  const request = { id: session.id, phase, expiresAt: session.expiresAt, anchor: session.anchor, request: session.request }; // prettier-ignore
  switch (outcome?.phase) {
    case undefined:
      return request;
    case 'answered': {
      const { receivedAt, asked, vpToken, presentations } = outcome;
      const judged = presentations.map(({ queryId, format, verdict }) => ({
        queryId,
        format,
        verdict,
        text: verdictText(verdict, language, {}),
      }));
      return { ...request, receivedAt, presentations: judged, asked, vpToken };
    }
    case 'refused':
      return { ...request, receivedAt: outcome.receivedAt, problems: outcome.problems };
    case 'declined':
      return { ...request, receivedAt: outcome.receivedAt, error: outcome.error };
  }
}
