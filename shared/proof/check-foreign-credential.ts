import type { Resolvable } from 'did-resolver';
import { z } from 'zod';
import { schemaError } from '../certificate/record.js';
import { parseJsonObject, type JsonObject } from '../json/parse-json.js';
import { assertCompact } from './compaction.js';
import { eddsaRdfc2022 } from './eddsa-rdfc-2022.js';
import { findKey } from './find-key.js';
import { assertKnownContexts, assertPlainJson, foreignProofShape, instantSchema } from './foreign-proof.js';
import { onlyProof } from './proof-count.js';
import { instantOf, isAfter, type CheckTime } from './proof-time.js';
import { refusalOf } from './refusal.js';
import type { ProofCheck } from './types.js';

const typed = z.looseObject({ type: z.union([z.string(), z.array(z.string())]) });
const foreignCredentialSchema = z.looseObject({
  id: z.string().max(400).optional(),
  type: z.union([z.literal('VerifiableCredential'), z.array(z.string().max(200)).max(20)]),
  issuer: z.union([z.string().max(2048), z.looseObject({ id: z.string().max(2048) })]),
  validFrom: instantSchema.optional(),
  validUntil: instantSchema.optional(),
  credentialStatus: z.union([typed, z.array(typed).max(16)]).optional(),
  credentialSubject: z.union([z.looseObject({}), z.array(z.looseObject({})).min(1).max(50)]),
  proof: z.strictObject({ ...foreignProofShape, proofPurpose: z.literal('assertionMethod') }),
});

/** What {@link checkForeignCredential} found; the credential is present once the guards have let it pass. */
export type ForeignCredentialCheck = ProofCheck & { credential?: JsonObject };

/**
 * Checks a VC 2.0 that is none of our certificates, for the VC-API: `eddsa-rdfc-2022`, bundled contexts only, keys through
 * a DID resolver (SECURITY F1, F5–F7). Proof and dates only: says nothing about status, accreditation or recognition.
 * @param json the credential as JSON text or UTF-8 bytes
 * @param options `resolver`: for the issuer's DID
 * @returns `pass` `PROOF_VALID`; `unknown` `ISSUER_KEY_UNKNOWN`; `fail` with codes of `parseJson`, `CONTEXT_NOT_EXACT`,
 *   `PROOF_COUNT`, `CRYPTOSUITE_UNEXPECTED`, `CREDENTIAL_SCHEMA`, `CREDENTIAL_SHAPE`, `TERM_UNDEFINED`, `COMPACTION_DIFFERS`,
 *   `NOT_YET_VALID`, `CREDENTIAL_EXPIRED`, `CREATED_IN_FUTURE`, `PROOF_EXPIRED`, `KEY_CONTROLLER_MISMATCH`, those of
 *   `findKey`, `SIGNATURE_INVALID`
 */
export async function checkForeignCredential(
  json: string | Uint8Array,
  options: CheckTime & { resolver: Resolvable },
): Promise<ForeignCredentialCheck> {
  let document: JsonObject;
  let found: z.infer<typeof foreignCredentialSchema>;
  try {
    document = parseJsonObject(json);
    found = await guard(document);
  } catch (error) {
    return refusalOf(error);
  }
  const { proof, issuer } = found;
  const read = { credential: document, ...(proof.created !== undefined && { created: proof.created }) };
  const late = timeProblem(found, options);
  if (late !== undefined) return { answer: 'fail', code: late, ...read };
  const issuerId = typeof issuer === 'string' ? issuer : issuer.id;
  if (!proof.verificationMethod.startsWith(`${issuerId}#`))
    return { answer: 'fail', code: 'KEY_CONTROLLER_MISMATCH', ...read };
  const search = await findKey(options.resolver, proof.verificationMethod, 'assertionMethod');
  if ('refusal' in search) return { ...search.refusal, ...read };
  return (await eddsaRdfc2022.verifySignature(document, search.key))
    ? { answer: 'pass', code: 'PROOF_VALID', ...read }
    : { answer: 'fail', code: 'SIGNATURE_INVALID', ...read };
}

async function guard(document: JsonObject): Promise<z.infer<typeof foreignCredentialSchema>> {
  assertKnownContexts(document);
  onlyProof(document, eddsaRdfc2022.cryptosuite);
  const parsed = foreignCredentialSchema.safeParse(document);
  if (!parsed.success) throw schemaError('CREDENTIAL_SCHEMA', parsed.error);
  assertPlainJson(document);
  await assertCompact(document);
  return parsed.data;
}

function timeProblem(
  { validFrom, validUntil, proof }: z.infer<typeof foreignCredentialSchema>,
  time: CheckTime,
): string | undefined {
  if (proof.created !== undefined && isAfter(proof.created, time)) return 'CREATED_IN_FUTURE';
  if (proof.expires !== undefined && instantOf(time.now) >= instantOf(proof.expires)) return 'PROOF_EXPIRED';
  if (validFrom !== undefined && isAfter(validFrom, time)) return 'NOT_YET_VALID';
  if (validUntil !== undefined && instantOf(time.now) > instantOf(validUntil)) return 'CREDENTIAL_EXPIRED';
  return undefined;
}
