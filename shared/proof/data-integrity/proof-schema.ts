import { z } from 'zod';
import { schemaError } from '../../certificate/record.js';
import { YizhengError } from '../../errors.js';
import { isJsonObject, type JsonObject } from '../../json/parse-json.js';

/** Most proofs of one document; each costs a resolution and a canonicalisation (SECURITY F5). */
export const MAX_PROOFS = 4;

/** RFC 3339 instant as VC Data Integrity §2.1 wants it (`dateTimeStamp`): with a time zone. */
export const dateTimeStamp = z
  .string()
  .max(40)
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/)
  .refine((text) => !Number.isNaN(Date.parse(text)));

const url = z
  .string()
  .max(2300)
  .regex(/^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]+$/);
const text = z.string().min(1).max(500);

const members = {
  id: url.optional(),
  proofPurpose: z.enum(['assertionMethod', 'authentication']),
  verificationMethod: url,
  created: dateTimeStamp.optional(),
  expires: dateTimeStamp.optional(),
  domain: z.union([text, z.array(text).min(1).max(16)]).optional(),
  challenge: text.optional(),
  nonce: text.optional(),
  previousProof: z.union([url, z.array(url).min(1).max(MAX_PROOFS)]).optional(),
  proofValue: z.union([
    z.string().regex(/^z[1-9A-HJ-NP-Za-km-z]{1,200}$/),
    z
      .string()
      .max(20_000)
      .regex(/^u[A-Za-z0-9_-]+$/),
  ]),
};

const proofSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...members,
    type: z.literal('DataIntegrityProof'),
    cryptosuite: z.string().min(1).max(40),
    '@context': z.union([z.string(), z.array(z.union([z.string(), z.looseObject({})]))]).optional(),
  }),
  z.strictObject({ ...members, type: z.literal('Ed25519Signature2020') }),
]);

/** A proof of a form we know; what it says is not checked yet. */
export type DataIntegrityProof = z.infer<typeof proofSchema>;

/**
 * The proofs of a document (VC Data Integrity §2.1), in the order they stand in it. Closed: a member nobody knows could carry anything.
 * @throws YizhengError `PROOF_COUNT` for none, more than {@link MAX_PROOFS} or the same twice; `PROOF_SCHEMA`
 */
export function readProofs(document: JsonObject): DataIntegrityProof[] {
  const { proof } = document;
  const list = Array.isArray(proof) ? proof : [proof];
  const distinct = new Set(list.map((one) => JSON.stringify(one))).size;
  if (list.length === 0 || list.length > MAX_PROOFS || distinct !== list.length || !list.every(isJsonObject))
    throw new YizhengError('PROOF_COUNT', `One to ${MAX_PROOFS} proofs are expected, as objects, none twice.`, {
      at: '/proof',
      status: 422,
    });
  return list.map((one) => {
    const parsed = proofSchema.safeParse(one);
    if (!parsed.success) throw schemaError('PROOF_SCHEMA', parsed.error);
    return parsed.data;
  });
}
