import { z } from 'zod';
import { IDENTITY_DOCUMENT_TYPES, lastFourOf } from '../shared/certificate/identity-document.js';
import { certificateKind } from '../shared/certificate/kind.js';
import { findOccupation, OCCUPATION_CODE } from '../shared/certificate/occupation.js';
import {
  assessmentSchema,
  certificateRecordSchema,
  holderDid,
  type CertificateRecord,
} from '../shared/certificate/record.js';
import { calendarDate, certificateText, certificateTextProblem } from '../shared/certificate/text.js';
import { YizhengError } from '../shared/errors.js';
import { requestError } from '../server/index.js';
import { requirePermitEnd } from './permit-end.js';

const record = certificateRecordSchema.shape;

/** What a clerk gives for one certificate: the result of one person's assessment. Unknown members are refused. */
export const examResultSchema = z
  .strictObject({
    kind: record.kind,
    holder: z.strictObject({
      name: certificateText(60),
      idType: z.enum(IDENTITY_DOCUMENT_TYPES),
      /** Full number as printed; checked, used to find duplicates, and never stored, logged or put on a certificate. */
      idNumber: z.string().min(6).max(20),
      /** Key of the holder's wallet. */
      did: holderDid.optional(),
    }),
    occupation: z
      .strictObject({
        code: z.string().regex(OCCUPATION_CODE, 'must be a code like 6-18-02-04'),
        catalogueEdition: z.enum(['1999', '2015', '2022']).default('2022'),
        /** Filled from the occupation table when left out. */
        name: certificateText(40).optional(),
        trade: certificateText(40).optional(),
      })
      .optional(),
    level: record.level,
    assessment: assessmentSchema,
    specification: record.specification,
    competition: record.competition,
    appointment: record.appointment,
    permit: record.permit,
    training: record.training,
    candidateEmployer: record.candidateEmployer,
    advancement: record.advancement,
    /** Needed for kinds without the 22-character rule; composed here for the others. */
    certificateNumber: record.certificateNumber.optional(),
    /** Date of issue, China Standard Time; today unless given, never in the future. */
    issuedOn: calendarDate.optional(),
    expiresOn: calendarDate.optional(),
    /** `id` of the certificate this one corrects or re-issues. */
    supersedes: record.supersedes,
  })
  .meta({ id: 'ExamResult', description: 'Result of one assessment, from which one certificate is issued' });

/** See {@link examResultSchema}. */
export type ExamResult = z.infer<typeof examResultSchema>;

/**
 * Reads an exam result.
 * @throws YizhengError 422 naming the first wrong member: `FIELD_UNKNOWN`, `LEVEL_UNKNOWN`, `TEXT_FORBIDDEN` (control, bidi or
 *   invisible characters), `LEVEL_MISSING`, `SCORE_BELOW_PASS`, `ADVANCEMENT_BASIS_MISSING`, `PERMIT_END_MISSING`, `REQUEST_INVALID`
 */
export function parseExamResult(input: unknown): ExamResult {
  const parsed = examResultSchema.safeParse(input);
  if (parsed.success) return certifiable(parsed.data);
  const error = requestError(parsed.error);
  const path = parsed.error.issues[0]?.path ?? [];
  const value = path.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[step] : undefined),
    input,
  );
  const code =
    error.code !== 'REQUEST_INVALID'
      ? error.code
      : typeof value === 'string' && certificateTextProblem(value) !== undefined
        ? 'TEXT_FORBIDDEN'
        : path[0] === 'level'
          ? 'LEVEL_UNKNOWN'
          : error.code;
  throw new YizhengError(code, error.message, { at: error.at, status: 422 });
}

/** Each part of an assessment is marked out of 100 and passed with 60 (DOMAIN §4); a certificate says "passed". */
const PASS_MARK = 60;

function certifiable(exam: ExamResult): ExamResult {
  const { frameworks } = certificateKind(exam.kind);
  if (frameworks.length > 0 && exam.level === undefined)
    throw new YizhengError(
      'LEVEL_MISSING',
      `A ${exam.kind} certificate shows a level: give level.framework (${frameworks.join(' or ')}) and level.value.`,
      { at: '/level', status: 422 },
    );
  for (const part of ['theoryScore', 'practicalScore', 'comprehensiveScore'] as const) {
    const score = exam.assessment[part];
    if (score !== undefined && Number(score) < PASS_MARK)
      throw new YizhengError(
        'SCORE_BELOW_PASS',
        `A score below ${PASS_MARK} is not passed, so no certificate can be issued; correct the score or leave this person out.`,
        { at: `/assessment/${part}`, status: 422 },
      );
  }
  requirePermitEnd(exam);
  if (exam.assessment.method === 'exceptional' && exam.advancement?.path !== 'exceptional')
    throw new YizhengError(
      'ADVANCEMENT_BASIS_MISSING',
      'Exceptional advancement names the document it rests on: give advancement.path "exceptional" and advancement.basis.',
      { at: '/advancement', status: 422 },
    );
  return exam;
}

/** What an exam result becomes on a certificate; number, status and issuer are added when it is reserved. */
export type CertificateDraft = Omit<
  CertificateRecord,
  'certificateNumber' | 'revision' | 'issuer' | 'authority' | 'accreditation' | 'status'
> & { certificateNumber?: string };

/**
 * Takes from an exam result what may stand on a certificate.
 * @param exam a parsed exam result
 * @param issuedOn date of issue
 * @throws YizhengError 422: `ID_NUMBER_INVALID`, `ID_NUMBER_ON_CERTIFICATE`, `OCCUPATION_NAME_MISMATCH`, `OCCUPATION_NAME_MISSING`
 */
export function draftOf(exam: ExamResult, issuedOn: string): CertificateDraft {
  const { holder, occupation, ...rest } = exam;
  refuseIdNumber(exam);
  return withoutUndefined({
    ...rest,
    issuedOn,
    holder: {
      ...(holder.did === undefined ? {} : { id: holder.did }),
      name: holder.name,
      identityDocumentType: holder.idType,
      identityDocumentLastFour: lastFourOf(holder.idType, holder.idNumber),
    },
    occupation: occupation && occupationOf(occupation),
  });
}

/** The number may stand in its own member and nowhere else: everything else can come to stand on the certificate. */
function refuseIdNumber(exam: ExamResult): void {
  const { idNumber, ...holder } = exam.holder;
  const number = idNumber.toUpperCase();
  const place = placeOf(number, CITIZEN_NUMBER.test(number) ? number.length : 1, { ...exam, holder }, '');
  if (place !== undefined)
    throw new YizhengError(
      'ID_NUMBER_ON_CERTIFICATE',
      `${place}: holds the number of the identity document, which must not stand on a certificate.`,
      { at: place, status: 422 },
    );
}

/** A number that no text shorter than itself can hold: what becomes longer in upper case becomes other letters. */
const CITIZEN_NUMBER = /^\d{17}[\dX]$/;

/** @returns JSON Pointer of the first text that holds a number; texts shorter than `least` are not looked at */
function placeOf(number: string, least: number, value: unknown, at: string): string | undefined {
  if (typeof value === 'string') return value.length >= least && value.toUpperCase().includes(number) ? at : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const member in value) {
    const inner = (value as Record<string, unknown>)[member];
    if (typeof inner === 'string' && inner.length < least) continue;
    const found = placeOf(number, least, inner, `${at}/${member}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

type ExamOccupation = NonNullable<ExamResult['occupation']>;

/** What was made of an occupation; rows of a sheet that agree in it share one object. */
const madeOfOccupation = new WeakMap<ExamOccupation, NonNullable<CertificateDraft['occupation']>>();

function occupationOf(occupation: ExamOccupation): NonNullable<CertificateDraft['occupation']> {
  const known = madeOfOccupation.get(occupation);
  if (known) return known;
  const made = withoutUndefined({ ...occupation, name: occupationName(occupation) });
  madeOfOccupation.set(occupation, made);
  return made;
}

function occupationName(occupation: ExamOccupation): string {
  const known = findOccupation(occupation.code, occupation.catalogueEdition)?.name;
  if (known !== undefined && occupation.name !== undefined && occupation.name !== known)
    throw new YizhengError(
      'OCCUPATION_NAME_MISMATCH',
      `In the ${occupation.catalogueEdition} catalogue ${occupation.code} is ${known}; correct the code, the name or the edition.`,
      { at: '/occupation/name', status: 422 },
    );
  const name = known ?? occupation.name;
  if (name === undefined)
    throw new YizhengError(
      'OCCUPATION_NAME_MISSING',
      'This occupation code is not in the table; give its name as the catalogue writes it.',
      { at: '/occupation/name', status: 422 },
    );
  return name;
}

function withoutUndefined<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.values(object).includes(undefined)
    ? Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
    : object;
  return entries as { [K in keyof T]: Exclude<T[K], undefined> };
}
