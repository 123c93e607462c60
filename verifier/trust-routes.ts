import compression from 'compression';
import express from 'express';
import { z } from 'zod';
import { defineRoute, type ServiceApp } from '../server/index.js';
import { BUNDLE_LIMITS } from '../shared/json/parse-json.js';
import { YizhengError } from '../shared/errors.js';
import { exportBundle } from '../shared/trust/export-bundle.js';
import { createFeedMirror } from './feed-mirror.js';
import { anchorOf, type VerifierContext } from './verifier-context.js';

const compressed = compression({ filter: () => true });
const feed = z.strictObject({ authority: z.string(), sequence: z.int(), manifestSha256: z.string() });
const trustOf = {
  anchor: z.string(),
  dataAsOf: z.string().nullable(),
  goodUntil: z.string().nullable(),
  feeds: z.array(feed),
  findings: z.array(z.strictObject({ code: z.string(), authority: z.string().optional(), detail: z.string() })),
};

/**
 * `GET /trust`: under which authorities this verifier judges, and how old what it knows is; `GET /trust/bundle` and
 * `GET /trust/feeds/…`: what it holds, for devices that verify by themselves, and for wallets, which come from another origin; `POST /bundle`: a newer bundle, for officers, where
 * the service knows who they are.
 */
export function addTrustRoutes(app: ServiceApp, context: VerifierContext): void {
  const { trust, clock } = context;
  defineRoute(app, {
    method: 'get',
    path: '/trust',
    summary: 'Anchors of this verifier, and as of when it knows what',
    access: 'public',
    crossOrigin: true,
    responses: {
      200: {
        description: 'Anchors, the default one first',
        schema: z.strictObject({
          hosts: z.array(z.string()),
          anchors: z.array(
            z.strictObject({
              ...trustOf,
              name: z.string().nullable(),
              rootDigest: z.string(),
              freshness: z.string().nullable(),
            }),
          ),
        }),
      },
    },
    handler: () => ({
      headers: { 'Cache-Control': 'no-cache' },
      body: {
        hosts: context.ownHosts,
        anchors: trust.anchors.map(({ did, root }) => {
          const view = trust.viewOf(did);
          return {
            anchor: did,
            name: view.authorityName(did) ?? null,
            rootDigest: root.digestMultibase,
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
  defineRoute(app, {
    method: 'get',
    path: '/trust/bundle',
    summary: 'Bundle of what this verifier holds of an anchor, for a device that verifies without network',
    access: 'public',
    crossOrigin: true,
    query: z.strictObject({ anchor: z.string().max(200).optional() }),
    middleware: [compressed],
    responses: { 200: { description: 'MutualRecognitionBundle', type: 'application/json' } },
    handler: ({ query }) => {
      const state = trust.stateOf(anchorOf(context, query.anchor));
      if (!state) throw new YizhengError('NO_TRUST_DATA', 'No trust bundle was imported yet.', { status: 503 });
      return { content: exportBundle(state), type: 'application/json', headers: { 'Cache-Control': 'no-cache' } };
    },
  });
  const mirror = createFeedMirror(trust);
  defineRoute(app, {
    method: 'get',
    path: '/trust/feeds/:authority/*path',
    summary: 'A file of a feed this verifier holds, as its authority signed it; devices update themselves from here',
    access: 'public',
    crossOrigin: true,
    params: z.object({ authority: z.string().max(200), path: z.array(z.string().max(140)).min(1).max(3) }),
    middleware: [compressed],
    responses: { 200: { description: 'The file', type: 'application/octet-stream' } },
    handler: ({ params: { authority, path } }) => {
      const content = mirror.file(authority, path.join('/'));
      if (content === undefined)
        throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
      return { content, type: 'application/octet-stream', headers: { 'Cache-Control': 'no-cache' } };
    },
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
