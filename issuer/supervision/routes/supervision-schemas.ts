import { z } from 'zod';
import { SUPERVISION_RULES, supervisionSettingsSchema } from '../../../shared/supervision/rules.js';
import { institutionParams } from '../../routes/params.js';

const month = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'must be a month like 2026-11');

/** Which months are shown. */
export const shownQuery = z.strictObject({
  until: month.optional().meta({ description: 'Last month of issue; this one unless given' }),
  months: z.coerce.number().int().min(1).max(36).default(12).meta({ description: 'How many months' }),
});

/** An export: months, language, and who it is for. */
export const exportQuery = z.strictObject({
  ...shownQuery.shape,
  language: z.enum(['zh-CN', 'en']).default('zh-CN'),
  audience: z
    .enum(['supervision', 'public'])
    .default('supervision')
    .meta({ description: '`public`: issued numbers only, `<5` for one to four' }),
});

/** A line's month. */
export const cellParams = z.strictObject({
  ...institutionParams.shape,
  series: z.string().regex(/^[0-9a-f]{32}$/, 'must be the id of a line'),
  month,
});

/** Certificates of a line's month, page by page. */
export const certificatesQuery = z.strictObject({
  assessment: z
    .string()
    .min(1)
    .max(60)
    .regex(/^\P{Cc}*$/u)
    .optional()
    .meta({ description: 'Session' }),
  after: z
    .string()
    .max(40)
    .regex(/^\P{Cc}*$/u)
    .optional()
    .meta({ description: '`next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const check = z
  .strictObject({
    rule: z.enum(SUPERVISION_RULES),
    answer: z.enum(['pass', 'fail', 'unknown']),
    value: z.number().optional(),
    most: z.number().optional(),
    why: z.string().optional(),
    detail: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  })
  .meta({ id: 'SupervisionCheck' });

const judgedMonth = z
  .strictObject({
    month,
    issued: z.int(),
    suspended: z.int(),
    revoked: z.int(),
    voided: z.int(),
    mark: z.enum(['unusual', 'unknown', 'usual']),
    checks: z.array(check),
    passRate: z.number().optional(),
  })
  .meta({ id: 'SupervisedMonth' });

const series = z
  .strictObject({
    id: z.string(),
    institution: z.string(),
    kind: z.string(),
    occupation: z.string(),
    edition: z.string(),
    name: z.string(),
    level: z.strictObject({ framework: z.string(), value: z.string() }).optional(),
  })
  .meta({ id: 'SupervisedLine' });

const part = z.strictObject({ part: z.int(), whole: z.int() });

/** One institution's board. */
export const boardSchema = z
  .strictObject({
    institution: z.strictObject({ code: z.string(), name: z.string() }),
    months: z.array(month),
    lines: z.array(z.strictObject({ series, months: z.array(judgedMonth) })),
    total: z.array(judgedMonth),
    shares: z.array(z.strictObject({ month, topLevel: part, outsideRegion: part })),
    notCounted: z.int().meta({ description: 'Issued certificates that are in no sum' }),
    settings: supervisionSettingsSchema,
  })
  .meta({ id: 'SupervisionBoard' });

/** All institutions of the host. */
export const overviewSchema = z
  .strictObject({
    months: z.array(month),
    institutions: z.array(
      z.strictObject({
        code: z.string(),
        name: z.string(),
        months: z.array(z.strictObject({ ...judgedMonth.shape, unusualLines: z.int() })),
        notCounted: z.int(),
      }),
    ),
    unusual: z.array(
      z.strictObject({
        institution: z.string(),
        series: series.optional(),
        month,
        issued: z.int(),
        checks: z.array(check),
      }),
    ),
    unusualLeftOut: z.int(),
    settings: supervisionSettingsSchema,
  })
  .meta({ id: 'SupervisionOverview' });

/** One line's month. */
export const boardCellSchema = z
  .strictObject({
    series,
    month: judgedMonth,
    history: z.array(z.strictObject({ month, issued: z.int(), most: z.number().optional() })),
    sessions: z.array(
      z.strictObject({
        assessment: z.string(),
        issued: z.int(),
        total: z.int(),
        record: z
          .strictObject({
            state: z.string(),
            heldOn: z.string(),
            seats: z.int(),
            candidates: z.int(),
            passed: z.int(),
            failed: z.int(),
            absent: z.int(),
            hasResults: z.boolean(),
          })
          .optional()
          .meta({ description: 'Absent: nobody recorded this session here' }),
      }),
    ),
    days: z.array(z.strictObject({ day: z.string(), issued: z.int() })),
  })
  .meta({ id: 'SupervisionCell' });

/** One page of the certificates behind a number. */
export const supervisedCertificatesSchema = z
  .strictObject({
    certificates: z.array(
      z.strictObject({
        certificateNumber: z.string(),
        revision: z.int(),
        status: z.enum(['active', 'suspended', 'revoked']),
        statusReason: z.string().optional(),
        issuedOn: z.string(),
        signedAt: z.string(),
        assessment: z.string(),
      }),
    ),
    next: z.string().optional(),
  })
  .meta({ id: 'SupervisedCertificates' });

/** The rules of the host and who set them. */
export const heldSettingsSchema = z
  .strictObject({
    settings: supervisionSettingsSchema,
    setBy: z.string().optional(),
    setByName: z.string().optional(),
    setAt: z.string().optional(),
  })
  .meta({ id: 'HeldSupervisionSettings' });
