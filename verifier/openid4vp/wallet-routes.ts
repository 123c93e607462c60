import { z } from 'zod';
import { formBody, readForm } from '../../server/read-form.js';
import { defineRoute, toProblem, type Reply, type ServiceApp } from '../../server/index.js';
import { MAX_RESPONSE_BYTES } from './direct-post.js';
import type { PresentationRequests } from './presentation-requests.js';
import { REQUEST_OBJECT_TYPE } from './request-object.js';

const params = z.object({ id: z.string().max(60) });
const oauthError = z.strictObject({
  error: z.string(),
  error_description: z.string(),
  /** Our own stable code. */
  code: z.string(),
  at: z.string().optional(),
});
const refusals = {
  400: { description: 'Malformed, or refused', schema: oauthError },
  404: { description: 'No such request, or its time is over', schema: oauthError },
  410: { description: 'Answered already', schema: oauthError },
  415: { description: 'No form', schema: oauthError },
  503: { description: 'Busy; try again', schema: oauthError },
};
const requestObject = { 200: { description: 'The signed request object', type: REQUEST_OBJECT_TYPE }, ...refusals };

/**
 * The routes of wallets (OpenID4VP 1.0 §5.10, §8.2): `GET` and `POST /openid4vp/request/:id` give the request object, `POST
 * /openid4vp/response/:id` takes the one answer. Anybody may call them, pages of other origins too: the id in the address is the
 * knowledge of who was asked. Their errors are OAuth's, with our own code beside.
 */
export function addWalletRoutes(app: ServiceApp, requests: PresentationRequests): void {
  const none: ReadonlyMap<string, string> = new Map();
  defineRoute(app, {
    method: 'get',
    path: '/openid4vp/request/:id',
    summary: 'OpenID4VP: request object',
    access: 'public',
    crossOrigin: true,
    params,
    responses: requestObject,
    handler: ({ params: { id }, requestId }) =>
      orOAuthError(requestId, async () => signed(await requests.requestObject(id, none))),
  });
  defineRoute(app, {
    method: 'post',
    path: '/openid4vp/request/:id',
    summary: 'OpenID4VP: request object for a wallet that names a nonce',
    access: 'public',
    crossOrigin: true,
    params,
    middleware: [formBody(64 * 1024)],
    otherBodies: {
      'application/x-www-form-urlencoded': z.looseObject({
        wallet_nonce: z.string().optional(),
        wallet_metadata: z.string().optional(),
      }),
    },
    responses: requestObject,
    handler: ({ params: { id }, request, requestId }) =>
      orOAuthError(requestId, async () => signed(await requests.requestObject(id, readForm(request)))),
  });
  defineRoute(app, {
    method: 'post',
    path: '/openid4vp/response/:id',
    summary: 'OpenID4VP: the answer of a wallet (direct_post, direct_post.jwt)',
    access: 'public',
    crossOrigin: true,
    params,
    middleware: [formBody(MAX_RESPONSE_BYTES)],
    otherBodies: {
      'application/x-www-form-urlencoded': z.looseObject({
        vp_token: z.string().optional(),
        state: z.string().optional(),
        response: z.string().optional(),
        error: z.string().optional(),
      }),
    },
    responses: {
      200: { description: 'Taken', schema: z.strictObject({ redirect_uri: z.string().optional() }) },
      ...refusals,
    },
    handler: ({ params: { id }, request, requestId }) =>
      orOAuthError(requestId, async () => {
        const { redirectUri } = await requests.receive(id, readForm(request));
        return { body: redirectUri === undefined ? {} : { redirect_uri: redirectUri } };
      }),
  });
}

function signed(content: string): Reply {
  return { content, type: REQUEST_OBJECT_TYPE, headers: { 'Cache-Control': 'no-store' } };
}

async function orOAuthError(requestId: string, work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    const { status, code, detail, at } = toProblem(error, requestId);
    if (status >= 500 && status !== 503) throw error;
    const description = detail.replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?');
    return {
      status,
      headers: { 'Cache-Control': 'no-store', ...(status === 503 && { 'Retry-After': '5' }) },
      body: {
        error: status === 503 ? 'temporarily_unavailable' : 'invalid_request',
        error_description: description,
        code,
        ...(at !== undefined && { at }),
      },
    };
  }
}
