import { z } from 'zod';
import { OCCUPATION_CODE } from '../../shared/certificate/occupation.js';
import { assessmentSchema, STANDARD_TYPES } from '../../shared/certificate/record.js';
import { calendarDate, certificateText } from '../../shared/certificate/text.js';
import { EXAM_PARTS } from './types.js';

/** Kinds a session leads to: a person, an occupation, a level. Other kinds have facts of their own and come by sheet. */
export const SESSION_KINDS = ['skill-level', 'occ-qualification', 'mo-skill'] as const;

/** Most seats of a session. */
export const MOST_SEATS = 5000;

const { id, batch, region } = assessmentSchema.shape;

/** Below 60 of 100 no part is passed (DOMAIN §4), and no certificate could be issued. */
const LEAST_MARK = 60;

const oneDecimal = (mark: number): boolean => Math.abs(mark * 10 - Math.round(mark * 10)) < 1e-9;

const passMark = z.strictObject({
  part: z.enum(EXAM_PARTS),
  mark: z.number().min(LEAST_MARK).max(100).refine(oneDecimal, 'may have one decimal'),
});

/** What one institution certifies on the ground of a session. */
export const lineShape = {
  kind: z.enum(SESSION_KINDS),
  occupation: z.strictObject({
    code: z.string().regex(OCCUPATION_CODE, 'must be a code like 6-18-02-04'),
    catalogueEdition: z.enum(['1999', '2015', '2022']).default('2022'),
    /** Needed for codes the occupation table does not hold. */
    name: certificateText(40).optional(),
    trade: certificateText(40).optional(),
  }),
  /** Value in the framework of the kind the institution is accredited for, e.g. `3` or `basic`. */
  level: z.string().min(1).max(30),
  method: z.enum(['examination', 'theory', 'practice', 'competition']),
  standard: certificateText(60),
  standardType: z.enum(STANDARD_TYPES),
  region,
  filing: batch,
  /** Parts that count, each once; empty where whoever assesses says passed or failed. */
  passMarks: z
    .array(passMark)
    .max(EXAM_PARTS.length)
    .refine((marks) => new Set(marks.map(({ part }) => part)).size === marks.length, 'may name each part once'),
};

/** See {@link lineShape}. */
export const lineSchema = z.strictObject(lineShape).meta({ id: 'ExamSessionLine' });

/** What a partner of a joint examination or a plan says of itself. */
export type LineInput = z.infer<typeof lineSchema>;

/** Id of a session: the assessment id of its certificates. */
export const sessionId = id;

/** A plan as a clerk writes it. */
export const planSchema = z
  .strictObject({
    id: sessionId,
    ...lineShape,
    heldOn: calendarDate.meta({ description: 'First day, China Standard Time; stands on certificates' }),
    endsOn: calendarDate.optional(),
    registerBy: calendarDate.optional(),
    place: certificateText(60),
    seats: z.int().min(1).max(MOST_SEATS),
    staff: z
      .array(
        z.strictObject({
          role: z.enum(['assessor', 'invigilator', 'supervisor']),
          name: certificateText(60),
          number: batch,
        }),
      )
      .max(30)
      .default([]),
    publication: z
      .strictObject({ from: calendarDate, until: calendarDate })
      .refine(({ from, until }) => from <= until, 'ends before it begins')
      .optional()
      .meta({ description: 'Days the result is shown to the public, where the institution has to' }),
  })
  .refine(({ heldOn, endsOn = heldOn }) => heldOn <= endsOn, { path: ['endsOn'], message: 'lies before the first day' })
  .refine(({ heldOn, registerBy = heldOn }) => registerBy <= heldOn, {
    path: ['registerBy'],
    message: 'lies after the first day',
  })
  .refine(({ heldOn, endsOn = heldOn, publication }) => (publication?.from ?? endsOn) >= endsOn, {
    path: ['publication', 'from'],
    message: 'lies before the session ends',
  })
  .meta({ id: 'ExamSessionPlan' });

/** See {@link planSchema}. */
export type PlanInput = z.infer<typeof planSchema>;
