import { z } from 'zod';
import { BATCH_OPERATIONS, BATCH_ROW_STATES, BATCH_STATES } from '../batch/types.js';
import { institutionParams } from './params.js';

/** Path parameters of a batch's routes. */
export const batchParams = z.strictObject({
  ...institutionParams.shape,
  batchId: z.string().regex(/^[0-9a-f]{24}$/, 'must be the id of a batch'),
});

/** Who may look at batches. */
export const BATCH_READERS = ['clerk', 'approver', 'officer', 'auditor'] as const;

/** Language of sentences and sheets. */
export const language = z.enum(['zh-CN', 'en']).default('zh-CN');

const rowNumber = z.coerce.number().int().min(1).max(9_999_999).optional();

/** Rows of the sheet, both included. */
export const rowRange = { from: rowNumber, to: rowNumber };

/** Part of a long list. */
export const page = {
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .default(0)
    .meta({ description: '`next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
};

const counted = z.int();

/** A batch with how far it is. */
export const batchSchema = z
  .strictObject({
    id: z.string(),
    operation: z.enum(BATCH_OPERATIONS),
    state: z.enum(BATCH_STATES),
    rows: counted,
    wrong: counted,
    already: counted.meta({ description: 'Certified before; nothing to do' }),
    ready: counted,
    done: counted,
    failed: counted,
    skipped: counted,
    rowsPerSecond: z.number().optional(),
    secondsLeft: z.number().optional(),
    trouble: z.strictObject({ code: z.string(), retryAt: z.string().optional() }).optional(),
    needsApproval: z.boolean(),
    fileName: z.string().optional(),
    fileHmac: z.string().optional().meta({ description: 'Keyed digest of the sheet; see same-sheet' }),
    assessmentId: z.string().optional(),
    uploadedBy: z.string(),
    confirmedBy: z.string().optional(),
    approvedBy: z.string().optional(),
    approvedAt: z.string().optional(),
    sentBack: z.string().optional().meta({ description: 'Why the second person did not agree' }),
    sentBackBy: z.string().optional(),
    sentBackAt: z.string().optional(),
    uploadedAt: z.string(),
    startedAt: z.string().optional(),
    finishedAt: z.string().optional(),
  })
  .meta({ id: 'Batch' });

/** A wrong cell, or a remark about one, with a sentence about it. */
export const problemSchema = z
  .strictObject({
    row: z.int().meta({ description: 'As the spreadsheet program numbers it; 0 = the whole sheet' }),
    column: z.string().optional(),
    letter: z.string().optional(),
    header: z.string().optional(),
    value: z.string().optional().meta({ description: 'What stands there; document numbers masked' }),
    code: z.string(),
    parameters: z.record(z.string(), z.string()),
    text: z.string().meta({ description: 'What is wrong and what to write instead' }),
  })
  .meta({ id: 'CellProblem' });

const differencesSchema = z.array(z.strictObject({ at: z.string(), from: z.string(), to: z.string() }));

/** What would be done with a row. */
export const readyRowSchema = z
  .strictObject({
    row: z.int(),
    kind: z.string(),
    name: z.string(),
    identityDocument: z.strictObject({ type: z.string(), lastFour: z.string() }),
    occupation: z.strictObject({ code: z.string(), name: z.string(), trade: z.string().optional() }).optional(),
    level: z.strictObject({ framework: z.string(), value: z.string() }).optional(),
    assessment: z.string(),
    issuedOn: z.string().optional(),
    number: z.string().optional(),
    certificate: z.strictObject({ id: z.string(), number: z.string() }).optional(),
    reason: z.string().optional(),
    changes: differencesSchema.optional().meta({ description: 'What a correction changes or leaves out' }),
    facts: differencesSchema.optional().meta({ description: 'Everything else a new certificate would say' }),
  })
  .meta({ id: 'ReadyRow' });

/** What became of a row. */
export const resultRowSchema = z
  .strictObject({
    row: z.int(),
    state: z.enum(BATCH_ROW_STATES),
    certificate: z
      .strictObject({
        id: z.string(),
        number: z.string(),
        revision: z.int(),
        status: z.enum(['active', 'suspended', 'revoked']),
        name: z.string(),
      })
      .optional(),
    code: z.string().optional(),
  })
  .meta({ id: 'BatchRow' });
