import { base58, base64, base64urlnopad, hex } from '@scure/base';
import { z } from 'zod';
import { CREDENTIALS_V2_URL } from '../../certificate/context.js';
import { YizhengError } from '../../errors.js';
import { CREDENTIALS_V1_URL } from '../../certificate/context-1-1.js';
import { DATA_INTEGRITY_V2_URL } from '../contexts.js';
import { absoluteUrl } from './vocabulary.js';

/** A related resource (VC Data Model 2.0 §5.3). */
export const relatedResource = z.looseObject({
  id: absoluteUrl,
  mediaType: z.string().max(200).optional(),
  digestSRI: z
    .string()
    .max(200)
    .regex(/^sha(?:256|384|512)-[A-Za-z0-9+/_-]+={0,2}$/, 'must be a digest as in Subresource Integrity')
    .optional(),
  digestMultibase: z
    .string()
    .max(200)
    .regex(/^(?:z[1-9A-HJ-NP-Za-km-z]+|u[A-Za-z0-9_-]+)$/, 'must be a multibase digest')
    .optional(),
});

/** One of the related resources of a credential. */
export type RelatedResource = z.infer<typeof relatedResource>;

/** SHA-256 of the files at these addresses as their specifications publish it: what can be known without fetching. */
const PUBLISHED_SHA256: ReadonlyMap<string, string> = new Map([
  [CREDENTIALS_V2_URL, '59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734'],
  [CREDENTIALS_V1_URL, 'ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc'],
  [DATA_INTEGRITY_V2_URL, '67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4'],
]);

/**
 * Checks related resources: each named once, each with a digest, and the digest right where the content is known here. Nothing is ever
 * fetched; the digest of any other resource binds whoever uses it.
 * @throws YizhengError `RELATED_RESOURCE_REPEATED`, `RELATED_RESOURCE_DIGEST_MISSING`, `RELATED_RESOURCE_DIGEST` (422)
 */
export function checkRelatedResources(resources: readonly RelatedResource[]): void {
  if (new Set(resources.map(({ id }) => id)).size !== resources.length)
    throw refused('RELATED_RESOURCE_REPEATED', 'A related resource is named twice.');
  for (const { id, digestSRI, digestMultibase } of resources) {
    if (digestSRI === undefined && digestMultibase === undefined)
      throw refused('RELATED_RESOURCE_DIGEST_MISSING', 'A related resource has no digest.');
    const known = PUBLISHED_SHA256.get(id);
    if (known === undefined) continue;
    const stated = [sriSha256(digestSRI), multibaseSha256(digestMultibase)].filter((digest) => digest !== undefined);
    if (stated.some((digest) => digest !== known))
      throw refused('RELATED_RESOURCE_DIGEST', 'The digest of a related resource is not the one of its content.');
  }
}

/** Hex of an SRI SHA-256 digest, `''` when it is malformed, undefined for another hash. */
function sriSha256(digest: string | undefined): string | undefined {
  if (!digest?.startsWith('sha256-')) return undefined;
  const text = digest.slice('sha256-'.length);
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  return decoded(() => base64.decode(text));
}

function multibaseSha256(digest: string | undefined): string | undefined {
  if (digest === undefined) return undefined;
  const text = digest.slice(1);
  const multihash = decoded(() => (digest.startsWith('z') ? base58.decode(text) : base64urlnopad.decode(text)));
  return multihash.startsWith('1220') || multihash === '' ? multihash.slice(4) : undefined;
}

function decoded(read: () => Uint8Array): string {
  try {
    return hex.encode(read());
  } catch {
    return '';
  }
}

function refused(code: string, message: string): YizhengError {
  return new YizhengError(code, message, { at: '/relatedResource', status: 422 });
}
