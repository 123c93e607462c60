import { z } from 'zod';
import type { JsonObject } from '../../../../../shared/json/parse-json.js';

/** The grant a slip of paper or a link carries (OpenID4VCI 1.0 §4.1.1). */
export const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

const address = z.string().min(1).max(2048);
const name = z.string().min(1).max(300);
const display = z.array(z.looseObject({ name: z.string().max(300).optional(), locale: z.string().max(40).optional() }));

/** Credential Offer (§4.1.1). */
export const offerSchema = z.looseObject({
  credential_issuer: address,
  credential_configuration_ids: z.array(name).min(1).max(40),
  grants: z
    .looseObject({
      [PRE_AUTHORIZED]: z
        .looseObject({
          'pre-authorized_code': z.string().min(1).max(4096),
          tx_code: z
            .looseObject({
              input_mode: z.enum(['numeric', 'text']).optional(),
              length: z.int().min(1).max(64).optional(),
              description: z.string().max(300).optional(),
            })
            .optional(),
          authorization_server: address.optional(),
        })
        .optional(),
    })
    .optional(),
});

/** One credential configuration of the issuer's metadata (§12.2.4). */
export const configurationSchema = z.looseObject({
  format: z.string().max(40),
  cryptographic_binding_methods_supported: z.array(z.string().max(60)).max(40).optional(),
  proof_types_supported: z
    .record(z.string(), z.looseObject({ proof_signing_alg_values_supported: z.array(z.unknown()).optional() }))
    .optional(),
  credential_metadata: z.looseObject({ display: display.optional() }).optional(),
  display: display.optional(),
});
/** See {@link configurationSchema}. */
export type Configuration = z.infer<typeof configurationSchema>;

/** Credential Issuer Metadata (§12.2.4). */
export const issuerMetadataSchema = z.looseObject({
  credential_issuer: address,
  authorization_servers: z.array(address).max(10).optional(),
  credential_endpoint: address,
  nonce_endpoint: address.optional(),
  deferred_credential_endpoint: address.optional(),
  notification_endpoint: address.optional(),
  credential_response_encryption: z.looseObject({ encryption_required: z.boolean() }).optional(),
  display: display.optional(),
  credential_configurations_supported: z.record(z.string(), z.unknown()),
});
/** See {@link issuerMetadataSchema}. */
export type IssuerMetadata = z.infer<typeof issuerMetadataSchema>;

/** Authorization Server Metadata (RFC 8414 §2, OpenID4VCI §12.3). */
export const serverMetadataSchema = z.looseObject({ issuer: address, token_endpoint: address });

/** Token response (§6.2). */
export const tokenSchema = z.looseObject({
  access_token: z.string().min(1).max(8192),
  token_type: z.string().max(40),
  authorization_details: z
    .array(
      z.looseObject({
        credential_configuration_id: z.string().optional(),
        credential_identifiers: z.array(z.string().max(400)).optional(),
      }),
    )
    .optional(),
});

/** Nonce response (§7.2). */
export const nonceSchema = z.looseObject({ c_nonce: z.string().min(1).max(2048) });

const object = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
/** Credential response (§8.3), and the deferred one (§9.2). */
export const credentialsSchema = z.looseObject({
  credentials: z
    .array(z.looseObject({ credential: z.union([z.string(), object]) }))
    .min(1)
    .max(20),
  notification_id: z.string().max(400).optional(),
});
/** A credential that comes later (§8.3). */
export const laterSchema = z.looseObject({
  transaction_id: z.string().min(1).max(2048),
  interval: z.int().min(1).max(31_536_000).optional(),
});

/** Error of a token, credential or notification endpoint; `code` is our issuer's own. */
export const errorSchema = z.looseObject({
  error: z.string().max(100).optional(),
  error_description: z.string().max(1000).optional(),
  code: z.string().max(60).optional(),
});

const OFFER_PROBLEMS: ReadonlyMap<string | undefined, string> = new Map([
  ['TX_CODE_WRONG', 'TX_CODE_WRONG'],
  ['TX_CODE_MISSING', 'TX_CODE_REQUIRED'],
  ['OFFER_LOCKED', 'OFFER_LOCKED'],
  ['OFFER_USED', 'OFFER_USED'],
  ['OFFER_EXPIRED', 'OFFER_EXPIRED'],
  ['OFFER_WITHDRAWN', 'OFFER_WITHDRAWN'],
]);

/** What is wrong with an offer, where the issuer says it in a code of ours; OAuth has one word for all of it. */
export function offerProblem(body: unknown): string | undefined {
  return OFFER_PROBLEMS.get(errorSchema.safeParse(body).data?.code);
}
