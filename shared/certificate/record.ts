import { z } from 'zod';
import { isDidWeb } from '../did/did-web-url.js';
import { YizhengError } from '../errors.js';
import { IDENTITY_DOCUMENT_TYPES } from './identity-document.js';
import { certificateKind, KIND_IDS } from './kind.js';
import { findLevel } from './level.js';
import { OCCUPATION_CODE } from './occupation.js';
import { calendarDate, certificateText } from './text.js';

/** How an assessment was held (DOMAIN M40: required). Frozen order. */
export const ASSESSMENT_METHODS = [
  'examination',
  'theory',
  'practice',
  'competition',
  'exceptional',
  'appointment',
] as const;
/** Who made the standard assessed against (M06, M38). Frozen order. */
export const STANDARD_TYPES = ['national', 'industry', 'enterprise'] as const;
/** How the holder came to this level (M07). Frozen order. */
export const ADVANCEMENT_PATHS = ['regular', 'exceptional', 'competition', 'appointment'] as const;

/** A DID of a method a holder may use. */
export const holderDid = z
  .string()
  .regex(/^did:(?:key:z[1-9A-HJ-NP-Za-km-z]{40,200}|jwk:[A-Za-z0-9_-]{40,1000})$/, 'must be a did:key or did:jwk');
/** A did:web of an issuer or authority, lower-case host, optional port and path (did:web method). */
export const webDid = z
  .string()
  .max(200)
  .regex(/^did:web:[a-z0-9.-]+(?:%3A\d{1,5})?(?::[A-Za-z0-9._-]+)*$/, 'must be a did:web')
  .refine(isDidWeb, 'must be a did:web with a host and port there can be');
/** Unified social credit code (GB 32100), form only. */
export const unifiedSocialCreditCode = z
  .string()
  .regex(/^[0-9A-HJ-NPQRTUWXY]{18}$/, 'must be an 18-character unified social credit code');
/** `id` of an accreditation statement: one fixed prefix, so that it keeps its place when a certificate is canonicalised. */
export const accreditationId = z
  .string()
  .max(200)
  .regex(/^urn:yizheng:accreditation:[A-Za-z0-9:._%-]+$/, 'must be the urn:yizheng:accreditation: of a statement');
/** A short identifier printed on papers: letters, digits, `-_./` and Chinese characters. */
const shortId = z
  .string()
  .min(1)
  .max(40)
  .regex(/^[\p{Script=Han}A-Za-z0-9〔〕()._/-]+$/u, 'may hold letters, digits, Chinese characters and ._/-()〔〕 only');
const score = z
  .string()
  .regex(/^(?:100(?:\.0)?|\d{1,2}(?:\.\d)?)$/, 'must be a score from 0 to 100 with at most one decimal');

/** The occupation of a certificate: always with its catalogue edition and name (DOMAIN §0.5, BR10). */
export const occupationSchema = z.strictObject({
  code: z.string().regex(OCCUPATION_CODE, 'must be a code like 6-18-02-04'),
  /** Catalogue edition: 1999, 2015 or 2022. */
  catalogueEdition: z.enum(['1999', '2015', '2022']),
  name: certificateText(40),
  /** Trade or specialisation (工种/职业方向); left out when there is none. */
  trade: certificateText(40).optional(),
});

/** A level in a framework. */
export const levelSchema = z
  .strictObject({ framework: z.string().max(30), value: z.string().max(30) })
  .refine((level) => findLevel(level) !== undefined, 'is not a level of a known framework');

/** The assessment a certificate rests on. */
export const assessmentSchema = z.strictObject({
  /** Session id as filed; several certificates of one exam carry the same (M17). */
  id: shortId,
  method: z.enum(ASSESSMENT_METHODS),
  /** Standard and version, e.g. `GZB 6-18-02-04-2018`. */
  standard: certificateText(60),
  standardType: z.enum(STANDARD_TYPES),
  date: calendarDate,
  batch: shortId.optional(),
  /** Six-digit GB/T 2260 code of the place, when it is not the institution's province. */
  region: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
  theoryScore: score.optional(),
  practicalScore: score.optional(),
  comprehensiveScore: score.optional(),
});

/**
 * Everything a certificate says, before it becomes a credential; the builder and the compact QR codec both start here.
 * Unknown members are refused.
 */
export const certificateRecordSchema = z
  .strictObject({
    kind: z.enum(KIND_IDS),
    certificateNumber: shortId,
    /** 1 for the first issue; a correction or re-issue of the same number counts up. */
    revision: z.int().min(1).max(255),
    issuer: z.strictObject({ id: webDid, name: certificateText(60) }),
    authority: z.strictObject({ id: webDid, name: certificateText(60) }),
    accreditation: z.strictObject({ id: accreditationId }),
    /** Date of issue (发证日期), China Standard Time. */
    issuedOn: calendarDate,
    /** Last day of validity, China Standard Time; absent for certificates that do not expire. */
    expiresOn: calendarDate.optional(),
    holder: z.strictObject({
      id: holderDid.optional(),
      name: certificateText(60),
      identityDocumentType: z.enum(IDENTITY_DOCUMENT_TYPES),
      identityDocumentLastFour: z.string().regex(/^[0-9A-Z]{4}$/),
    }),
    occupation: occupationSchema.optional(),
    level: levelSchema.optional(),
    assessment: assessmentSchema,
    /** Specification of a specialised-ability certificate (M04). */
    specification: z.strictObject({ code: shortId, version: shortId }).optional(),
    /** Competition behind a competition result (M12). */
    competition: z
      .strictObject({
        filingNumber: shortId,
        name: certificateText(60),
        event: certificateText(40),
        rank: certificateText(20),
      })
      .optional(),
    /** Appointment of a special-grade or chief technician (BR9). */
    appointment: z
      .strictObject({ position: certificateText(40), from: calendarDate, until: calendarDate.optional() })
      .optional(),
    /** Operation permit facts (DOMAIN §6.4). */
    permit: z
      .strictObject({
        category: certificateText(40),
        item: certificateText(60),
        firstIssuedOn: calendarDate,
        reviewBy: calendarDate.optional(),
      })
      .optional(),
    /** Completed training (M22). */
    training: z.strictObject({ title: certificateText(60), hours: z.int().min(1).max(9999) }).optional(),
    /** Employer of the candidate, where the accreditation's scope needs it (M24). */
    candidateEmployer: z
      .strictObject({
        uscc: unifiedSocialCreditCode,
        name: certificateText(60),
        supplyChainAgreement: shortId.optional(),
      })
      .optional(),
    /** Advancement off the regular path, with the document it rests on (M07). */
    advancement: z.strictObject({ path: z.enum(ADVANCEMENT_PATHS), basis: certificateText(60) }).optional(),
    /** `id` of the credential this one replaces. */
    supersedes: z
      .string()
      .max(200)
      .regex(/^urn:yizheng:certificate:[A-Za-z0-9%._~()-]+:\d+$/)
      .optional(),
    /** Where its status is published: list number and index, the same in the revocation and the suspension list. */
    status: z.strictObject({ list: z.int().min(1).max(65_535), index: z.int().min(0).max(16_777_215) }),
  })
  .superRefine((record, context) => {
    const kind = certificateKind(record.kind);
    const problem = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    if (kind.frameworks.length === 0 && record.level)
      problem(['level'], `a ${record.kind} certificate never shows a level`);
    if (kind.frameworks.length > 0 && !record.level) problem(['level'], 'is missing');
    if (record.level && kind.frameworks.length > 0 && !kind.frameworks.includes(record.level.framework))
      problem(['level', 'framework'], `must be one of ${kind.frameworks.join(', ')} for kind ${record.kind}`);
    if (kind.hasOccupation && !record.occupation) problem(['occupation'], 'is missing');
    if (!kind.hasOccupation && record.occupation)
      problem(['occupation'], `a ${record.kind} certificate names no occupation`);
    for (const [member, kinds] of KIND_FACTS) {
      const wanted = (kinds as readonly string[]).includes(record.kind);
      if (wanted && record[member] === undefined) problem([member], `is missing for kind ${record.kind}`);
      if (!wanted && record[member] !== undefined) problem([member], `does not belong to kind ${record.kind}`);
    }
    for (const path of identityNumbersIn(record)) problem(path, 'holds an identity number, which must not stand there');
    if (encodeURIComponent(record.certificateNumber).length > MAX_ENCODED_NUMBER)
      problem(['certificateNumber'], 'is too long to be an address; shorten it');
    if (record.expiresOn !== undefined && record.expiresOn < record.issuedOn)
      problem(['expiresOn'], 'lies before the date of issue');
    if (record.assessment.date > record.issuedOn) problem(['assessment', 'date'], 'lies after the date of issue');
  });

/** Longest certificate number once it is percent-encoded into the credential's id. */
const MAX_ENCODED_NUMBER = 150;
const CITIZEN_NUMBER = /(?<![0-9])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX](?![0-9])/i;

/** Paths of all texts that hold what looks like a citizen identity number (GB 11643); an organisation's code may look the same. */
function identityNumbersIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value === 'string') return CITIZEN_NUMBER.test(value) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([member, inner]) =>
    member === 'uscc' ? [] : identityNumbersIn(inner, [...path, member]),
  );
}

const PERMITS = ['special-operation', 'construction-special', 'special-equipment'] as const;
const KIND_FACTS = [
  ['specification', ['specialised-ability']],
  ['competition', ['competition-result']],
  ['appointment', ['appointment']],
  ['permit', PERMITS],
  ['training', ['training-completion']],
] as const;

/** See {@link certificateRecordSchema}. */
export type CertificateRecord = z.infer<typeof certificateRecordSchema>;

/**
 * Parses a record.
 * @throws YizhengError `RECORD_INVALID` naming the first wrong member by JSON pointer
 */
export function parseCertificateRecord(input: unknown): CertificateRecord {
  const parsed = certificateRecordSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw schemaError('RECORD_INVALID', parsed.error);
}

/**
 * Turns the first zod issue into our typed error.
 * @param code stable code of the error
 * @param error what zod found
 */
export function schemaError(code: string, error: z.ZodError): YizhengError {
  const issue = error.issues[0];
  const at = `/${(issue?.path ?? []).map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`;
  return new YizhengError(code, `${at}: ${issue?.message ?? 'is not valid'}`, { at, status: 422 });
}
