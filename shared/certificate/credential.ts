import { z } from 'zod';
import { YizhengError } from '../errors.js';
import { didWebUrl } from '../did/did-web-url.js';
import { CERTIFICATE_1_1_CONTEXT_URL } from './context-1-1.js';
import { CERTIFICATE_CONTEXT_URL, CREDENTIALS_V2_URL, VOCABULARY_URL } from './context.js';
import { certificateKind, CERTIFICATE_KINDS, kindOfType } from './kind.js';
import { findLevel } from './level.js';
import {
  accreditationId,
  assessmentSchema,
  certificateRecordSchema,
  holderDid,
  occupationSchema,
  schemaError,
  webDid,
  type CertificateRecord,
} from './record.js';

const URN = 'urn:yizheng:';
const text = z.string().min(1).max(400);
const dateTime = z
  .string()
  .max(40)
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})$/);

/** Closed schema of a Data Integrity proof as we make it: no member more or less (SECURITY F1). */
export const dataIntegrityProofSchema = z.strictObject({
  type: z.literal('DataIntegrityProof'),
  created: dateTime,
  verificationMethod: z.string().max(300),
  cryptosuite: z.string().max(40),
  proofPurpose: z.literal('assertionMethod'),
  proofValue: z.string().regex(/^z[1-9A-HJ-NP-Za-km-z]{1,200}$/),
});

const statusEntry = (purpose: 'revocation' | 'suspension') =>
  z.strictObject({
    id: text,
    type: z.literal('BitstringStatusListEntry'),
    statusPurpose: z.literal(purpose),
    statusListIndex: z.string().regex(/^(?:0|[1-9]\d{0,8})$/),
    statusListCredential: z.string().max(300),
  });

const unsignedShape = {
  '@context': z.tuple([z.literal(CREDENTIALS_V2_URL), z.literal(CERTIFICATE_CONTEXT_URL)]),
  id: text,
  type: z.tuple([
    z.literal('VerifiableCredential'),
    z.enum(CERTIFICATE_KINDS.map((kind) => kind.type) as [string, ...string[]]),
  ]),
  issuer: z.strictObject({ id: webDid, name: text }),
  validFrom: dateTime,
  validUntil: dateTime.optional(),
  credentialSubject: z.strictObject({
    id: holderDid.optional(),
    name: text,
    identityDocumentType: text,
    identityDocumentLastFour: text,
    certificateNumber: text,
    occupation: z.strictObject({ id: text, ...occupationSchema.shape }).optional(),
    level: z.strictObject({ id: text, framework: text, value: text, name: text }).optional(),
    assessment: z.strictObject({ ...assessmentSchema.shape, id: text }),
    specification: z.strictObject({ id: text, code: text, version: text }).optional(),
    competition: z.strictObject({ id: text, filingNumber: text, name: text, event: text, rank: text }).optional(),
    candidateEmployer: z.strictObject({ id: text, name: text, supplyChainAgreement: text.optional() }).optional(),
    position: text.optional(),
    appointedFrom: text.optional(),
    appointedUntil: text.optional(),
    operationCategory: text.optional(),
    operationItem: text.optional(),
    firstIssuedOn: text.optional(),
    reviewBy: text.optional(),
    trainingTitle: text.optional(),
    trainingHours: z.int().optional(),
    advancementPath: text.optional(),
    advancementBasis: text.optional(),
  }),
  issuedUnder: z.strictObject({ id: accreditationId, authority: webDid, authorityName: text }),
  supersedes: text.optional(),
  credentialStatus: z.tuple([statusEntry('revocation'), statusEntry('suspension')]),
};

/** Closed schema of an unsigned certificate credential. */
export const unsignedCertificateSchema = z.strictObject(unsignedShape);
/** Closed schema of a signed certificate credential: exactly one proof (SECURITY F1, F5). */
export const certificateCredentialSchema = z.strictObject({ ...unsignedShape, proof: dataIntegrityProofSchema });

/** An unsigned certificate as a W3C Verifiable Credential 2.0. */
export type UnsignedCertificate = z.infer<typeof unsignedCertificateSchema>;
/** A signed certificate as a W3C Verifiable Credential 2.0. */
export type CertificateCredential = z.infer<typeof certificateCredentialSchema>;
/** A Data Integrity proof. */
export type DataIntegrityProof = z.infer<typeof dataIntegrityProofSchema>;

/** What every {@link certificateId} begins with. */
export const CERTIFICATE_URN = `${URN}certificate:`;

/** `id` of a certificate credential: its number and revision. */
export function certificateId(number: string, revision: number): string {
  return `${CERTIFICATE_URN}${encodeURIComponent(number)}:${revision}`;
}

/** URL of a status list credential: below the issuer's did:web, so a certificate need not carry it in full. */
export function statusListUrl(issuer: string, purpose: 'revocation' | 'suspension', list: number): string {
  return `${didWebUrl(issuer)}/status/${purpose}/${list}`;
}

/**
 * Builds the credential of a record (W3C VC Data Model 2.0, Bitstring Status List 1.0).
 *
 * The shape is friendly to canonicalisation: every node has an id with a fixed prefix of its own (only a subject without
 * holder key is unnamed), no term holds a set of free values, and members stand in one fixed order. Every id can be derived
 * from facts the certificate states, so the compact QR codec carries none of them.
 * @param record a parsed record
 * @returns the unsigned credential, members in fixed order
 */
export function buildCredential(record: CertificateRecord): UnsignedCertificate {
  const kind = certificateKind(record.kind);
  const level = record.level && findLevel(record.level);
  const { holder, assessment, status } = record;
  const entry = <P extends 'revocation' | 'suspension'>(purpose: P) => ({
    id: `${URN}${purpose}:${encodeURIComponent(record.certificateNumber)}:${record.revision}`,
    type: 'BitstringStatusListEntry' as const,
    statusPurpose: purpose,
    statusListIndex: String(status.index),
    statusListCredential: statusListUrl(record.issuer.id, purpose, status.list),
  });
  return compact({
    '@context': [CREDENTIALS_V2_URL, CERTIFICATE_CONTEXT_URL],
    id: certificateId(record.certificateNumber, record.revision),
    type: ['VerifiableCredential', kind.type],
    issuer: { id: record.issuer.id, name: record.issuer.name },
    validFrom: `${record.issuedOn}T00:00:00+08:00`,
    validUntil: record.expiresOn && `${record.expiresOn}T23:59:59+08:00`,
    credentialSubject: compact({
      id: holder.id,
      name: holder.name,
      identityDocumentType: holder.identityDocumentType,
      identityDocumentLastFour: holder.identityDocumentLastFour,
      certificateNumber: record.certificateNumber,
      occupation:
        record.occupation &&
        compact({
          id: `${URN}occupation:${record.occupation.catalogueEdition}:${record.occupation.code}`,
          code: record.occupation.code,
          catalogueEdition: record.occupation.catalogueEdition,
          name: record.occupation.name,
          trade: record.occupation.trade,
        }),
      level:
        record.level &&
        compact({
          id: `${URN}level:${record.level.framework}:${record.level.value}`,
          framework: record.level.framework,
          value: record.level.value,
          name: level?.nameZh,
        }),
      assessment: compact({
        id: `${URN}assessment:${encodeURIComponent(assessment.id)}`,
        method: assessment.method,
        standard: assessment.standard,
        standardType: assessment.standardType,
        date: assessment.date,
        batch: assessment.batch,
        region: assessment.region,
        theoryScore: assessment.theoryScore,
        practicalScore: assessment.practicalScore,
        comprehensiveScore: assessment.comprehensiveScore,
      }),
      specification: record.specification && {
        id: `${URN}specification:${encodeURIComponent(record.specification.code)}`,
        code: record.specification.code,
        version: record.specification.version,
      },
      competition: record.competition && {
        id: `${URN}competition:${encodeURIComponent(record.competition.filingNumber)}`,
        filingNumber: record.competition.filingNumber,
        name: record.competition.name,
        event: record.competition.event,
        rank: record.competition.rank,
      },
      candidateEmployer:
        record.candidateEmployer &&
        compact({
          id: `${URN}organization:${record.candidateEmployer.uscc}`,
          name: record.candidateEmployer.name,
          supplyChainAgreement: record.candidateEmployer.supplyChainAgreement,
        }),
      position: record.appointment?.position,
      appointedFrom: record.appointment?.from,
      appointedUntil: record.appointment?.until,
      operationCategory: record.permit?.category,
      operationItem: record.permit?.item,
      firstIssuedOn: record.permit?.firstIssuedOn,
      reviewBy: record.permit?.reviewBy,
      trainingTitle: record.training?.title,
      trainingHours: record.training?.hours,
      advancementPath: record.advancement?.path,
      advancementBasis: record.advancement?.basis,
    }),
    issuedUnder: {
      id: record.accreditation.id,
      authority: record.authority.id,
      authorityName: record.authority.name,
    },
    supersedes: record.supersedes,
    credentialStatus: [entry('revocation'), entry('suspension')],
  });
}

/**
 * Reads the record back out of a certificate credential (signed or not), and demands that the credential is **exactly** what
 * {@link buildCredential} makes of that record: same members, same order, same ids.
 * @throws YizhengError `CREDENTIAL_SCHEMA` when the closed schema or the record schema refuses it,
 *   `CREDENTIAL_SHAPE` when it is not byte for byte the credential of its record
 */
export function readRecord(credential: unknown): CertificateRecord {
  const { proof: _, ...unsigned } = credential as { proof?: unknown };
  const parsed = unsignedCertificateSchema.safeParse(unsigned);
  if (!parsed.success) throw schemaError('CREDENTIAL_SCHEMA', parsed.error);
  const found = parsed.data;
  const subject = found.credentialSubject;
  const status = found.credentialStatus[0];
  const record = certificateRecordSchema.safeParse(
    compact({
      kind: kindOfType(found.type[1])?.id,
      certificateNumber: subject.certificateNumber,
      revision: Number(/:(\d+)$/.exec(found.id)?.[1]),
      issuer: found.issuer,
      authority: { id: found.issuedUnder.authority, name: found.issuedUnder.authorityName },
      accreditation: { id: found.issuedUnder.id },
      issuedOn: found.validFrom.slice(0, 10),
      expiresOn: found.validUntil?.slice(0, 10),
      holder: compact({
        id: subject.id,
        name: subject.name,
        identityDocumentType: subject.identityDocumentType,
        identityDocumentLastFour: subject.identityDocumentLastFour,
      }),
      occupation: subject.occupation && without(subject.occupation, 'id'),
      level: subject.level && { framework: subject.level.framework, value: subject.level.value },
      assessment: { ...subject.assessment, id: assessmentId(subject.assessment.id) },
      specification: subject.specification && without(subject.specification, 'id'),
      competition: subject.competition && without(subject.competition, 'id'),
      appointment:
        subject.position &&
        compact({ position: subject.position, from: subject.appointedFrom, until: subject.appointedUntil }),
      permit:
        subject.operationCategory &&
        compact({
          category: subject.operationCategory,
          item: subject.operationItem,
          firstIssuedOn: subject.firstIssuedOn,
          reviewBy: subject.reviewBy,
        }),
      training: subject.trainingTitle && { title: subject.trainingTitle, hours: subject.trainingHours },
      candidateEmployer:
        subject.candidateEmployer &&
        compact({
          uscc: subject.candidateEmployer.id.slice(`${URN}organization:`.length),
          name: subject.candidateEmployer.name,
          supplyChainAgreement: subject.candidateEmployer.supplyChainAgreement,
        }),
      advancement: subject.advancementPath && { path: subject.advancementPath, basis: subject.advancementBasis },
      supersedes: found.supersedes,
      status: {
        list: Number(/\/(\d{1,5})$/.exec(status.statusListCredential)?.[1]),
        index: Number(status.statusListIndex),
      },
    }),
  );
  if (!record.success) throw schemaError('CREDENTIAL_SCHEMA', record.error);
  if (JSON.stringify(buildCredential(record.data)) !== JSON.stringify(unsigned))
    throw new YizhengError(
      'CREDENTIAL_SHAPE',
      'The credential is not written exactly as a certificate of its facts is written.',
    );
  return record.data;
}

/**
 * Whether a document calls itself a certificate of ours, in whatever order or form: any of its types is ours, or it uses our
 * context. Such a document is judged as a certificate and by nothing milder.
 */
export function claimsToBeCertificate(document: { type?: unknown; '@context'?: unknown }): boolean {
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
  return (
    list(document.type).some((type) => typeof type === 'string' && isOurs(type)) ||
    list(document['@context']).some((url) => url === CERTIFICATE_CONTEXT_URL || url === CERTIFICATE_1_1_CONTEXT_URL)
  );
}

function isOurs(type: string): boolean {
  return kindOfType(type.startsWith(VOCABULARY_URL) ? type.slice(VOCABULARY_URL.length) : type) !== undefined;
}

function assessmentId(id: string): string {
  try {
    return decodeURIComponent(id.slice(`${URN}assessment:`.length));
  } catch {
    return '';
  }
}

function without<T extends object, K extends keyof T>(object: T, member: K): Omit<T, K> {
  const { [member]: _, ...rest } = object;
  return rest;
}

/** Drops members whose value is undefined, keeping order. Runs eight times for every certificate, so it makes no entry lists. */
function compact<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(object)) {
    const value = (object as Record<string, unknown>)[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept as { [K in keyof T]: Exclude<T[K], undefined> };
}
