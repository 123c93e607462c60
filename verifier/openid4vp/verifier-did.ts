import { z } from 'zod';
import type { Custody } from '../../keys/custody.js';
import { didDocument } from '../../keys/did-document.js';
import { defineRoute, type ServiceApp } from '../../server/index.js';
import { didWebDocumentUrl, didWebOf } from '../../shared/did/did-web-url.js';

/** Serves the DID document of the verifier, in which wallets find the key of its requests. */
export function addVerifierDid(app: ServiceApp, baseUrl: string, custody: Pick<Custody, 'refresh' | 'list'>): void {
  const did = didWebOf(baseUrl);
  defineRoute(app, {
    method: 'get',
    path: new URL(didWebDocumentUrl(did)).pathname,
    summary: 'DID document of this verifier',
    access: 'public',
    responses: { 200: { description: 'DID document', schema: z.looseObject({ id: z.literal(did) }) } },
    handler: async () => {
      await custody.refresh();
      return { body: didDocument(did, custody.list({ controller: did })), headers: { 'Cache-Control': 'max-age=300' } };
    },
  });
}
