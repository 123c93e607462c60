import { z } from 'zod';
import { IDENTITY_DOCUMENT_TYPES } from '../../shared/certificate/identity-document.js';
import { certificateKind } from '../../shared/certificate/kind.js';
import { levelSchema, unifiedSocialCreditCode } from '../../shared/certificate/record.js';
import { calendarDate, certificateText } from '../../shared/certificate/text.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import { YizhengError } from '../../shared/errors.js';
import { grantedScopes } from '../accreditation-scope.js';
import type { Institution } from '../institutions.js';
import { APPLICABLE_KINDS, type Wanted } from './types.js';

const occupationCode = z.string().regex(/^[1-8](?:-\d{2}){3}$/, 'must be a code of the 2022 catalogue like 6-18-02-04');

/** Schema of {@link Wanted}: exactly the members its kind has. */
export const wantedSchema = z
  .strictObject({
    kind: z.enum(APPLICABLE_KINDS),
    item: certificateText(60).optional(),
    occupation: occupationCode.optional(),
    level: levelSchema.optional(),
  })
  .superRefine((wanted, context) => {
    const { frameworks, hasOccupation } = certificateKind(wanted.kind);
    const demand = (member: 'item' | 'occupation' | 'level', isNeeded: boolean): void => {
      if (isNeeded === (wanted[member] !== undefined)) return;
      context.addIssue({
        code: 'custom',
        path: [member],
        message: isNeeded ? `is missing for kind ${wanted.kind}` : `does not belong to kind ${wanted.kind}`,
      });
    };
    demand('occupation', hasOccupation);
    demand('level', frameworks.length > 0);
    demand('item', !hasOccupation);
    if (wanted.level && frameworks.length > 0 && !frameworks.includes(wanted.level.framework))
      context.addIssue({ code: 'custom', path: ['level'], message: `is no level of kind ${wanted.kind}` });
  });

/** What a new application is made from. */
export const newApplicationSchema = z
  .strictObject({
    applicant: z.strictObject({
      name: certificateText(60),
      idType: z.enum(IDENTITY_DOCUMENT_TYPES),
      /** Full number; compared, kept as its last characters and an HMAC, never stored. */
      idNumber: z.string().min(6).max(20),
    }),
    wanted: wantedSchema,
    /** Where it is made, six-digit GB/T 2260 code; the institution's province unless given. */
    region: z
      .string()
      .regex(/^\d{6}$/)
      .optional(),
  })
  .meta({ id: 'NewApplication' });

/** What stands on the certificate beyond what the application knows. The full number is asked for again, and never stored. */
export const handInSchema = z
  .strictObject({
    idNumber: z.string().min(6).max(20),
    trade: certificateText(40).optional(),
    permit: z
      .strictObject({ category: certificateText(40), firstIssuedOn: calendarDate, reviewBy: calendarDate.optional() })
      .optional(),
    issuedOn: calendarDate.optional(),
    expiresOn: calendarDate.optional(),
    /** Of kinds without a numbering rule. */
    certificateNumber: certificateText(40).optional(),
    employer: z
      .strictObject({
        uscc: unifiedSocialCreditCode,
        name: certificateText(60),
        supplyChainAgreement: certificateText(40).optional(),
      })
      .optional(),
  })
  .meta({ id: 'HandInApplication' });

/** See {@link newApplicationSchema}. */
export type NewApplication = z.infer<typeof newApplicationSchema>;
/** See {@link handInSchema}. */
export type HandIn = z.infer<typeof handInSchema>;

/**
 * Refuses an application for what this institution may not certify, before anybody is assessed for it. The batch asks again, in full.
 * @throws YizhengError `KIND_OUT_OF_SCOPE`, `LEVEL_OUT_OF_SCOPE` (422)
 */
export function requireGranted(
  { kind, level }: Wanted,
  { authority, did, code }: Institution,
  view: TrustView | undefined,
): void {
  const own = (view?.accreditations(authority, did) ?? []).filter((row) => row.institutionCode === code);
  const scopes = grantedScopes(own).filter((scope) => scope.kind?.includes(kind));
  if (scopes.length === 0)
    throw new YizhengError('KIND_OUT_OF_SCOPE', 'This institution is not accredited for certificates of this kind.', {
      at: '/wanted/kind',
      status: 422,
    });
  const isGranted = scopes.some(
    (scope) =>
      !level || scope.level?.some((one) => one.framework === level.framework && one.value === level.value) === true,
  );
  if (!isGranted)
    throw new YizhengError('LEVEL_OUT_OF_SCOPE', 'This institution is not accredited for this level.', {
      at: '/wanted/level',
      status: 422,
    });
}
