import { z } from 'zod';
import { CERTIFICATE_FORMS } from '../../shared/proof/forms/certificate-form.js';

/** Longest an offer may wait, in seconds. */
export const MAX_OFFER_SECONDS = 30 * 86_400;
/** The same without a transaction code: it is taken at the counter, or not at all. */
export const MAX_OPEN_OFFER_SECONDS = 600;
const DEFAULT_OFFER_SECONDS = 7 * 86_400;

/** What a clerk says about an offer. */
export const offerRequestSchema = z
  .strictObject({
    formats: z
      .array(z.enum(CERTIFICATE_FORMS))
      .min(1)
      .max(CERTIFICATE_FORMS.length)
      .refine((formats) => new Set(formats).size === formats.length, 'names a format twice')
      .default(['dc+sd-jwt', 'ldp_vc', 'jwt_vc_json', 'vc+jwt'])
      .meta({ description: 'Formats the wallet may take; all unless given' }),
    txCode: z
      .boolean()
      .default(true)
      .meta({ description: 'Whether a transaction code is asked for; without it the offer lives ten minutes at most' }),
    expiresInSeconds: z
      .int()
      .min(60)
      .max(MAX_OFFER_SECONDS)
      .optional()
      .meta({ description: 'Seven days unless given; ten minutes without transaction code' }),
    personal: z
      .strictObject({
        idNumber: z.string().max(30).optional(),
        birthDate: z.string().max(10).optional(),
        photo: z
          .strictObject({
            mediaType: z.enum(['image/jpeg', 'image/png', 'image/webp']),
            base64: z
              .string()
              .max(44_000)
              .regex(/^[A-Za-z0-9+/]+={0,2}$/, 'must be base64'),
          })
          .optional(),
      })
      .optional()
      .meta({
        description: 'Facts only the SD-JWT VC holds, each shown when its holder wants; kept sealed until then',
      }),
  })
  .refine(({ txCode, expiresInSeconds = 0 }) => txCode || expiresInSeconds <= MAX_OPEN_OFFER_SECONDS, {
    path: ['expiresInSeconds'],
    message: 'must be at most 600 without a transaction code',
  })
  .meta({ id: 'NewCredentialOffer' });

/** See {@link offerRequestSchema}. */
export type OfferRequest = z.infer<typeof offerRequestSchema>;

/** How long an offer lives, in seconds. */
export function offerSeconds({ txCode, expiresInSeconds }: OfferRequest): number {
  return expiresInSeconds ?? (txCode ? DEFAULT_OFFER_SECONDS : MAX_OPEN_OFFER_SECONDS);
}
