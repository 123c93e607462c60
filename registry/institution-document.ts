import { z } from 'zod';
import { didWebDocumentUrl } from '../shared/did/did-web-url.js';
import { YizhengError } from '../shared/errors.js';
import { dateTime } from '../shared/trust/statement-schema.js';
import { instant } from '../shared/trust/time.js';
import type { SafeFetch } from '../server/safe-fetch.js';
import { fetchJson } from './fetch-json.js';

const documentSchema = z.object({
  id: z.string(),
  verificationMethod: z
    .array(
      z.object({
        id: z.string(),
        type: z.string(),
        controller: z.string(),
        publicKeyMultibase: z.string().optional(),
        expires: dateTime.optional(),
        revoked: dateTime.optional(),
      }),
    )
    .max(200),
  assertionMethod: z.array(z.unknown()).max(200).optional(),
  service: z
    .array(z.object({ type: z.union([z.string(), z.array(z.string())]), serviceEndpoint: z.unknown() }))
    .max(50)
    .optional(),
});

/** What the DID document of an institution says: the keys it signs with and where its status lists are named. */
export interface InstitutionDocument {
  /** `expires`: when it expires or was revoked, whichever is earlier. */
  keys: { id: string; publicKeyMultibase: string; expires?: string }[];
  statusLists: string | undefined;
}

/**
 * Fetches an institution's DID document and reads it strictly: the document and every key must be of that very DID, and only keys
 * listed for assertions count (SECURITY F7).
 * @throws YizhengError `DID_DOCUMENT_INVALID` (502), as `fetchJson`, `DID_NOT_WEB`
 */
export async function fetchInstitutionDocument(fetch: SafeFetch, did: string): Promise<InstitutionDocument> {
  const parsed = documentSchema.safeParse(await fetchJson(fetch, didWebDocumentUrl(did)));
  if (!parsed.success || parsed.data.id !== did)
    throw new YizhengError('DID_DOCUMENT_INVALID', 'The address does not hold the DID document of this institution.', {
      status: 502,
      at: did,
    });
  const { verificationMethod, assertionMethod = [], service = [] } = parsed.data;
  const endpoint = service.find(({ type }) => [type].flat().includes('BitstringStatusLists'))?.serviceEndpoint;
  return {
    keys: verificationMethod.flatMap(({ id, type, controller, publicKeyMultibase, ...ends }) =>
      type === 'Multikey' &&
      controller === did &&
      id.startsWith(`${did}#`) &&
      assertionMethod.includes(id) &&
      publicKeyMultibase !== undefined
        ? [{ id, publicKeyMultibase, ...endOf(ends) }]
        : [],
    ),
    statusLists: typeof endpoint === 'string' ? endpoint : undefined,
  };
}

function endOf({ expires, revoked }: { expires?: string | undefined; revoked?: string | undefined }): {
  expires?: string;
} {
  const [end] = [expires, revoked].filter((time) => time !== undefined).sort((a, b) => instant(a) - instant(b));
  return end === undefined ? {} : { expires: end };
}
