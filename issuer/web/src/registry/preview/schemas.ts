import { z } from 'zod';
import { KIND_IDS } from '../../../../../shared/certificate/kind.js';

const named = z.object({ id: z.string(), name: z.string() });
const level = z.object({ framework: z.string(), value: z.string() });
const standingSchema = z.object({
  outcome: z.enum(['recognised', 'recognised-with-conditions', 'not-recognised', 'undetermined']),
  as: z.object({ kind: z.enum(KIND_IDS), occupation: z.string().optional(), level: level.optional() }).optional(),
  treatment: z.array(z.string()),
  obligations: z.array(z.string()),
  reasons: z.array(z.object({ code: z.string() })),
});
/** What a certificate is worth at the authority at one time. */
export type Standing = z.infer<typeof standingSchema>;

/** What may become of certificates of one sort. */
export const CHANGES = ['gained', 'better', 'different', 'worse', 'lost', 'unclear'] as const;

const rowSchema = z.object({
  home: named,
  institutions: z.object({ count: z.number(), examples: z.array(named) }),
  kind: z.enum(KIND_IDS),
  occupation: z.string().optional(),
  level: level.optional(),
  occupationExcept: z.array(z.string()).optional(),
  region: z.array(z.string()),
  regionExcept: z.array(z.string()).optional(),
  standard: z.string().optional(),
  issued: z.object({ from: z.string(), until: z.string().optional() }),
  before: standingSchema,
  after: standingSchema,
  change: z.enum(CHANGES),
  certificates: z.object({ count: z.number().nullable(), asOf: z.string().optional() }),
});
/** Certificates of one sort, before and after. */
export type PreviewRow = z.infer<typeof rowSchema>;

const total = z.object({ rows: z.number(), institutions: z.number(), certificates: z.number().nullable() });

/** What a draft would change. */
export const previewSchema = z.object({
  at: z.string(),
  needsSecondPerson: z.boolean(),
  root: z.object({ version: z.number(), digestMultibase: z.string() }).optional(),
  leadTime: z.object({ earliest: z.string(), takesAway: z.array(z.string()), from: z.string() }).optional(),
  rows: z.array(rowSchema),
  rowsLeftOut: z.number(),
  unchanged: z.object({ rows: z.number() }),
  notJudged: z.number(),
  totals: z.record(z.enum(CHANGES), total),
  paths: z.object({ opened: z.array(z.array(named)), closed: z.array(z.array(named)) }),
  conflicts: z.array(
    z.object({
      type: z.enum(['deny', 'suspend', 'withdraw']),
      about: named,
      from: z.string(),
      until: z.string().optional(),
    }),
  ),
  data: z.array(
    z.object({
      authority: named,
      source: z.enum(['own', 'held', 'fetched', 'missing']),
      asOf: z.string().optional(),
      age: z.enum(['fresh', 'grace', 'stale']).optional(),
      problem: z.string().optional(),
    }),
  ),
  unpublished: z.number(),
});
/** See {@link previewSchema}. */
export type Preview = z.infer<typeof previewSchema>;
