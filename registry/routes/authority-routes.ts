import { z } from 'zod';
import { defineRoute, HOST_TENANT, ROLES, type ServiceApp } from '../../server/index.js';
import { newAuthoritySchema } from '../authorities.js';
import { DUAL_CONTROL_KINDS } from '../dual-control.js';
import type { RegistryService } from '../service.js';
import { anyObject, authorityParams } from './params.js';
import { proposed, replyOf, writerOf } from './proposal-replies.js';

const authoritySchema = z
  .strictObject({
    slug: z.string(),
    did: z.string(),
    name: z.string(),
    sequence: z.int(),
    /** What needs a second person. */
    dualControl: z.array(z.enum(DUAL_CONTROL_KINDS)),
    /** What a recogniser pins, and an app ships for its anchor. */
    root: z.strictObject({ version: z.int(), digestMultibase: z.string() }),
  })
  .meta({ id: 'Authority' });

const listedSchema = z.strictObject({ slug: z.string(), did: z.string(), name: z.string() });

const publicationSchema = z
  .strictObject({
    sequence: z.int(),
    manifestSha256: z.string(),
    issuedAt: z.string(),
    nextUpdate: z.string(),
    staleAfter: z.string(),
    changed: z.boolean(),
    statusLists: z.int(),
    partners: z.array(z.string()),
    problems: z.array(anyObject),
  })
  .meta({ id: 'RegistryUpdate' });

/** Authorities, publication, roots, keys of people, audit. */
export function authorityRoutes(app: ServiceApp, service: RegistryService): void {
  const show = async (slug: string) => {
    const { version, digestMultibase } = await service.authorities.root(slug);
    return { ...(await service.authorities.get(slug)), root: { version, digestMultibase } };
  };
  defineRoute(app, {
    method: 'post',
    path: '/authorities',
    summary: 'Create an authority with its registry: 2-of-3 root keys, keys for manifests, freshness and statements',
    access: ['admin'],
    body: newAuthoritySchema,
    responses: { 201: { description: 'The authority', schema: authoritySchema } },
    handler: async ({ body, principal }) => {
      const { slug } = await service.authorities.create(body, principal?.keyId ?? '');
      return { status: 201, body: await show(slug) };
    },
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities',
    summary: 'The authorities whose registries are here',
    access: 'public',
    responses: {
      200: { description: 'Authorities', schema: z.strictObject({ authorities: z.array(listedSchema) }) },
    },
    handler: async () => {
      const authorities = await service.authorities.list();
      return { body: { authorities: authorities.map(({ slug, did, name }) => ({ slug, did, name })) } };
    },
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug',
    summary: 'The authority and the digest of its registry root',
    access: 'public',
    params: authorityParams,
    responses: { 200: { description: 'The authority', schema: authoritySchema } },
    handler: async ({ params }) => ({ body: await show(params.slug) }),
  });
  defineRoute(app, {
    method: 'post',
    path: '/authorities/:slug/publish',
    summary: "Collect status lists, publish, fetch partners' feeds, pack the bundle",
    access: ['officer', 'custodian'],
    tenantParam: 'slug',
    params: authorityParams,
    responses: { 200: { description: 'What was published', schema: publicationSchema } },
    handler: async ({ params, principal }) => ({
      body: await service.update(params.slug, principal?.keyId ?? ''),
    }),
  });
  defineRoute(app, {
    method: 'post',
    path: '/authorities/:slug/root',
    summary: 'Sign the next root, with online keys replaced',
    idempotencyKey: 'optional',
    access: ['custodian'],
    tenantParam: 'slug',
    params: authorityParams,
    body: z.strictObject({ rotate: z.array(z.enum(['registry', 'freshness', 'statement'])).max(3) }),
    responses: { 201: { description: 'The authority', schema: authoritySchema }, ...proposed },
    handler: async (call) => {
      const { params, body } = call;
      const prepare = () => Promise.resolve({ operation: 'root' as const, input: body });
      const submitted = await service.proposals.submit(params.slug, writerOf(call), { root: body }, prepare);
      return submitted.state === 'proposed' ? replyOf(submitted) : { status: 201, body: await show(params.slug) };
    },
  });
  defineRoute(app, {
    method: 'post',
    path: '/api-keys',
    summary: 'Make an API key; its secret is shown once',
    access: ['admin'],
    body: z.strictObject({
      tenant: z.union([z.literal(HOST_TENANT), authorityParams.shape.slug]),
      roles: z.array(z.enum(ROLES)).min(1),
      label: z.string().min(1).max(100),
      expiresAt: z.iso.datetime({ offset: true }),
    }),
    responses: { 201: { description: 'The key', schema: z.strictObject({ id: z.string(), secret: z.string() }) } },
    handler: async ({ body, principal }) => ({
      status: 201,
      body: await service.createApiKey(body, principal?.keyId ?? ''),
    }),
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/audit',
    summary: 'What was done, oldest first',
    access: ['auditor', 'admin'],
    tenantParam: 'slug',
    params: authorityParams,
    query: z.strictObject({
      after: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
    responses: { 200: { description: 'Audit entries', schema: z.strictObject({ entries: z.array(anyObject) }) } },
    handler: async ({ params, query }) => ({ body: { entries: await service.audit(params.slug, query) } }),
  });
  defineRoute(app, {
    method: 'get',
    path: '/authorities/:slug/audit/check',
    summary:
      'Is the hash chain of the whole log unbroken? The chain runs through the acts of all authorities of this host',
    access: ['auditor', 'admin'],
    tenantParam: 'slug',
    params: authorityParams,
    responses: {
      200: {
        description: 'How many entries were checked, and where it breaks, if it does',
        schema: z.strictObject({ entries: z.int(), brokenAt: z.int().optional() }),
      },
    },
    handler: async () => ({ body: await service.checkAudit() }),
  });
}
