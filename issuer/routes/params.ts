import { z } from 'zod';
import { INSTITUTION_CODE } from '../../shared/certificate/certificate-number.js';

/** Path parameters of an institution's routes. */
export const institutionParams = z.strictObject({
  institutionCode: z.string().regex(INSTITUTION_CODE, 'must be a 13-character institution code'),
});

/** Longest `id` of a certificate taken anywhere, in characters; every number that is issued makes a shorter one. */
export const MAX_CERTIFICATE_ID = 220;

/** Path parameters of a certificate's routes: credential id, or number for its newest revision. */
export const certificateParams = z.strictObject({
  ...institutionParams.shape,
  certificateId: z.string().min(1).max(MAX_CERTIFICATE_ID),
});

/** Any JSON object; what it must be is said by the schema that reads it later. */
export const anyObject = z.record(z.string(), z.unknown());

/** A text without control characters; PostgreSQL cannot even be asked for one with U+0000. */
export const PRINTABLE = /^\P{Cc}*$/u;
