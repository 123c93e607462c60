import { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';
import type { JsonValue } from '../../shared/json/parse-json.js';

/** A batch as the issuer answers it; what else it says is passed on with `--json`. */
export const batchAnswer = z.looseObject({
  id: z.string(),
  operation: z.string(),
  state: z.enum(['checking', 'checked', 'waiting-approval', 'running', 'paused', 'cancelled', 'done']),
  rows: z.number(),
  wrong: z.number(),
  already: z.number(),
  ready: z.number(),
  done: z.number(),
  failed: z.number(),
  skipped: z.number(),
  rowsPerSecond: z.number().optional(),
  secondsLeft: z.number().optional(),
  trouble: z.looseObject({ code: z.string(), retryAt: z.string().optional() }).optional(),
  fileName: z.string().optional(),
  /** Of `void-session`. */
  assessmentId: z.string().optional(),
  uploadedAt: z.string().optional(),
});

/** See {@link batchAnswer}. */
export type BatchAnswer = z.infer<typeof batchAnswer>;

/** A page of wrong cells, each with a sentence in the language asked for. */
export const problemsAnswer = z.looseObject({
  problems: z.array(
    z.looseObject({ row: z.number(), letter: z.string().optional(), code: z.string(), text: z.string() }),
  ),
  next: z.string().optional(),
});

/** See {@link problemsAnswer}. */
export type ProblemsAnswer = z.infer<typeof problemsAnswer>;

/** A list of batches. */
export const batchesAnswer = z.looseObject({ batches: z.array(batchAnswer) });

/**
 * Checks an answer of the issuer.
 * @throws YizhengError `SERVICE_ANSWER` (502)
 */
export function readAnswer<T extends z.ZodType>(schema: T, value: JsonValue): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new YizhengError('SERVICE_ANSWER', 'The service answered, but not as an issuer does.', { status: 502 });
}
