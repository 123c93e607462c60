import { z } from 'zod';
import { KIND_IDS } from '../../../shared/certificate/kind.js';
import { INSTITUTION_CODE } from '../../../shared/certificate/certificate-number.js';
import type { CellProblem } from '../../batch/types.js';
import { problemText } from '../../batch/sheet/index.js';
import { institutionParams } from '../../routes/params.js';
import { sessionId } from '../plan-schema.js';
import { ATTENDANCES, EXAM_PARTS, EXAM_SESSION_STATES, OUTCOMES, type PlanFit } from '../types.js';

/** Who may read sessions. */
export const SESSION_READERS = ['clerk', 'approver', 'officer', 'auditor'] as const;
/** Who plans sessions and keeps candidates and results. */
export const SESSION_CLERKS = ['clerk', 'approver'] as const;
/** Who confirms plans and calls sessions off. */
export const SESSION_DECIDERS = ['approver', 'officer'] as const;

/** Path parameters of a session's routes. */
export const sessionParams = z.strictObject({ ...institutionParams.shape, sessionId });

/** Code of another institution. */
export const otherInstitution = z.string().regex(INSTITUTION_CODE, 'must be a 13-character institution code');

const text = z.string();
const passMarks = z.array(z.strictObject({ part: z.enum(EXAM_PARTS), mark: z.number() }));
const line = {
  kind: z.enum(KIND_IDS),
  occupation: z.strictObject({ code: text, catalogueEdition: text, name: text, trade: text.optional() }),
  level: z.strictObject({ framework: text, value: text }),
  method: text,
  standard: text,
  standardType: text,
  region: text.optional(),
  filing: text.optional(),
  passMarks,
};
const lineAnswer = z.strictObject(line);

const shared = {
  id: text,
  lead: text,
  leadName: text,
  state: z.enum(EXAM_SESSION_STATES),
  ...line,
  heldOn: text,
  endsOn: text.optional(),
  place: text,
  seats: z.int(),
  candidates: z.int(),
  passed: z.int(),
  failed: z.int(),
  absent: z.int(),
  withheld: z.int(),
  issued: z.int(),
  revoked: z.int(),
  batch: text.optional(),
  partners: z.int(),
};

/** A session as its list shows it. */
export const sessionSchema = z.strictObject(shared).meta({ id: 'ExamSession' });

/** What does not fit, with a sentence. */
export const fitSchema = z
  .strictObject({
    answer: z.enum(['covered', 'outside', 'unknown']),
    problems: z.array(z.strictObject({ column: text.optional(), code: text, text })),
  })
  .meta({ id: 'ExamSessionFit' });

/** A session with everything its page shows. */
export const detailSchema = z
  .strictObject({
    ...shared,
    registerBy: text.optional(),
    staff: z.array(z.strictObject({ role: text, name: text, number: text.optional() })),
    publication: z.strictObject({ from: text, until: text }).optional(),
    plannedBy: text,
    plannedAt: text,
    confirmedBy: text.optional(),
    sentBack: text.optional(),
    handedInBy: text.optional(),
    voidReason: text.optional(),
    archivedAt: text.optional(),
    needsSecondPerson: z.boolean(),
    today: text,
    fit: fitSchema.optional(),
    joint: z.array(
      z.strictObject({
        institution: text,
        name: text,
        role: z.enum(['lead', 'partner']),
        state: z.enum([...EXAM_SESSION_STATES, 'invited', 'declined']),
        line: lineAnswer.optional(),
        isDisputed: z.boolean(),
      }),
    ),
    version: z.int(),
  })
  .meta({ id: 'ExamSessionDetail' });

/** A candidate with their result. */
export const candidateAnswer = z
  .strictObject({
    candidate: z.int(),
    name: text,
    idType: text,
    lastFour: text,
    ticket: text.optional(),
    seat: text.optional(),
    employer: z.strictObject({ uscc: text, name: text, supplyChainAgreement: text.optional() }).optional(),
    shares: z.boolean(),
    attendance: z.enum(ATTENDANCES).optional(),
    theory: text.optional(),
    practical: text.optional(),
    comprehensive: text.optional(),
    verdict: z.enum(['pass', 'fail']).optional(),
    outcome: z.enum(OUTCOMES),
    certificateNumber: text.optional(),
    version: z.int(),
  })
  .meta({ id: 'ExamCandidateRow' });

/** An invitation to a joint examination. */
export const invitationSchema = z
  .strictObject({
    lead: text,
    leadName: text,
    id: text,
    state: z.enum(['invited', 'accepted', 'declined']),
    heldOn: text,
    endsOn: text.optional(),
    place: text,
    seats: z.int(),
    line: lineAnswer,
    parts: z.array(z.enum(EXAM_PARTS)),
  })
  .meta({ id: 'JointExamInvitation' });

/** What is wrong with the rows of a sheet. */
export const sheetProblems = z.array(
  z.strictObject({
    row: z.int(),
    letter: text.optional(),
    header: text.optional(),
    value: text.optional(),
    code: text,
    text,
  }),
);

/** Wrong cells with a sentence each, at most 100. */
export function shownProblems(problems: readonly CellProblem[], lang: 'zh-CN' | 'en'): z.infer<typeof sheetProblems> {
  return problems.slice(0, 100).map((problem) => ({
    row: problem.row,
    ...(problem.letter !== undefined && { letter: problem.letter }),
    ...(problem.header !== undefined && { header: problem.header }),
    ...(problem.value !== undefined && { value: problem.value }),
    code: problem.code,
    text: problemText(problem, lang),
  }));
}

/** What does not fit of a plan, with a sentence each. */
export function shownFit({ answer, problems }: PlanFit, lang: 'zh-CN' | 'en'): z.infer<typeof fitSchema> {
  return {
    answer,
    problems: problems.map((problem) => ({
      ...(problem.column !== undefined && { column: problem.column }),
      code: problem.code,
      text: problemText(problem, lang),
    })),
  };
}
