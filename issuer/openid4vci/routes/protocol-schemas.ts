import { z } from 'zod';
import type { ResponseDocument } from '../../../server/index.js';
import { anyObject } from '../../routes/params.js';

/** Error Response of the protocols (RFC 6749 §5.2, OpenID4VCI 1.0 §8.3.1), with our own stable code. */
const errorSchema = z
  .strictObject({
    error: z.string(),
    error_description: z.string(),
    code: z.string(),
    attempts_left: z.int().optional(),
  })
  .meta({ id: 'ProtocolError', description: 'Error Response (OAuth, OpenID4VCI)' });

/** Token Response (RFC 6749 §5.1, OpenID4VCI 1.0 §6.2). */
export const tokenResponseSchema = z.strictObject({
  access_token: z.string(),
  token_type: z.enum(['Bearer', 'DPoP']),
  expires_in: z.int().positive(),
  authorization_details: z.array(anyObject).optional(),
});

/** Credential Response with the credentials (OpenID4VCI 1.0 §8.3). */
export const credentialResponseSchema = z.strictObject({
  credentials: z.array(z.strictObject({ credential: z.union([z.string(), anyObject]) })).min(1),
  notification_id: z.string().optional(),
});

/** Credential Response while the credentials are not ready (OpenID4VCI 1.0 §8.3, §9.2). */
export const deferredResponseSchema = z.strictObject({
  transaction_id: z.string(),
  interval: z.int().positive(),
});

/** What a protocol refuses, by status. */
export function refusals(...statuses: (400 | 401 | 403)[]): Record<number, ResponseDocument> {
  return Object.fromEntries(
    statuses.map((status) => [status, { description: 'Refused, in the words of the protocol', schema: errorSchema }]),
  );
}
