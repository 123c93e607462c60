import { IDENTITY_DOCUMENT_TYPES } from '../certificate/identity-document.js';
import { KIND_IDS } from '../certificate/kind.js';
import { findLevel } from '../certificate/level.js';
import {
  ADVANCEMENT_PATHS,
  ASSESSMENT_METHODS,
  STANDARD_TYPES,
  type CertificateRecord,
} from '../certificate/record.js';
import { level, occupation, score, standard } from './assessment-codecs.js';
import type { BitReader, BitWriter } from './bit-stream.js';
import {
  calendarDay,
  counted,
  dayNearIssue,
  digits,
  mapped,
  members,
  noFacts,
  oneOf,
  optional,
  text,
  type FactName,
  type FieldCodec,
  type KnownFacts,
} from './field-codec.js';
import {
  ACCREDITATION,
  authorityDid,
  certificateNumber,
  codeInDid,
  codeInNumber,
  holderId,
  institution,
  lastFour,
  supersedes,
  unifiedSocialCreditCode,
  WEB_DID,
  withInstitutionCode,
} from './identifier-codecs.js';

type Optional<K extends keyof CertificateRecord> = NonNullable<CertificateRecord[K]>;
type Group = 'issuer' | 'authority' | 'accreditation' | 'holder' | 'assessment' | 'status';

/** Members of a record that every record has and that are coded member by member. */
export const GROUPS: readonly Group[] = ['issuer', 'authority', 'accreditation', 'holder', 'assessment', 'status'];

/** One field of the table: where its value stands in the record, what it leans on and what it tells those after it. */
export interface Field {
  readonly leansOn: readonly FactName[];
  /** Differs from certificate to certificate of one exam, so that remembering its bits is no use. */
  readonly varies: boolean;
  /** False for what is derived from other members. */
  readonly isMember: boolean;
  take(record: CertificateRecord, facts: KnownFacts): unknown;
  put(record: Partial<CertificateRecord>, value: unknown): void;
  tell(facts: KnownFacts, value: unknown): void;
  write(out: BitWriter, value: unknown, facts: KnownFacts): void;
  read(input: BitReader, facts: KnownFacts): unknown;
}

/** What else is said of a field. */
interface About<T> {
  tell?: (facts: KnownFacts, value: T) => void;
  varies?: boolean;
}

const tellNothing = (): void => undefined;

/*
 * Each member is named and its reading spelled out: a program that reads hundreds of thousands of records spends ten times as long on
 * a member whose name it only finds out while running.
 */
function member<K extends keyof CertificateRecord, F extends FactName>(
  name: K,
  take: (record: CertificateRecord) => CertificateRecord[K],
  leansOn: readonly F[],
  codec: FieldCodec<CertificateRecord[K], NoInfer<F>>,
  { tell = tellNothing, varies = false }: About<CertificateRecord[K]> = {},
): Field {
  return {
    leansOn,
    varies,
    isMember: true,
    take,
    put: (record, value: CertificateRecord[K]) => void (record[name] = value),
    tell,
    write: codec.write,
    read: codec.read,
  };
}

function memberOf<G extends Group, K extends keyof CertificateRecord[G], F extends FactName>(
  group: G,
  name: K,
  take: (record: CertificateRecord) => CertificateRecord[G][K],
  leansOn: readonly F[],
  codec: FieldCodec<CertificateRecord[G][K], NoInfer<F>>,
  { tell = tellNothing, varies = false }: About<CertificateRecord[G][K]> = {},
): Field {
  return {
    leansOn,
    varies,
    isMember: true,
    take,
    put: (record, value: CertificateRecord[G][K]) => void ((record[group] as CertificateRecord[G])[name] = value),
    tell,
    write: codec.write,
    read: codec.read,
  };
}

const institutionField: Field = {
  leansOn: ['codeInNumber'],
  varies: false,
  isMember: false,
  take: (record, facts) => facts.codeInNumber ?? codeInDid(record.issuer.id),
  put: () => undefined,
  tell: (facts, code: string | undefined) => void (facts.institutionCode = code),
  write: institution.write,
  read: institution.read,
};

/** Members most certificates do not have: one bit says that none of them is there. */
const RARE_MEMBERS = [
  'specification',
  'competition',
  'appointment',
  'permit',
  'training',
  'candidateEmployer',
  'advancement',
  'supersedes',
] as const;

const rareFlag: Field = {
  leansOn: [],
  varies: false,
  isMember: false,
  take: (record) => RARE_MEMBERS.some((name) => record[name] !== undefined),
  put: () => undefined,
  tell: tellNothing,
  write: (out, value: boolean) => void out.flag(value),
  read: (input) => input.flag(),
};

/** The fields of {@link RARE_MEMBERS}; they follow where the last field of {@link RECORD} is true. */
export const RARE: readonly Field[] = [
  member(
    'specification',
    (record) => record.specification,
    [],
    optional(members<Optional<'specification'>>({ code: text, version: text })),
  ),
  member(
    'competition',
    (record) => record.competition,
    [],
    optional(members<Optional<'competition'>>({ filingNumber: text, name: text, event: text, rank: text })),
  ),
  member(
    'appointment',
    (record) => record.appointment,
    ['issuedOn'],
    optional(
      members<Optional<'appointment'>, 'issuedOn'>({
        position: text,
        from: dayNearIssue,
        until: optional(calendarDay),
      }),
    ),
  ),
  member(
    'permit',
    (record) => record.permit,
    ['issuedOn'],
    optional(
      members<Optional<'permit'>, 'issuedOn'>({
        category: text,
        item: text,
        firstIssuedOn: dayNearIssue,
        reviewBy: optional(calendarDay),
      }),
    ),
  ),
  member(
    'training',
    (record) => record.training,
    [],
    optional(members<Optional<'training'>>({ title: text, hours: counted(7) })),
  ),
  member(
    'candidateEmployer',
    (record) => record.candidateEmployer,
    [],
    optional(
      members<Optional<'candidateEmployer'>>({
        uscc: unifiedSocialCreditCode,
        name: text,
        supplyChainAgreement: optional(text),
      }),
    ),
  ),
  member(
    'advancement',
    (record) => record.advancement,
    [],
    optional(members<Optional<'advancement'>>({ path: oneOf(ADVANCEMENT_PATHS, 4), basis: text })),
  ),
  member(
    'supersedes',
    (record) => record.supersedes,
    ['certificateNumber', 'institutionCode', 'revision'],
    optional(supersedes),
    { varies: true },
  ),
];

/**
 * The field table of a certificate record, version 1 — frozen. A field may lean on what those before it tell; it names every fact it
 * leans on, and the compiler refuses one that sees another.
 */
export const RECORD: readonly Field[] = [
  member('kind', (record) => record.kind, [], oneOf(KIND_IDS, 5)),
  member('issuedOn', (record) => record.issuedOn, [], calendarDay, {
    tell: (facts, date) => void (facts.issuedOn = date),
  }),
  member('expiresOn', (record) => record.expiresOn, [], optional(calendarDay)),
  member('level', (record) => record.level, [], optional(level), {
    tell: (facts, value) => void (facts.levelCode = value && findLevel(value)?.numberCode),
  }),
  member('certificateNumber', (record) => record.certificateNumber, ['issuedOn', 'levelCode'], certificateNumber, {
    varies: true,
    tell(facts, number) {
      facts.certificateNumber = number;
      facts.codeInNumber = codeInNumber(number);
    },
  }),
  institutionField,
  member(
    'revision',
    (record) => record.revision,
    [],
    mapped(
      counted(2),
      (value) => value - 1,
      (code) => code + 1,
    ),
    { tell: (facts, revision) => void (facts.revision = revision) },
  ),
  memberOf('issuer', 'id', (record) => record.issuer.id, ['institutionCode'], withInstitutionCode(WEB_DID), {
    tell: (facts, did) => void (facts.issuerId = did),
  }),
  memberOf('issuer', 'name', (record) => record.issuer.name, [], text),
  memberOf('authority', 'id', (record) => record.authority.id, ['institutionCode', 'issuerId'], authorityDid),
  memberOf('authority', 'name', (record) => record.authority.name, [], text),
  memberOf(
    'accreditation',
    'id',
    (record) => record.accreditation.id,
    ['institutionCode'],
    withInstitutionCode(ACCREDITATION),
  ),
  memberOf('holder', 'id', (record) => record.holder.id, [], optional(holderId), { varies: true }),
  memberOf('holder', 'name', (record) => record.holder.name, [], text, { varies: true }),
  memberOf(
    'holder',
    'identityDocumentType',
    (record) => record.holder.identityDocumentType,
    [],
    oneOf(IDENTITY_DOCUMENT_TYPES, 4),
  ),
  memberOf('holder', 'identityDocumentLastFour', (record) => record.holder.identityDocumentLastFour, [], lastFour, {
    varies: true,
  }),
  member('occupation', (record) => record.occupation, ['occupationRows'], optional(occupation), {
    tell(facts, value) {
      facts.occupationCode = value?.code;
      facts.occupationName = value?.name;
    },
  }),
  memberOf('assessment', 'id', (record) => record.assessment.id, ['institutionCode'], withInstitutionCode()),
  memberOf('assessment', 'method', (record) => record.assessment.method, [], oneOf(ASSESSMENT_METHODS, 4)),
  memberOf(
    'assessment',
    'standard',
    (record) => record.assessment.standard,
    ['occupationCode', 'occupationName'],
    standard,
  ),
  memberOf('assessment', 'standardType', (record) => record.assessment.standardType, [], oneOf(STANDARD_TYPES, 3)),
  memberOf('assessment', 'date', (record) => record.assessment.date, ['issuedOn'], dayNearIssue),
  memberOf(
    'assessment',
    'batch',
    (record) => record.assessment.batch,
    ['institutionCode'],
    optional(withInstitutionCode()),
  ),
  memberOf('assessment', 'region', (record) => record.assessment.region, [], optional(digits(6))),
  memberOf('assessment', 'theoryScore', (record) => record.assessment.theoryScore, [], optional(score)),
  memberOf('assessment', 'practicalScore', (record) => record.assessment.practicalScore, [], optional(score)),
  memberOf('assessment', 'comprehensiveScore', (record) => record.assessment.comprehensiveScore, [], optional(score)),
  memberOf(
    'status',
    'list',
    (record) => record.status.list,
    [],
    mapped(
      counted(4),
      (value) => value - 1,
      (code) => code + 1,
    ),
  ),
  memberOf('status', 'index', (record) => record.status.index, [], counted(17), { varies: true }),
  rareFlag,
];

/** Writes a record, one `parseCertificateRecord` accepts. @returns what the proof may lean on */
export function writeRecord(out: BitWriter, record: CertificateRecord, occupationRows: number): KnownFacts {
  const facts = noFacts(occupationRows);
  const write = (field: Field): unknown => {
    const value = field.take(record, facts);
    field.write(out, value, facts);
    field.tell(facts, value);
    return value;
  };
  let hasRare: unknown;
  for (const field of RECORD) hasRare = write(field);
  if (hasRare === true) RARE.forEach(write);
  return facts;
}

/** Reads what {@link writeRecord} wrote; the record schema has not seen it yet. @throws YizhengError `QR_CORRUPT` */
export function readRecordFields(
  input: BitReader,
  occupationRows: number,
): { record: Partial<CertificateRecord>; facts: KnownFacts } {
  const facts = noFacts(occupationRows);
  const record: Partial<CertificateRecord> = Object.fromEntries(GROUPS.map((group) => [group, {}]));
  const read = (field: Field): unknown => {
    const value = field.read(input, facts);
    if (value !== undefined) field.put(record, value);
    field.tell(facts, value);
    return value;
  };
  let hasRare: unknown;
  for (const field of RECORD) hasRare = read(field);
  if (hasRare === true) RARE.forEach(read);
  return { record, facts };
}
