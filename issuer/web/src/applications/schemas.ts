import { z } from 'zod';

const answer = z.enum(['pass', 'fail', 'unknown']);
const level = z.object({ framework: z.string(), value: z.string() });

/** Everything an applicant may be spared or still have to do. */
export const PARTS = [
  'safety-training',
  'hot-work-safety-exam',
  'exam',
  'remaining-exams',
  'next-level-exam',
  'theory-exam',
  'practical-exam',
  'assessment',
] as const;
/** One of {@link PARTS}. */
export type Part = (typeof PARTS)[number];
const parts = z.array(z.enum(PARTS));

/** States of an application. */
export const STATES = ['open', 'remaining-recorded', 'handed-in', 'issued', 'refused', 'withdrawn'] as const;

const wanted = z.object({
  kind: z.string(),
  item: z.string().optional(),
  occupation: z.string().optional(),
  level: level.optional(),
});
/** What an applicant wants. */
export type Wanted = z.infer<typeof wanted>;

const text = z.object({ headline: z.string(), why: z.array(z.string()) });
const ground = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('rule'),
    id: z.string(),
    name: z.string(),
    basis: z.string(),
    source: z.string(),
    confidence: z.string(),
    digest: z.string(),
  }),
  z.object({
    type: z.literal('statement'),
    id: z.string(),
    authorityName: z.string(),
    digest: z.string(),
    memorandum: z.object({ id: z.string(), name: z.string(), digestMultibase: z.string().optional() }).optional(),
  }),
]);
/** Why something is spared. */
export type Ground = z.infer<typeof ground>;

const evidence = z.object({
  id: z.string(),
  sha256: z.string(),
  judgement: z.object({
    judgedAt: z.string(),
    certificate: z
      .object({
        kind: z.string(),
        certificateNumber: z.string(),
        issuer: z.object({ name: z.string() }),
        issuedOn: z.string(),
        occupation: z.object({ name: z.string() }).optional(),
        level: level.optional(),
        permit: z.object({ item: z.string() }).optional(),
      })
      .optional(),
    standing: answer,
    exempted: parts,
    grounds: z.array(ground),
    trust: z.object({ dataAsOf: z.string().nullable() }),
    text: z.object({ 'zh-CN': text, en: text }),
  }),
});
/** A presented certificate. */
export type Evidence = z.infer<typeof evidence>;

/** An application as the issuer gives it. */
export const applicationSchema = z.object({
  id: z.string(),
  state: z.enum(STATES),
  wanted,
  region: z.string(),
  applicant: z.object({ name: z.string(), idType: z.string(), idLastFour: z.string() }),
  answer: z.object({
    exempted: parts,
    stillRequired: parts,
    unknown: z.number(),
    admission: z.array(
      z.object({
        edition: z.string(),
        editionZh: z.string(),
        editionEn: z.string(),
        conditions: z.array(z.object({ zh: z.string(), en: z.string(), met: answer, earliest: z.string().optional() })),
      }),
    ),
  }),
  evidence: z.array(evidence),
  remaining: z
    .object({
      assessment: z.object({ id: z.string(), standard: z.string(), date: z.string() }),
      passMark: z.number(),
      results: z.array(
        z.object({
          part: z.enum(PARTS),
          passed: z.boolean(),
          theoryScore: z.string().optional(),
          practicalScore: z.string().optional(),
          comprehensiveScore: z.string().optional(),
        }),
      ),
    })
    .optional(),
  batch: z.string().optional(),
  certificate: z.string().optional(),
  trouble: z.string().optional(),
  reason: z.string().optional(),
  createdBy: z.string(),
  createdAt: z.string(),
});
/** One application. */
export type Application = z.infer<typeof applicationSchema>;

/** A page of applications. */
export const applicationsSchema = z.object({
  applications: z.array(
    z.object({
      id: z.string(),
      state: z.enum(STATES),
      wanted,
      name: z.string(),
      idLastFour: z.string(),
      createdAt: z.string(),
    }),
  ),
  next: z.string().optional(),
});

/** What the institution may issue, as far as a new application needs it. */
export const grantsSchema = z.object({
  accreditations: z.array(z.object({ kind: z.array(z.string()).optional(), level: z.array(level).optional() })),
});
