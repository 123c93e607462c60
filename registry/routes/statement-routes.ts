import { z } from 'zod';
import { defineRoute, type ServiceApp } from '../../server/index.js';
import type { RegistryService } from '../service.js';
import {
  accreditationInputSchema,
  eventInputSchema,
  otherStatementInputSchema,
  recognitionInputSchema,
} from '../statement-input.js';
import { anyObject, authorityParams } from './params.js';

const created = { 201: { description: 'The statement', schema: anyObject } };
const ROLES = ['officer'] as const;

/** What an authority says: each statement is appended and stands in the registry from the next publication on. */
export function statementRoutes(app: ServiceApp, service: RegistryService): void {
  defineRoute(app, {
    method: 'post',
    path: '/authorities/:slug/accreditations',
    summary: 'Accredit an institution',
    access: ROLES,
    tenantParam: 'slug',
    params: authorityParams,
    body: accreditationInputSchema,
    responses: created,
    handler: async ({ params, body, principal }) => ({
      status: 201,
      body: await service.statements.accredit(params.slug, body, principal?.keyId ?? ''),
    }),
  });
  defineRoute(app, {
    method: 'post',
    path: '/authorities/:slug/accreditations/:id/keys',
    summary: "Take over the keys the institution's DID document shows now",
    access: ROLES,
    tenantParam: 'slug',
    params: authorityParams.extend({ id: z.string().max(200) }),
    responses: { 200: { description: 'The accreditation', schema: anyObject } },
    handler: async ({ params, principal }) => ({
      body: await service.statements.updateSigningKeys(params.slug, params.id, principal?.keyId ?? ''),
    }),
  });
  defineRoute(app, {
    method: 'post',
    path: '/authorities/:slug/recognitions',
    summary: 'Recognise another authority, or one institution of it; its registry root is pinned',
    access: ROLES,
    tenantParam: 'slug',
    params: authorityParams,
    body: recognitionInputSchema,
    responses: created,
    handler: async ({ params, body, principal }) => ({
      status: 201,
      body: await service.statements.recognise(params.slug, body, principal?.keyId ?? ''),
    }),
  });
  defineRoute(app, {
    method: 'post',
    path: '/authorities/:slug/events',
    summary: 'Suspend, withdraw, revoke a key or a statement, deny',
    access: ROLES,
    tenantParam: 'slug',
    params: authorityParams,
    body: eventInputSchema,
    responses: created,
    handler: async ({ params, body, principal }) => ({
      status: 201,
      body: await service.statements.add(params.slug, 'event', body, principal?.keyId ?? ''),
    }),
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
      responses: created,
      handler: async ({ params, body, principal }) => ({
        status: 201,
        body: await service.statements.add(params.slug, kind, body, principal?.keyId ?? ''),
      }),
    });
}
