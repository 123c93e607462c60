import compression from 'compression';
import { z } from 'zod';
import { defineRoute, type ServiceApp } from '../../server/index.js';
import { PART_NAMES } from '../../shared/trust/feed-part.js';
import type { RegistryService } from '../service.js';
import { anyObject, authorityParams } from './params.js';

const DAY_SECONDS = 86_400;
const forever = { 'Cache-Control': `public, max-age=${365 * DAY_SECONDS}, immutable` };
const shortly = { 'Cache-Control': 'public, max-age=60' };
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Content-Encoding br or gzip for whoever asks for it; hashes and lengths are over the plain bytes. */
const compressed = compression({ filter: () => true });
const file = (description: string, type = 'application/json') => ({ 200: { description, type, schema: anyObject } });

/** The static files of a registry: anyone may read them, any CDN may keep them (TRUST §3.1). */
export function feedRoutes(app: ServiceApp, service: RegistryService): void {
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/did.json',
    summary: 'DID document of the authority',
    access: 'public',
    params: authorityParams,
    responses: file('DID document', 'application/did+json'),
    handler: async ({ params }) => ({
      body: await service.didDocument(params.slug),
      type: 'application/did+json',
      headers: shortly,
    }),
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/registry/root/:version.json',
    summary: 'Signed root of this version',
    access: 'public',
    params: authorityParams.extend({ version: z.string().regex(/^[1-9]\d{0,5}$/) }),
    responses: file('JWS General JSON'),
    handler: async ({ params }) => ({
      body: (await service.authorities.root(params.slug, undefined, Number(params.version))).envelope,
      headers: forever,
    }),
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/registry/freshness.json',
    summary: 'Which manifest is current, and until when to ask again',
    access: 'public',
    params: authorityParams,
    responses: file('JWS General JSON'),
    handler: async ({ params }) => ({ body: await service.publisher.freshness(params.slug), headers: shortly }),
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/registry/manifest/:sequence.json',
    summary: 'Signed manifest of this sequence',
    access: 'public',
    params: authorityParams.extend({ sequence: z.string().regex(/^[1-9]\d{0,12}$/) }),
    responses: file('JWS General JSON'),
    handler: async ({ params }) => ({
      body: await service.publisher.manifest(params.slug, Number(params.sequence)),
      headers: forever,
    }),
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/registry/parts/:sha256',
    summary: 'A part by its hash: one JSON row a line',
    access: 'public',
    params: authorityParams.extend({ sha256 }),
    middleware: [compressed],
    responses: { 200: { description: 'Rows', type: 'application/x-ndjson' } },
    handler: async ({ params }) => ({
      content: await service.publisher.part(params.sha256),
      type: 'application/x-ndjson; charset=utf-8',
      headers: forever,
    }),
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/registry/delta/:part/:from-:to.json',
    summary: 'What changed in a part from one hash to another; for the last publications',
    access: 'public',
    params: authorityParams.extend({ part: z.enum(PART_NAMES), from: sha256, to: sha256 }),
    middleware: [compressed],
    responses: file('Rows to put and keys to remove'),
    handler: async ({ params: { slug, part, from, to } }) => ({
      content: await service.publisher.delta(slug, part, from, to),
      type: 'application/json',
      headers: forever,
    }),
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/statements/:id',
    summary: 'A statement as W3C Verifiable Credential 2.0, secured as vc+jwt',
    access: 'public',
    params: authorityParams.extend({ id: z.string().max(200) }),
    responses: { 200: { description: 'Signed statement', type: 'application/vc+jwt' } },
    handler: async ({ params }) => ({
      content: (await service.statements.get(params.slug, params.id)).signed,
      type: 'application/vc+jwt',
      headers: shortly,
    }),
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/lists/recognised.json',
    summary: 'Everybody this authority recognises, as one enveloped W3C RecognizedEntityCredential',
    access: 'public',
    params: authorityParams,
    responses: file('EnvelopedVerifiableCredential', 'application/vc'),
    handler: async ({ params }) => ({
      body: await service.recognisedList(params.slug),
      type: 'application/vc',
      headers: shortly,
    }),
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/whois.vp',
    summary: 'Presentation of the statements that recognise this authority',
    access: 'public',
    params: authorityParams,
    responses: { 200: { description: 'Presentation', type: 'application/vp+jwt' } },
    handler: async ({ params }) => ({
      content: await service.whois(params.slug),
      type: 'application/vp+jwt',
      headers: shortly,
    }),
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/bundle.json',
    summary: 'Bundle file: this registry and those of everybody it recognises, for use without a network',
    access: 'public',
    params: authorityParams,
    middleware: [compressed],
    responses: file('MutualRecognitionBundle'),
    handler: async ({ params }) => ({
      content: await service.bundler.bundle(params.slug),
      type: 'application/json',
      headers: shortly,
    }),
  });
}
