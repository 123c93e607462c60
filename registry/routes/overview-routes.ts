import { z } from 'zod';
import { defineRoute, type ServiceApp } from '../../server/index.js';
import { webDid } from '../../shared/certificate/record.js';
import { Wording } from '../../shared/trust/explain/wording.js';
import { edgeLine, mapSummary, pairLine, recognitionMap } from '../../shared/trust/recognition-map.js';
import { mapToSvg } from '../../shared/trust/recognition-map-svg.js';
import { rfc3339 } from '../../shared/trust/time.js';
import type { RegistryService } from '../service.js';
import { STATEMENT_KINDS } from '../statement-list.js';
import { anyObject, authorityParams } from './params.js';

/** Who may look at everything of an authority. */
export const READERS = ['officer', 'approver', 'custodian', 'auditor', 'admin'] as const;

const named = z.strictObject({ id: z.string(), name: z.string() });
const state = z.enum(['live', 'future', 'ended', 'suspended']);
const statementSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(STATEMENT_KINDS),
  subject: named,
  statement: anyObject,
  state,
  begins: z.string(),
  ends: z.string().optional(),
  replacedBy: z.string().optional(),
  revokedBy: z.string().optional(),
  isPublished: z.boolean(),
});
const count = z.int().min(0);
const publicationSchema = z
  .strictObject({
    sequence: z.int(),
    issuedAt: z.string().optional(),
    nextUpdate: z.string().optional(),
    staleAfter: z.string().optional(),
    published: z.strictObject({
      accreditation: count,
      recognition: count,
      event: count,
      review: count,
      'supply-chain': count,
      statusLists: count,
    }),
    waiting: z
      .array(z.strictObject({ kind: z.enum(STATEMENT_KINDS), id: z.string(), about: z.string() }))
      .meta({ description: 'Said and not published yet' }),
    partners: z.array(
      z.strictObject({
        did: z.string(),
        name: z.string(),
        sequence: z.int().optional(),
        asOf: z.string().optional(),
        staleAfter: z.string().optional(),
        problem: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'RegistryPublication' });
const language = z.enum(['zh-CN', 'en']).default('zh-CN');

/** What an authority's people look at: everything said, what of it is published, who recognises whom. */
export function overviewRoutes(app: ServiceApp, service: RegistryService): void {
  const map = async (slug: string) => {
    const { did } = await service.authorities.get(slug);
    const view = await service.views.viewOf(did);
    return { view, map: recognitionMap(view, { anchor: did, now: rfc3339(service.now().getTime()) }) };
  };
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/statements',
    summary: 'Everything said, with what became of it',
    access: READERS,
    tenantParam: 'slug',
    params: authorityParams,
    query: z.strictObject({
      kind: z.enum(STATEMENT_KINDS).optional(),
      state: state.optional(),
      about: webDid.optional(),
      after: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    responses: {
      200: {
        description: 'Statements, and behind which id there are more',
        schema: z.strictObject({ statements: z.array(statementSchema), next: z.string().optional() }),
      },
    },
    handler: async ({ params, query: { kind, state: wanted, about, after, limit } }) => ({
      body: await service.list.list(params.slug, {
        limit,
        ...(kind !== undefined && { kind }),
        ...(wanted !== undefined && { state: wanted }),
        ...(about !== undefined && { about }),
        ...(after !== undefined && { after }),
      }),
    }),
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/publication',
    summary: 'What is published, what waits to be, and whose feeds are held',
    access: READERS,
    tenantParam: 'slug',
    params: authorityParams,
    responses: { 200: { description: 'Publication', schema: publicationSchema } },
    handler: async ({ params }) => ({ body: await service.publication(params.slug) }),
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/recognition-map',
    summary: 'Who recognises whom, as the published bundle shows it',
    access: READERS,
    tenantParam: 'slug',
    params: authorityParams,
    query: z.strictObject({ language }),
    responses: {
      200: {
        description: 'Map, and its sentences',
        schema: z.strictObject({
          map: anyObject,
          summary: z.string(),
          edges: z.array(z.string()),
          pairs: z.array(z.string()),
        }),
      },
    },
    handler: async ({ params, query }) => {
      const found = await map(params.slug);
      const words = new Wording(found.view, query.language);
      const names = new Map(found.map.nodes.map(({ id, name }) => [id, name]));
      return {
        body: {
          map: found.map,
          summary: mapSummary(found.map, words),
          edges: found.map.edges.map((edge) => edgeLine(edge, names, words)),
          pairs: found.map.mutual.map((pair) => pairLine(pair, names, words)),
        },
      };
    },
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/recognition-map.svg',
    summary: 'The same as a picture',
    access: READERS,
    tenantParam: 'slug',
    params: authorityParams,
    query: z.strictObject({ language }),
    responses: { 200: { description: 'Picture', type: 'image/svg+xml' } },
    handler: async ({ params, query }) => {
      const found = await map(params.slug);
      return { content: mapToSvg(found.map, found.view, query.language), type: 'image/svg+xml; charset=utf-8' };
    },
  });
}
