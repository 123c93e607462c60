import { z } from 'zod';
import { CREDENTIALS_V2_URL } from '../certificate/context.js';
import { YizhengError } from '../errors.js';
import type { JsonObject, JsonValue } from '../json/parse-json.js';
import { staticContexts } from './contexts.js';

/** RFC 3339 instant with a time zone, fractions of a second allowed (VC Data Model 2.0 §4.9). */
export const instantSchema = z
  .string()
  .max(40)
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/)
  .refine((text) => !Number.isNaN(Date.parse(text)));

/** Members of a Data Integrity proof made by others; closed, one purpose at a time. */
export const foreignProofShape = {
  id: z.string().max(300).optional(),
  type: z.literal('DataIntegrityProof'),
  created: instantSchema.optional(),
  expires: instantSchema.optional(),
  verificationMethod: z
    .string()
    .max(2300)
    .regex(/^did:[^#]+#[^#]+$/),
  cryptosuite: z.string().max(40),
  proofValue: z.string().regex(/^z[1-9A-HJ-NP-Za-km-z]{1,200}$/),
};

/**
 * Demands a list of contexts we hold, VC 2.0 first, none twice.
 * @throws YizhengError `CONTEXT_NOT_EXACT`
 */
export function assertKnownContexts(document: JsonObject): void {
  const context = document['@context'];
  const urls = Array.isArray(context) ? context : [];
  const known = urls.every((url) => typeof url === 'string' && staticContexts.has(url));
  if (urls[0] !== CREDENTIALS_V2_URL || !known || new Set(urls).size !== urls.length)
    throw new YizhengError(
      'CONTEXT_NOT_EXACT',
      'The @context must start with the VC 2.0 context and hold only contexts this verifier knows.',
      { at: '/@context', status: 422 },
    );
}

/**
 * Refuses JSON-LD keywords and second descriptions of the document inside it: both move statements out of a reader's sight
 * without changing what is signed (SECURITY F1).
 * @throws YizhengError `CREDENTIAL_SHAPE`
 */
export function assertPlainJson(document: JsonObject): void {
  const { '@context': _, id, ...members } = document;
  const visit = (value: JsonValue): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      value.forEach(visit);
      return;
    }
    for (const [name, member] of Object.entries(value)) {
      const hidden = name.startsWith('@') || (name === 'id' && repeats(member, id));
      if (hidden)
        throw new YizhengError('CREDENTIAL_SHAPE', 'The document uses JSON-LD keywords or describes itself twice.', {
          status: 422,
        });
      visit(member);
    }
  };
  visit(members);
}

function repeats(id: JsonValue, documentId: JsonValue | undefined): boolean {
  return id === documentId || (typeof id === 'string' && id.startsWith('_:'));
}
