import { z } from 'zod';

/** What a batch may do; `void-session` has no sheet. */
export const OPERATIONS = ['issue', 'correct', 'revoke', 'suspend', 'reinstate', 'void-session'] as const;
/** One of {@link OPERATIONS}. */
export type Operation = (typeof OPERATIONS)[number];

/** A batch and how far it is, as the issuer gives it. */
export const batchSchema = z.object({
  id: z.string(),
  operation: z.enum(OPERATIONS),
  state: z.enum(['checking', 'checked', 'waiting-approval', 'running', 'paused', 'cancelled', 'done']),
  rows: z.number(),
  wrong: z.number(),
  already: z.number(),
  ready: z.number(),
  done: z.number(),
  failed: z.number(),
  skipped: z.number(),
  secondsLeft: z.number().optional(),
  trouble: z.object({ code: z.string(), retryAt: z.string().optional() }).optional(),
  needsApproval: z.boolean(),
  fileName: z.string().optional(),
  assessmentId: z.string().optional(),
  uploadedBy: z.string(),
  confirmedBy: z.string().optional(),
  approvedBy: z.string().optional(),
  approvedAt: z.string().optional(),
  sentBackBy: z.string().optional(),
  sentBack: z.string().optional(),
  sentBackAt: z.string().optional(),
  uploadedAt: z.string(),
  finishedAt: z.string().optional(),
});
/** One batch. */
export type Batch = z.infer<typeof batchSchema>;

/** Batches, newest first. */
export const batchesSchema = z.object({ batches: z.array(batchSchema) });

/** A page of wrong cells. */
export const problemsSchema = z.object({
  problems: z.array(
    z.object({
      row: z.number(),
      letter: z.string().optional(),
      header: z.string().optional(),
      value: z.string().optional(),
      text: z.string(),
    }),
  ),
  next: z.string().optional(),
});

/** A page of rows that wait. */
export const readySchema = z.object({
  rows: z.array(
    z.object({
      row: z.number(),
      name: z.string(),
      identityDocument: z.object({ type: z.string(), lastFour: z.string() }),
      occupation: z.object({ name: z.string(), trade: z.string().optional() }).optional(),
      level: z.object({ framework: z.string(), value: z.string() }).optional(),
      assessment: z.string(),
      certificate: z.object({ id: z.string(), number: z.string() }).optional(),
      reason: z.string().optional(),
      issuedOn: z.string().optional(),
      number: z.string().optional(),
      changes: z.array(z.object({ at: z.string(), from: z.string(), to: z.string() })).optional(),
      facts: z.array(z.object({ at: z.string(), from: z.string(), to: z.string() })).optional(),
    }),
  ),
  next: z.string().optional(),
});
/** One row that waits. */
export type ReadyRow = z.infer<typeof readySchema>['rows'][number];

/** A page of results. */
export const resultsSchema = z.object({
  rows: z.array(
    z.object({
      row: z.number(),
      state: z.enum(['wrong', 'already', 'ready', 'done', 'failed', 'skipped']),
      certificate: z.object({ id: z.string(), number: z.string(), status: z.string(), name: z.string() }).optional(),
      code: z.string().optional(),
    }),
  ),
  next: z.string().optional(),
});
