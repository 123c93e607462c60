import { z } from 'zod';
import { IDENTITY_DOCUMENT_TYPES } from '../../shared/certificate/identity-document.js';
import { KIND_IDS } from '../../shared/certificate/kind.js';
import { institutionParams } from '../routes/params.js';
import { APPLICATION_PARTS, remainingSchema } from './remaining.js';
import { APPLICATION_STATES } from './types.js';
import { wantedSchema } from './wanted.js';

/** Path parameters of an application's routes. */
export const applicationParams = z.strictObject({
  ...institutionParams.shape,
  applicationId: z.string().regex(/^[0-9a-f]{24}$/, 'must be the id of an application'),
});

const parts = z.array(z.enum(APPLICATION_PARTS));
const answer = z.enum(['pass', 'fail', 'unknown']);
const coded = { answer, code: z.string() };
const level = z.strictObject({ framework: z.string(), value: z.string() });
const text = z.strictObject({ headline: z.string(), why: z.array(z.string()) });

const groundSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('rule'),
    id: z.string(),
    name: z.string(),
    basis: z.string(),
    source: z.string(),
    confidence: z.enum(['A', 'B', 'C', 'D', 'unknown']),
    digest: z.string().meta({ description: '`digestMultibase` of the rule as it was asked (RFC 8785)' }),
    outcome: z.string(),
    code: z.string().optional(),
    waive: parts,
    stillRequired: parts,
    deemed: level.optional(),
  }),
  z.strictObject({
    type: z.literal('statement'),
    id: z.string(),
    authority: z.string(),
    authorityName: z.string(),
    digest: z.string().meta({ description: '`digestMultibase` of the statement (RFC 8785)' }),
    treatment: z.array(z.string()),
    memorandum: z.strictObject({ id: z.string(), name: z.string(), digestMultibase: z.string().optional() }).optional(),
  }),
]);

const judgementSchema = z
  .strictObject({
    judgedAt: z.string(),
    certificate: z
      .looseObject({ kind: z.enum(KIND_IDS), certificateNumber: z.string(), issuedOn: z.string() })
      .optional()
      .meta({ description: 'What the certificate says, without its holder' }),
    credentialId: z.string().optional(),
    questions: z.record(
      z.enum(['authentic', 'authorised', 'current']),
      z.strictObject({ ...coded, asOf: z.string().nullable() }),
    ),
    person: z.strictObject(coded).meta({ description: 'Is it the applicant’s?' }),
    standing: answer,
    outcome: z.enum(['recognised', 'recognised-with-conditions', 'not-recognised', 'undetermined']),
    exempted: parts,
    stillRequired: parts,
    grounds: z.array(groundSchema),
    trust: z.strictObject({
      anchor: z.string(),
      dataAsOf: z.string().nullable(),
      feeds: z.array(z.strictObject({ authority: z.string(), sequence: z.int(), manifestSha256: z.string() })),
    }),
    text: z.strictObject({ 'zh-CN': text, en: text }),
  })
  .meta({ id: 'ApplicationJudgement' });

/** An application with everything that was presented. */
export const applicationSchema = z
  .strictObject({
    id: z.string(),
    state: z.enum(APPLICATION_STATES),
    wanted: wantedSchema,
    region: z.string(),
    applicant: z.strictObject({ name: z.string(), idType: z.enum(IDENTITY_DOCUMENT_TYPES), idLastFour: z.string() }),
    answer: z.strictObject({
      exempted: parts,
      stillRequired: parts,
      unknown: z
        .int()
        .meta({ description: 'Certificates that spare nothing because something about them is not known' }),
      rulesDigest: z.string(),
      admission: z.array(z.looseObject({ edition: z.string(), conditions: z.array(z.looseObject({ met: answer })) })),
    }),
    evidence: z.array(
      z.strictObject({
        id: z.string(),
        sha256: z.string(),
        carrier: z.string(),
        addedBy: z.string(),
        addedAt: z.string(),
        shown: z.strictObject(coded).meta({ description: 'Did its bearer prove to hold it, when it was presented?' }),
        judgement: judgementSchema,
      }),
    ),
    remaining: remainingSchema.optional(),
    batch: z.string().optional(),
    certificate: z.string().optional(),
    trouble: z.string().optional().meta({ description: 'Code of why the batch did not issue it' }),
    reason: z.string().optional().meta({ description: 'Why it was refused or withdrawn' }),
    createdBy: z.string(),
    createdAt: z.string(),
    changedAt: z.string(),
  })
  .meta({ id: 'Application' });

/** One page of a list. */
export const applicationPageSchema = z.strictObject({
  applications: z.array(
    z.strictObject({
      id: z.string(),
      state: z.enum(APPLICATION_STATES),
      wanted: wantedSchema,
      name: z.string(),
      idLastFour: z.string(),
      createdAt: z.string(),
      createdBy: z.string(),
    }),
  ),
  next: z.string().optional(),
});
