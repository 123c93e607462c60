import { z } from 'zod';
import type { JsonObject } from '../../../../../shared/json/parse-json.js';

const object = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

/** `client_metadata` (OpenID4VP 1.0 §11.1), as far as a wallet needs it. */
export const clientMetadataSchema = z.looseObject({
  client_name: z.string().max(200).optional(),
  jwks: z.looseObject({ keys: z.array(object).max(20) }).optional(),
  encrypted_response_enc_values_supported: z.array(z.string().max(40)).max(20).optional(),
  vp_formats_supported: z.record(z.string(), z.unknown()).optional(),
});
/** See {@link clientMetadataSchema}. */
export type ClientMetadata = z.infer<typeof clientMetadataSchema>;

/** A request, as link parameters or as the claims of a request object (§5.1, §5.2). */
export const requestSchema = z.looseObject({
  response_type: z.literal('vp_token'),
  response_mode: z.enum(['direct_post', 'direct_post.jwt']),
  client_id: z.string().min(1).max(2048),
  response_uri: z.string().min(1).max(2048),
  nonce: z.string().min(8).max(1024),
  state: z.string().max(2048).optional(),
  dcql_query: z.unknown(),
  client_metadata: z.unknown().optional(),
  transaction_data: z.unknown().optional(),
  redirect_uri: z.unknown().optional(),
});
