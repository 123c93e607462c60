import type { DIDDocument, DIDResolver } from 'did-resolver';
import { z } from 'zod';
import { YizhengError } from '../errors.js';
import { parseJsonObject, type JsonLimits } from '../json/parse-json.js';
import { didWebDocumentUrl } from './did-web-url.js';
import { resolved } from './resolution.js';

/** Gets the bytes at an address: the SSRF-safe fetcher of a service, or a trust bundle offline. Throws when there are none. */
export type FetchDidDocument = (url: string) => Promise<Uint8Array>;

const LIMITS: JsonLimits = { maxBytes: 64 * 1024, maxDepth: 8, maxNodes: 1000 };

const method = z.looseObject({
  id: z.string().max(500),
  type: z.string().max(100),
  controller: z.string().max(400),
  publicKeyMultibase: z.string().max(200).optional(),
  publicKeyJwk: z.looseObject({ kty: z.string() }).optional(),
});
const relationship = z
  .array(z.union([z.string().max(500), method]))
  .max(200)
  .optional();
const didDocumentSchema = z.looseObject({
  id: z.string().max(400),
  verificationMethod: z.array(method).max(200).optional(),
  assertionMethod: relationship,
  authentication: relationship,
});

/**
 * Reads a did:web document and demands that it is the one of this DID (SECURITY F7).
 * @param bytes the document as fetched
 * @throws YizhengError the codes of `parseJson`, `DID_DOCUMENT_SCHEMA`, `DID_DOCUMENT_ID`
 */
export function parseDidWebDocument(bytes: Uint8Array, did: string): DIDDocument {
  const document = parseJsonObject(bytes, LIMITS);
  const parsed = didDocumentSchema.safeParse(document);
  if (!parsed.success)
    throw new YizhengError('DID_DOCUMENT_SCHEMA', 'The DID document has members of a wrong form.', {
      at: `/${parsed.error.issues[0]?.path.map(String).join('/') ?? ''}`,
    });
  if (parsed.data.id !== did)
    throw new YizhengError('DID_DOCUMENT_ID', 'The DID document names another DID than the one that was asked for.');
  return document as unknown as DIDDocument;
}

/** did:web driver for `did-resolver` over a fetcher that was passed in. */
export function didWebResolver(fetchDidDocument: FetchDidDocument): DIDResolver {
  return async (did) => resolved(parseDidWebDocument(await fetchDidDocument(didWebDocumentUrl(did)), did));
}
