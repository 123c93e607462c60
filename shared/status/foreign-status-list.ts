import { z } from 'zod';
import { YizhengError } from '../errors.js';
import type { JsonObject } from '../json/parse-json.js';
import { MIN_STATUS_LIST_ENTRIES } from './bitstring.js';
import { inflateBitstring } from './encode-bitstring.js';

/** A status list of anybody whose proof was checked by the caller. */
export interface ForeignStatusList {
  /** `id` of the credential, when it has one. */
  id?: string;
  issuer: string;
  purposes: readonly string[];
  /** Entry 0 is the left-most bit. */
  bits: Uint8Array;
  validFrom?: string;
  validUntil?: string;
}

/** Largest list of others that is inflated, bytes: 16,777,216 entries of one bit. */
export const MAX_FOREIGN_LIST_BYTES = 2 * 1024 * 1024;

const listSchema = z.looseObject({
  id: z.string().max(2300).optional(),
  type: z.array(z.string()).refine((types) => types.includes('BitstringStatusListCredential')),
  issuer: z.union([z.string(), z.looseObject({ id: z.string() })]),
  validFrom: z.string().optional(),
  validUntil: z.string().optional(),
  credentialSubject: z.looseObject({
    type: z.union([z.literal('BitstringStatusList'), z.tuple([z.literal('BitstringStatusList')])]),
    statusPurpose: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(16)]),
    encodedList: z.string(),
  }),
});

/**
 * Reads the list out of a status list credential (Bitstring Status List §2.2, §3.2): its types, its purposes, and a bitstring of at
 * least 131,072 entries, inflated within limits.
 * @param credential credential whose proof and dates hold
 * @throws YizhengError `STATUS_LIST_SCHEMA`, `STATUS_LIST_ENCODING`, `STATUS_LIST_LENGTH`
 */
export function readStatusList(credential: JsonObject): ForeignStatusList {
  const parsed = listSchema.safeParse(credential);
  if (!parsed.success)
    throw new YizhengError('STATUS_LIST_SCHEMA', 'The list is not a Bitstring Status List credential.', {
      at: `/${parsed.error.issues[0]?.path.map(String).join('/') ?? ''}`,
    });
  const { id, issuer, validFrom, validUntil, credentialSubject } = parsed.data;
  const bits = inflateBitstring(credentialSubject.encodedList, MAX_FOREIGN_LIST_BYTES);
  if (bits.length * 8 < MIN_STATUS_LIST_ENTRIES)
    throw new YizhengError('STATUS_LIST_LENGTH', `A status list holds at least ${MIN_STATUS_LIST_ENTRIES} entries.`);
  return {
    issuer: typeof issuer === 'string' ? issuer : issuer.id,
    purposes: [credentialSubject.statusPurpose].flat(),
    bits,
    ...(id !== undefined && { id }),
    ...(validFrom !== undefined && { validFrom }),
    ...(validUntil !== undefined && { validUntil }),
  };
}
