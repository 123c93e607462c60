import express from 'express';
import { z } from 'zod';
import { defineRoute, type ServiceApp } from '../server/index.js';
import { BUNDLE_LIMITS } from '../shared/json/parse-json.js';
import { YizhengError } from '../shared/errors.js';
import { anchorOf, type VerifierContext } from './verifier-context.js';

const feed = z.strictObject({ authority: z.string(), sequence: z.int(), manifestSha256: z.string() });
const trustOf = {
  anchor: z.string(),
  dataAsOf: z.string().nullable(),
  goodUntil: z.string().nullable(),
  feeds: z.array(feed),
  findings: z.array(z.strictObject({ code: z.string(), authority: z.string().optional(), detail: z.string() })),
};

/**
 * `GET /trust`: under which authorities this verifier judges, and how old what it knows is; `POST /bundle`: a newer bundle, for
 * officers, where the service knows who they are.
 */
export function addTrustRoutes(app: ServiceApp, context: VerifierContext): void {
  const { trust, clock } = context;
  defineRoute(app, {
    method: 'get',
    path: '/trust',
    summary: 'Anchors of this verifier, and as of when it knows what',
    access: 'public',
    responses: {
      200: {
        description: 'Anchors, the default one first',
        schema: z.strictObject({
          anchors: z.array(
            z.strictObject({ ...trustOf, name: z.string().nullable(), freshness: z.string().nullable() }),
          ),
        }),
      },
    },
    handler: () => ({
      headers: { 'Cache-Control': 'no-cache' },
      body: {
        anchors: trust.anchors.map(({ did }) => {
          const view = trust.viewOf(did);
          return {
            anchor: did,
            name: view.authorityName(did) ?? null,
            freshness: view.freshness(did, clock().toISOString()) ?? null,
            dataAsOf: view.dataAsOf,
            goodUntil: view.goodUntil,
            feeds: view.feeds,
            findings: trust.findingsOf(did),
          };
        }),
      },
    }),
  });
  if (!app.options.authenticate) return;
  defineRoute(app, {
    method: 'post',
    path: '/bundle',
    summary: 'Import a newer trust bundle; an older one is refused',
    access: ['officer', 'admin'],
    query: z.strictObject({ anchor: z.string().max(200).optional() }),
    middleware: [express.raw({ type: () => true, limit: BUNDLE_LIMITS.maxBytes, inflate: false })],
    otherBodies: { 'application/json': z.looseObject({ type: z.literal('MutualRecognitionBundle') }) },
    responses: { 200: { description: 'Accepted', schema: z.strictObject(trustOf) } },
    handler: async ({ request, query }) => {
      const body: unknown = request.body;
      if (!Buffer.isBuffer(body) || body.length === 0)
        throw new YizhengError('BODY_MISSING', 'The request has no body; send the bundle file.');
      return { body: await trust.importBundle(anchorOf(context, query.anchor), body) };
    },
  });
}
