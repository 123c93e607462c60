import { z } from 'zod';
import { defineRoute, type ServiceApp } from '../../server/index.js';
import type { RegistryService } from '../service.js';
import {
  accreditationInputSchema,
  eventInputSchema,
  otherStatementInputSchema,
  recognitionInputSchema,
} from '../statement-input.js';
import { prepareEvent } from '../statements.js';
import { anyObject, authorityParams } from './params.js';
import { proposed, replyOf, writerOf } from './proposal-replies.js';

const created = { 201: { description: 'The statement', schema: anyObject }, ...proposed };
const ROLES = ['officer'] as const;

/** What an authority says: each statement is appended and stands in the registry from the next publication on. */
export function statementRoutes(app: ServiceApp, service: RegistryService): void {
  defineRoute(app, {
    method: 'post',
    path: '/authorities/:slug/accreditations',
    summary: 'Accredit an institution',
    idempotencyKey: 'optional',
    access: ROLES,
    tenantParam: 'slug',
    params: authorityParams,
    body: accreditationInputSchema,
    responses: created,
    handler: async (call) => {
      const { params, body } = call;
      const prepare = () => service.statements.prepareAccreditation(params.slug, body);
      return replyOf(await service.proposals.submit(params.slug, writerOf(call), { accredit: body }, prepare));
    },
  });
  defineRoute(app, {
    method: 'post',
    path: '/authorities/:slug/accreditations/:id/keys',
    summary: "Take over the keys the institution's DID document shows now",
    idempotencyKey: 'optional',
    access: ROLES,
    tenantParam: 'slug',
    params: authorityParams.extend({ id: z.string().max(200) }),
    responses: { 200: { description: 'The accreditation', schema: anyObject }, ...proposed },
    handler: async (call) => {
      const { slug, id } = call.params;
      const prepare = () => service.statements.prepareSigningKeys(slug, id);
      return replyOf(await service.proposals.submit(slug, writerOf(call), { signingKeys: id }, prepare), 200);
    },
  });
  defineRoute(app, {
    method: 'post',
    path: '/authorities/:slug/recognitions',
    summary: 'Recognise another authority, or one institution of it; its registry root is pinned',
    idempotencyKey: 'optional',
    access: ROLES,
    tenantParam: 'slug',
    params: authorityParams,
    body: recognitionInputSchema,
    responses: created,
    handler: async (call) => {
      const { params, body } = call;
      const prepare = () => service.statements.prepareRecognition(params.slug, body);
      return replyOf(await service.proposals.submit(params.slug, writerOf(call), { recognise: body }, prepare));
    },
  });
  defineRoute(app, {
    method: 'post',
    path: '/authorities/:slug/events',
    summary: 'Suspend, withdraw, revoke a key or a statement, deny',
    idempotencyKey: 'optional',
    access: ROLES,
    tenantParam: 'slug',
    params: authorityParams,
    body: eventInputSchema,
    responses: created,
    handler: async (call) => {
      const { params, body } = call;
      const prepare = () => Promise.resolve(prepareEvent(body));
      return replyOf(await service.proposals.submit(params.slug, writerOf(call), { event: body }, prepare));
    },
  });
  for (const [path, kind, summary] of [
    ['reviews', 'review', 'Publish a cross-review of an institution'],
    ['supply-chain', 'supply-chain', 'Publish that a supplier belongs to the chain of a chain leader'],
  ] as const)
    defineRoute(app, {
      method: 'post',
      path: `/authorities/:slug/${path}`,
      summary,
      access: ROLES,
      tenantParam: 'slug',
      params: authorityParams,
      body: otherStatementInputSchema,
      responses: { 201: created[201] },
      handler: async ({ params, body, principal }) => ({
        status: 201,
        body: await service.statements.add(params.slug, kind, body, principal?.keyId ?? ''),
      }),
    });
}
