import { z } from 'zod';
import { ATTENDANCES, EXAM_PARTS, type PassMark } from './types.js';

const score = z
  .string()
  .regex(/^(?:100(?:\.0)?|\d{1,2}(?:\.\d)?)$/, 'must be a score from 0 to 100 with at most one decimal')
  .nullable();

/** The whole result of one candidate; `null`: not known. */
export const resultSchema = z
  .strictObject({
    candidate: z.int().min(1),
    /** Version of the candidate that was looked at; left out by sheets, which say all they know. */
    version: z.int().min(1).optional(),
    attendance: z.enum(ATTENDANCES).nullable(),
    theory: score,
    practical: score,
    comprehensive: score,
    verdict: z.enum(['pass', 'fail']).nullable(),
  })
  .meta({ id: 'ExamResultEntry' });

/** See {@link resultSchema}. */
export type ResultInput = z.infer<typeof resultSchema>;

/**
 * What makes a result impossible in a session.
 * @returns `EXAM_PART_NOT_HELD` with the part, `EXAM_VERDICT_UNFIT` where scores decide, `EXAM_ATTENDANCE_MISSING`; undefined when nothing does
 */
export function resultProblem(
  input: Omit<ResultInput, 'candidate' | 'version'>,
  passMarks: readonly PassMark[],
): { at: (typeof EXAM_PARTS)[number] | 'verdict' | 'attendance'; code: string } | undefined {
  for (const part of EXAM_PARTS)
    if (input[part] !== null && !passMarks.some((mark) => mark.part === part))
      return { at: part, code: 'EXAM_PART_NOT_HELD' };
  if (input.verdict !== null && passMarks.length > 0) return { at: 'verdict', code: 'EXAM_VERDICT_UNFIT' };
  const says = input.verdict !== null || EXAM_PARTS.some((part) => input[part] !== null);
  return says && input.attendance === null ? { at: 'attendance', code: 'EXAM_ATTENDANCE_MISSING' } : undefined;
}
