import { z } from 'zod';
import { SUPERVISION_RULES, supervisionSettingsSchema } from '../../../../shared/supervision/rules.js';

const checkSchema = z.object({
  rule: z.enum(SUPERVISION_RULES),
  answer: z.enum(['pass', 'fail', 'unknown']),
  value: z.number().optional(),
  most: z.number().optional(),
  why: z
    .enum([
      'HISTORY_TOO_SHORT',
      'SESSIONS_NOT_RECORDED',
      'RESULTS_NOT_RECORDED',
      'ACCREDITATION_UNKNOWN',
      'TOO_FEW',
      'CERTIFICATES_NOT_COUNTED',
    ])
    .optional(),
  detail: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
/** What one rule says. */
export type ShownCheck = z.infer<typeof checkSchema>;

const monthSchema = z.object({
  month: z.string(),
  issued: z.number(),
  suspended: z.number(),
  revoked: z.number(),
  voided: z.number(),
  mark: z.enum(['unusual', 'unknown', 'usual']),
  checks: z.array(checkSchema),
  passRate: z.number().optional(),
});
/** A month's certificates with what the rules say of them. */
export type ShownMonth = z.infer<typeof monthSchema>;

const lineSchema = z.object({
  id: z.string(),
  institution: z.string(),
  kind: z.string(),
  occupation: z.string(),
  edition: z.string(),
  name: z.string(),
  level: z.object({ framework: z.string(), value: z.string() }).optional(),
});
/** One kind, occupation and level of an institution. */
export type Line = z.infer<typeof lineSchema>;

const partSchema = z.object({ part: z.number(), whole: z.number() });

/** One institution's board. */
export const boardSchema = z.object({
  institution: z.object({ code: z.string(), name: z.string() }),
  months: z.array(z.string()),
  lines: z.array(z.object({ series: lineSchema, months: z.array(monthSchema) })),
  total: z.array(monthSchema),
  shares: z.array(z.object({ month: z.string(), topLevel: partSchema, outsideRegion: partSchema })),
  notCounted: z.number(),
  settings: supervisionSettingsSchema,
});
/** See {@link boardSchema}. */
export type Board = z.infer<typeof boardSchema>;

const unusualSchema = z.object({
  institution: z.string(),
  series: lineSchema.optional(),
  month: z.string(),
  issued: z.number(),
  checks: z.array(checkSchema),
});
/** A month that is marked. */
export type Unusual = z.infer<typeof unusualSchema>;

/** All institutions of the host. */
export const overviewSchema = z.object({
  months: z.array(z.string()),
  institutions: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      months: z.array(monthSchema.extend({ unusualLines: z.number() })),
      notCounted: z.number(),
    }),
  ),
  unusual: z.array(unusualSchema),
  unusualLeftOut: z.number(),
  settings: supervisionSettingsSchema,
});

/** One number of the board in detail. */
export const cellSchema = z.object({
  series: lineSchema,
  month: monthSchema,
  history: z.array(z.object({ month: z.string(), issued: z.number(), most: z.number().optional() })),
  sessions: z.array(
    z.object({
      assessment: z.string(),
      issued: z.number(),
      total: z.number(),
      record: z
        .object({
          heldOn: z.string(),
          seats: z.number(),
          candidates: z.number(),
          passed: z.number(),
          failed: z.number(),
          hasResults: z.boolean(),
        })
        .optional(),
    }),
  ),
  days: z.array(z.object({ day: z.string(), issued: z.number() })),
});

/** One page of certificates. */
export const certificatesSchema = z.object({
  certificates: z.array(
    z.object({
      certificateNumber: z.string(),
      revision: z.number(),
      status: z.enum(['active', 'suspended', 'revoked']),
      statusReason: z.string().optional(),
      issuedOn: z.string(),
      signedAt: z.string(),
      assessment: z.string(),
    }),
  ),
  next: z.string().optional(),
});

/** The rules of the host and who set them, an account or key and an instant; neither where nobody has. */
export const heldSettingsSchema = z.object({
  settings: supervisionSettingsSchema,
  setBy: z.string().optional(),
  setByName: z.string().optional(),
  setAt: z.string().optional(),
});
