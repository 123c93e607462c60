import { z } from 'zod';
import { IDENTITY_DOCUMENT_TYPES } from '../../shared/certificate/identity-document.js';
import { assessmentSchema, certificateRecordSchema } from '../../shared/certificate/record.js';
import { certificateText } from '../../shared/certificate/text.js';

const shortId = assessmentSchema.shape.batch;

/** A candidate as a clerk enters them. */
export const candidateSchema = z
  .strictObject({
    name: certificateText(60),
    idType: z.enum(IDENTITY_DOCUMENT_TYPES),
    /** Full number as printed; kept sealed until the session is archived, and never logged or shown. */
    idNumber: z.string().min(6).max(20),
    ticket: shortId.meta({ description: 'Number of the admission ticket (准考证号)' }),
    seat: shortId,
    employer: certificateRecordSchema.shape.candidateEmployer,
    shares: z
      .boolean()
      .default(false)
      .meta({ description: 'Agreed that partners of a joint examination get name, document and result' }),
  })
  .meta({ id: 'ExamCandidate' });

/** See {@link candidateSchema}. */
export type CandidateInput = z.infer<typeof candidateSchema>;
