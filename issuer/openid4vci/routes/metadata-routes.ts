import { z } from 'zod';
import { didWebOf } from '../../../shared/did/did-web-url.js';
import { KIND_IDS } from '../../../shared/certificate/kind.js';
import { credentialTypeMetadata } from '../../../shared/proof/forms/credential-type.js';
import { defineRoute, type ServiceApp } from '../../../server/index.js';
import { anyObject, institutionParams } from '../../routes/params.js';
import type { IssuerService } from '../../service.js';
import { wellKnownPath } from '../addresses.js';
import { authorizationServerMetadata } from '../authorization-server-metadata.js';
import { credentialIssuerMetadata } from '../credential-issuer-metadata.js';
import { jwtVcIssuerMetadata } from '../jwt-vc-issuer-metadata.js';

const CACHE = { 'Cache-Control': 'public, max-age=300' };

/** What wallets and verifiers read before they ask: metadata, credential types, token status lists. All of it is public. */
export function metadataRoutes(app: ServiceApp, service: IssuerService): void {
  const { institutions, effects, openid4vci } = service;
  const document = { method: 'get', access: 'public', crossOrigin: true } as const;

  defineRoute(app, {
    ...document,
    path: wellKnownPath('openid-credential-issuer', effects.baseUrl),
    summary: 'OpenID4VCI: Credential Issuer Metadata of an institution',
    params: institutionParams,
    responses: { 200: { description: 'Metadata', schema: anyObject } },
    handler: async ({ params }) => ({
      body: credentialIssuerMetadata(await institutions.get(params.institutionCode)),
      headers: CACHE,
    }),
  });

  defineRoute(app, {
    ...document,
    path: wellKnownPath('oauth-authorization-server', effects.baseUrl),
    summary: 'OAuth 2.0 Authorization Server Metadata of an institution (RFC 8414)',
    params: institutionParams,
    responses: { 200: { description: 'Metadata', schema: anyObject } },
    handler: async ({ params }) => ({
      body: authorizationServerMetadata(await institutions.get(params.institutionCode)),
      headers: CACHE,
    }),
  });

  defineRoute(app, {
    ...document,
    path: wellKnownPath('jwt-vc-issuer', effects.baseUrl),
    summary: 'JWT VC Issuer Metadata of an institution (SD-JWT VC): the keys it signs with',
    params: institutionParams,
    responses: { 200: { description: 'Metadata', schema: anyObject } },
    handler: async ({ params }) => {
      const institution = await institutions.get(params.institutionCode);
      await effects.keystore.refresh();
      const keys = effects.keystore.list({ controller: institution.did, purpose: 'assertion' });
      return { body: jwtVcIssuerMetadata(institution, keys), headers: CACHE };
    },
  });

  defineRoute(app, {
    ...document,
    path: '/credential-types/v1/:kind',
    summary: 'Type Metadata behind a vct (SD-JWT VC)',
    params: z.strictObject({ kind: z.enum(KIND_IDS) }),
    responses: { 200: { description: 'Type Metadata', schema: anyObject } },
    handler: ({ params }) => ({
      body: credentialTypeMetadata(didWebOf(effects.baseUrl), params.kind),
      headers: CACHE,
    }),
  });

  defineRoute(app, {
    ...document,
    path: '/institutions/:institutionCode/status/tokens/:list',
    summary: 'A signed Token Status List, for certificates in SD-JWT VC form',
    params: z.strictObject({ ...institutionParams.shape, list: z.string().regex(/^[1-9]\d{0,4}$/) }),
    responses: { 200: { description: 'Signed list', type: 'application/statuslist+jwt' } },
    handler: async ({ params }) => ({
      content: await openid4vci.tokenStatusLists.current(
        await institutions.get(params.institutionCode),
        Number(params.list),
      ),
      type: 'application/statuslist+jwt',
      headers: CACHE,
    }),
  });
}
