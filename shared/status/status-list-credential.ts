import { z } from 'zod';
import { CREDENTIALS_V2_URL } from '../certificate/context.js';
import { dataIntegrityProofSchema } from '../certificate/credential.js';
import { YizhengError } from '../errors.js';
import { MIN_STATUS_LIST_ENTRIES } from './bitstring.js';
import { encodeBitstring } from './encode-bitstring.js';

/** What a list says of its entries. A revocation is for ever, a suspension may end. */
export type StatusPurpose = 'revocation' | 'suspension';

/**
 * Longest time a list may be used after it was made, seconds: seven days. A gate without network must be able to work a week on
 * one bundle; issuers sign their lists anew every day, so a reader with a signal knows more (docs/trust-model.md).
 */
export const MAX_STATUS_LIST_VALIDITY_SECONDS = 7 * 86_400;

const instant = z
  .string()
  .max(40)
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})$/)
  .refine((text) => !Number.isNaN(Date.parse(text)));

const unsignedShape = {
  '@context': z.tuple([z.literal(CREDENTIALS_V2_URL)]),
  id: z.string().max(300),
  type: z.tuple([z.literal('VerifiableCredential'), z.literal('BitstringStatusListCredential')]),
  issuer: z.string().max(300),
  validFrom: instant,
  validUntil: instant,
  credentialSubject: z.strictObject({
    id: z.string().max(310),
    type: z.literal('BitstringStatusList'),
    statusPurpose: z.enum(['revocation', 'suspension']),
    encodedList: z.string().regex(/^u[A-Za-z0-9_-]+$/),
  }),
};

/** Closed schema of a signed status list (Bitstring Status List §3.1): exactly our members, always with an end. */
export const statusListCredentialSchema = z.strictObject({ ...unsignedShape, proof: dataIntegrityProofSchema });

const unsignedStatusListSchema = z.strictObject(unsignedShape);
/** A status list before it is signed. */
export type UnsignedStatusListCredential = z.infer<typeof unsignedStatusListSchema>;
/** A signed status list. */
export type StatusListCredential = z.infer<typeof statusListCredentialSchema>;

/**
 * Builds the credential of a status list (Bitstring Status List §3.1).
 * @param list `id`: its URL; `bits`: the entries; `validFrom`, `validUntil`: RFC 3339, whole seconds
 * @param policy `maxValiditySeconds`: longest life, {@link MAX_STATUS_LIST_VALIDITY_SECONDS} unless given
 * @throws YizhengError `STATUS_LIST_LENGTH`, `STATUS_LIST_VALIDITY`, `STATUS_LIST_SCHEMA`
 */
export function buildStatusListCredential(
  list: {
    id: string;
    issuer: string;
    purpose: StatusPurpose;
    bits: Uint8Array;
    validFrom: string;
    validUntil: string;
  },
  policy: { maxValiditySeconds?: number } = {},
): UnsignedStatusListCredential {
  const { maxValiditySeconds = MAX_STATUS_LIST_VALIDITY_SECONDS } = policy;
  if (list.bits.length * 8 < MIN_STATUS_LIST_ENTRIES)
    throw new YizhengError('STATUS_LIST_LENGTH', `A status list holds at least ${MIN_STATUS_LIST_ENTRIES} entries.`);
  const life = (Date.parse(list.validUntil) - Date.parse(list.validFrom)) / 1000;
  if (!(life > 0 && life <= maxValiditySeconds))
    throw new YizhengError('STATUS_LIST_VALIDITY', `A status list is valid for at most ${maxValiditySeconds} seconds.`);
  const credential = unsignedStatusListSchema.safeParse({
    '@context': [CREDENTIALS_V2_URL],
    id: list.id,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: list.issuer,
    validFrom: list.validFrom,
    validUntil: list.validUntil,
    credentialSubject: {
      id: `${list.id}#list`,
      type: 'BitstringStatusList',
      statusPurpose: list.purpose,
      encodedList: encodeBitstring(list.bits),
    },
  });
  if (credential.success) return credential.data;
  throw new YizhengError('STATUS_LIST_SCHEMA', 'The facts of the status list do not make a status list credential.', {
    at: `/${credential.error.issues[0]?.path.map(String).join('/') ?? ''}`,
  });
}
