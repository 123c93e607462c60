import { z } from 'zod';
import { assessmentSchema } from '../../shared/certificate/record.js';
import { REQUIREMENTS } from '../../shared/trust/application/application-rule.js';
import { YizhengError } from '../../shared/errors.js';
import type { ApplicationAnswerRecord, PartResult, Remaining } from './types.js';

/** Everything an applicant may still have to do. */
export const APPLICATION_PARTS = [...REQUIREMENTS, 'theory-exam', 'practical-exam', 'assessment'] as const;

/** Least mark that passes anywhere (DOMAIN §4); a rule may ask for more. */
const PASS_MARK = 60;

const { id, standard, standardType, date, region, theoryScore, practicalScore, comprehensiveScore } =
  assessmentSchema.shape;

/** What a clerk records of the remaining assessment. */
export const remainingSchema = z
  .strictObject({
    assessment: z.strictObject({ id, standard, standardType, date, region }),
    passMark: z.int().min(PASS_MARK).max(100).default(PASS_MARK),
    results: z
      .array(
        z.strictObject({
          part: z.enum(APPLICATION_PARTS),
          passed: z.boolean(),
          theoryScore,
          practicalScore,
          comprehensiveScore,
        }),
      )
      .min(1)
      .max(APPLICATION_PARTS.length),
    admittedBy: z
      .strictObject({ edition: z.string().regex(/^\d{4}$/), condition: z.int().min(0).max(20) })
      .optional()
      .meta({
        description: 'Condition of admission to the level: an edition of `answer.admission` and a place in its list',
      }),
  })
  .meta({ id: 'RemainingAssessment' });

const SCORES = ['theoryScore', 'practicalScore', 'comprehensiveScore'] as const;

/**
 * Holds what was recorded to what had to be done.
 * @throws YizhengError `APPLICATION_NOTHING_TO_ASSESS` (409); 422: `REMAINING_PARTS` (another part than the answer names, or one left out),
 *   `REMAINING_SCORE_BELOW_PASS`, `ADMISSION_MISSING`, `ADMISSION_NOT_MET`
 */
export function checkRemaining(remaining: Remaining, answer: ApplicationAnswerRecord): void {
  if (answer.stillRequired.length === 0)
    throw new YizhengError(
      'APPLICATION_NOTHING_TO_ASSESS',
      'The certificate counts here as it is: nothing is assessed, and no other certificate follows from it.',
      { status: 409 },
    );
  const owed = answer.stillRequired.toSorted().join();
  const given = remaining.results.map(({ part }) => part);
  if (given.toSorted().join() !== owed)
    throw new YizhengError('REMAINING_PARTS', `Record each of these once: ${answer.stillRequired.join(', ')}.`, {
      at: '/results',
      status: 422,
    });
  for (const [place, result] of remaining.results.entries()) refuseBelowMark(result, place, remaining.passMark);
  checkAdmission(remaining, answer);
}

/** The parts that were passed cover all that is owed. */
export function coversAll({ results }: Remaining, { stillRequired }: ApplicationAnswerRecord): boolean {
  return stillRequired.every((part) => results.some((result) => result.part === part && result.passed));
}

/** @throws YizhengError 422: `ADMISSION_MISSING`, `ADMISSION_NOT_MET` */
export function checkAdmission({ admittedBy }: Remaining, { admission }: ApplicationAnswerRecord): void {
  if (admission.length === 0) return;
  const condition = admission.find(({ edition }) => edition === admittedBy?.edition)?.conditions[
    admittedBy?.condition ?? -1
  ];
  if (!condition)
    throw new YizhengError(
      'ADMISSION_MISSING',
      'This level asks for a condition of admission: say which one of which edition the applicant fulfils.',
      { at: '/admittedBy', status: 422 },
    );
  if (condition.met === 'fail')
    throw new YizhengError(
      'ADMISSION_NOT_MET',
      `The certificates show that this condition is not fulfilled before ${condition.earliest ?? 'later'}.`,
      { at: '/admittedBy', status: 422 },
    );
}

function refuseBelowMark(result: PartResult, place: number, passMark: number): void {
  if (!result.passed) return;
  for (const score of SCORES) {
    const value = result[score];
    if (value !== undefined && Number(value) < passMark)
      throw new YizhengError(
        'REMAINING_SCORE_BELOW_PASS',
        `A score below ${passMark} is not passed; correct the score or say that it was not passed.`,
        { at: `/results/${place}/${score}`, status: 422 },
      );
  }
}
