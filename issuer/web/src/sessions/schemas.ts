import { z } from 'zod';

/** States of a session, as the issuer names them. */
export const STATES = ['planned', 'open', 'results-entered', 'handed-in', 'issued', 'voided'] as const;
/** Parts of an assessment. */
export const PARTS = ['theory', 'practical', 'comprehensive'] as const;
/** One of {@link PARTS}. */
export type Part = (typeof PARTS)[number];
/** Kinds a session leads to. */
export const KINDS = ['skill-level', 'occ-qualification', 'mo-skill'] as const;
/** One of {@link KINDS}. */
export type Kind = (typeof KINDS)[number];

const lineShape = {
  kind: z.enum(KINDS),
  occupation: z.object({
    code: z.string(),
    catalogueEdition: z.string(),
    name: z.string(),
    trade: z.string().optional(),
  }),
  level: z.object({ framework: z.string(), value: z.string() }),
  method: z.enum(['examination', 'theory', 'practice', 'competition']),
  standard: z.string(),
  standardType: z.enum(['national', 'industry', 'enterprise']),
  region: z.string().optional(),
  filing: z.string().optional(),
  passMarks: z.array(z.object({ part: z.enum(PARTS), mark: z.number() })),
};
/** What one institution certifies. */
export const lineSchema = z.object(lineShape);
/** See {@link lineSchema}. */
export type Line = z.infer<typeof lineSchema>;

const sessionShape = {
  id: z.string(),
  lead: z.string(),
  leadName: z.string(),
  state: z.enum(STATES),
  ...lineShape,
  heldOn: z.string(),
  endsOn: z.string().optional(),
  place: z.string(),
  seats: z.number(),
  candidates: z.number(),
  passed: z.number(),
  failed: z.number(),
  absent: z.number(),
  withheld: z.number(),
  issued: z.number(),
  revoked: z.number(),
  batch: z.string().optional(),
  partners: z.number(),
};
const sessionSchema = z.object(sessionShape);
/** A session in the list. */
export type Session = z.infer<typeof sessionSchema>;
/** A page of sessions. */
export const sessionsSchema = z.object({ sessions: z.array(sessionSchema), next: z.string().optional() });

/** Does the accreditation cover a plan? */
export const fitSchema = z.object({
  answer: z.enum(['covered', 'outside', 'unknown']),
  problems: z.array(z.object({ column: z.string().optional(), code: z.string(), text: z.string() })),
});
/** See {@link fitSchema}. */
export type Fit = z.infer<typeof fitSchema>;

/** A session with everything its page shows. */
export const detailSchema = z.object({
  ...sessionShape,
  registerBy: z.string().optional(),
  staff: z.array(
    z.object({
      role: z.enum(['assessor', 'invigilator', 'supervisor']),
      name: z.string(),
      number: z.string().optional(),
    }),
  ),
  publication: z.object({ from: z.string(), until: z.string() }).optional(),
  plannedBy: z.string(),
  plannedAt: z.string(),
  confirmedBy: z.string().optional(),
  sentBack: z.string().optional(),
  handedInBy: z.string().optional(),
  voidReason: z.string().optional(),
  archivedAt: z.string().optional(),
  needsSecondPerson: z.boolean(),
  today: z.string(),
  fit: fitSchema.optional(),
  joint: z.array(
    z.object({
      institution: z.string(),
      name: z.string(),
      role: z.enum(['lead', 'partner']),
      state: z.enum([...STATES, 'invited', 'declined']),
      line: lineSchema.optional(),
      isDisputed: z.boolean(),
    }),
  ),
  version: z.number(),
});
/** See {@link detailSchema}. */
export type Detail = z.infer<typeof detailSchema>;

const candidateSchema = z.object({
  candidate: z.number(),
  name: z.string(),
  idType: z.string(),
  lastFour: z.string(),
  ticket: z.string().optional(),
  seat: z.string().optional(),
  shares: z.boolean(),
  attendance: z.enum(['present', 'absent', 'withheld']).optional(),
  theory: z.string().optional(),
  practical: z.string().optional(),
  comprehensive: z.string().optional(),
  verdict: z.enum(['pass', 'fail']).optional(),
  outcome: z.enum(['open', 'passed', 'failed', 'absent', 'withheld']),
  certificateNumber: z.string().optional(),
  version: z.number(),
});
/** A candidate with their result. */
export type Candidate = z.infer<typeof candidateSchema>;
/** A page of candidates. */
export const candidatesSchema = z.object({ candidates: z.array(candidateSchema), next: z.number().optional() });

/** What became of a sheet. */
export const takenSchema = z.object({
  rows: z.number(),
  wrong: z.number(),
  problems: z.array(
    z.object({
      row: z.number(),
      letter: z.string().optional(),
      value: z.string().optional(),
      code: z.string(),
      text: z.string(),
    }),
  ),
});
/** See {@link takenSchema}. */
export type Taken = z.infer<typeof takenSchema>;

/** Invitations to joint examinations. */
export const invitationsSchema = z.object({
  invitations: z.array(
    z.object({
      lead: z.string(),
      leadName: z.string(),
      id: z.string(),
      state: z.enum(['invited', 'accepted', 'declined']),
      heldOn: z.string(),
      endsOn: z.string().optional(),
      place: z.string(),
      seats: z.number(),
      line: lineSchema,
      parts: z.array(z.enum(PARTS)),
    }),
  ),
});
/** One invitation. */
export type Invitation = z.infer<typeof invitationsSchema>['invitations'][number];
