import { z } from 'zod';
import { INSTITUTION_KINDS, parseStatement } from '../../../../../shared/trust/statement-schema.js';
import type { RecognizedAction, ReviewFinding } from '../../../../../shared/trust/types.js';
import { statementSchema } from '../schemas.js';

const named = z.object({ id: z.string(), name: z.string() });
const wantedAction = z.custom<Omit<RecognizedAction, 'action' | 'validFrom'> & { validFrom?: string }>(
  (value) => z.object({ scope: z.record(z.string(), z.unknown()) }).safeParse(value).success,
);

/** An institution asks to be accredited. */
export const applicationSchema = z.object({
  id: z.string(),
  institution: named,
  institutionKind: z.enum(INSTITUTION_KINDS),
  institutionCode: z.string(),
  unifiedSocialCreditCode: z.string().optional(),
  actions: z.array(wantedAction),
  documents: z.array(z.object({ name: z.string(), digestMultibase: z.string() })),
  remark: z.string().optional(),
  state: z.enum(['submitted', 'sent-back', 'withdrawn', 'refused', 'proposed', 'accredited']),
  revision: z.number(),
  handedInBy: z.string(),
  handedInAt: z.string(),
  decidedBy: z.string().optional(),
  decidedAt: z.string().optional(),
  reason: z.string().optional(),
  proposal: z.string().optional(),
  accreditation: z.string().optional(),
});
export type Application = z.infer<typeof applicationSchema>;
export const applicationsSchema = z.object({ applications: z.array(applicationSchema), next: z.string().optional() });
export const applicationDetailSchema = z.object({
  application: applicationSchema,
  held: z.array(statementSchema),
  history: z.array(z.object({ at: z.string(), actor: z.string(), action: z.string(), reason: z.string().optional() })),
});
export const accreditedSchema = z.object({
  application: applicationSchema,
  proposal: z.object({ id: z.string() }).optional(),
});

const review = z.unknown().transform((value, context): ReviewFinding => {
  try {
    return parseStatement('review', value);
  } catch {
    context.addIssue({ code: 'custom', message: 'is no finding' });
    return z.NEVER;
  }
});
const reviewRow = z.object({
  review,
  about: named,
  measures: z.array(z.object({ proposal: z.string().optional(), event: z.string().optional() })),
});
/** A finding of a cross-review, and what was done because of it. */
export type ReviewRow = z.infer<typeof reviewRow>;
export const reviewsSchema = z.object({ reviews: z.array(reviewRow) });
