import { YizhengError } from '../errors.js';
import { parseJsonObject, type JsonLimits } from '../json/parse-json.js';
import { checkIssuerProof } from '../proof/check-issuer-proof.js';
import { assertCompact } from '../proof/compaction.js';
import { eddsaRdfc2022 } from '../proof/eddsa-rdfc-2022.js';
import { onlyProof } from '../proof/proof-count.js';
import { isAfter, type CheckTime } from '../proof/proof-time.js';
import type { KeyLookup, ProofSuite } from '../proof/types.js';
import { MIN_STATUS_LIST_ENTRIES } from './bitstring.js';
import { decodeBitstring } from './encode-bitstring.js';
import { statusListCredentialSchema, type StatusPurpose } from './status-list-credential.js';

/** A status list whose proof was checked; one check serves any number of certificates. */
export interface VerifiedStatusList {
  id: string;
  issuer: string;
  purpose: StatusPurpose;
  /** Entry 0 is the left-most bit. */
  bits: Uint8Array;
  validFrom: string;
  validUntil: string;
}

/** Limits of a list of up to 16,777,216 entries. */
export const STATUS_LIST_LIMITS: JsonLimits = { maxBytes: 4 * 1024 * 1024, maxDepth: 4, maxNodes: 16 };

/**
 * Reads a status list credential and checks everything that does not depend on one certificate (SECURITY F2–F5).
 * @param json the list as JSON text or UTF-8 bytes
 * @param options `entries`: the length it is registered with, {@link MIN_STATUS_LIST_ENTRIES} unless given
 * @throws YizhengError codes of `parseJson`; `STATUS_LIST_SCHEMA`, `PROOF_COUNT`, `CRYPTOSUITE_UNEXPECTED`,
 *   `COMPACTION_DIFFERS`, `STATUS_LIST_KEY_UNKNOWN`, `STATUS_LIST_PROOF_INVALID`, `STATUS_LIST_NOT_YET_VALID`,
 *   `STATUS_LIST_ENCODING`, `STATUS_LIST_LENGTH`
 */
export async function verifyStatusList(
  json: string | Uint8Array,
  options: CheckTime & { keyOf: KeyLookup; entries?: number; suite?: ProofSuite },
): Promise<VerifiedStatusList> {
  const { suite = eddsaRdfc2022, entries = MIN_STATUS_LIST_ENTRIES } = options;
  const document = parseJsonObject(json, STATUS_LIST_LIMITS);
  onlyProof(document, suite.cryptosuite);
  const parsed = statusListCredentialSchema.safeParse(document);
  if (!parsed.success || parsed.data.credentialSubject.id !== `${parsed.data.id}#list`)
    throw new YizhengError('STATUS_LIST_SCHEMA', 'Not a status list credential with exactly the expected members.', {
      at: `/${parsed.error?.issues[0]?.path.map(String).join('/') ?? 'credentialSubject/id'}`,
    });
  const { id, issuer, validFrom, validUntil, credentialSubject } = parsed.data;
  await assertCompact(document);
  const proof = await checkIssuerProof(parsed.data, { ...options, suite });
  if (proof.answer === 'unknown')
    throw new YizhengError('STATUS_LIST_KEY_UNKNOWN', 'The key that signed the status list is not known.');
  if (proof.answer === 'fail')
    throw new YizhengError('STATUS_LIST_PROOF_INVALID', `The proof of the status list does not hold: ${proof.code}.`);
  if (isAfter(validFrom, options))
    throw new YizhengError('STATUS_LIST_NOT_YET_VALID', 'The status list is from the future.');
  const bits = decodeBitstring(credentialSubject.encodedList, entries);
  return { id, issuer, purpose: credentialSubject.statusPurpose, bits, validFrom, validUntil };
}
