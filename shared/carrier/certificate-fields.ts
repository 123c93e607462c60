import { base58 } from '@scure/base';
import { certificateId, type DataIntegrityProof } from '../certificate/credential.js';
import { INSTITUTION_CODE } from '../certificate/certificate-number.js';
import { IDENTITY_DOCUMENT_TYPES } from '../certificate/identity-document.js';
import { KIND_IDS } from '../certificate/kind.js';
import { findLevel, LEVEL_FRAMEWORKS, type Level } from '../certificate/level.js';
import { OCCUPATIONS } from '../certificate/occupation-data.js';
import type { Occupation } from '../certificate/occupation.js';
import {
  ADVANCEMENT_PATHS,
  ASSESSMENT_METHODS,
  STANDARD_TYPES,
  type CertificateRecord,
} from '../certificate/record.js';
import { decodeSignature, encodeSignature } from '../did/signature-base58.js';
import type { BitReader, BitWriter } from './bit-stream.js';
import {
  bits,
  calendarDay,
  corrupt,
  counted,
  dayNearIssue,
  digits,
  isoInstant,
  issuedOn,
  mapped,
  members,
  oneOf,
  optional,
  shortOr,
  signed,
  text,
  type CodedFacts,
  type FieldCodec,
} from './field-codec.js';
import { KNOWN_MARK } from './text-tokens-v1.js';

type Holder = CertificateRecord['holder'];
type CertificateOccupation = NonNullable<CertificateRecord['occupation']>;
type Optional<K extends keyof CertificateRecord> = NonNullable<CertificateRecord[K]>;

const WEB_DID = 'did:web:';
const ACCREDITATION = 'urn:yizheng:accreditation:';
const CERTIFICATE = 'urn:yizheng:certificate:';
const LEVEL_CODES = '12345T';
const USCC_SIGNS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CRYPTOSUITES = ['eddsa-rdfc-2022', 'eddsa-jcs-2022', 'ecdsa-rdfc-2019'] as const;

/** A text with a fixed beginning, in which something already coded is not spelled out again. */
function withKnown(known: (facts: CodedFacts) => string | undefined, beginning = ''): FieldCodec<string> {
  return {
    write(out, value, facts) {
      const rest = value.slice(beginning.length);
      const part = known(facts);
      text.write(out, part === undefined ? rest : rest.replaceAll(part, KNOWN_MARK), facts);
    },
    read(input, facts) {
      const rest = text.read(input, facts);
      const part = known(facts);
      return beginning + (part === undefined ? rest : rest.replaceAll(KNOWN_MARK, part));
    },
  };
}

function withInstitutionCode(beginning = ''): FieldCodec<string> {
  return withKnown((facts) => facts.institutionCode, beginning);
}

const institutionCode = mapped<string, { kind: 'Y' | 'S'; ministry: string | undefined; rest: string }>(
  members({ kind: oneOf(['Y', 'S'], 1), ministry: optional(digits(4)), rest: digits(8) }),
  (code) => ({
    kind: code.startsWith('Y') ? 'Y' : 'S',
    ministry: code.slice(1, 5) === '0000' ? undefined : code.slice(1, 5),
    rest: code.slice(5),
  }),
  (parts) => parts.kind + (parts.ministry ?? '0000') + parts.rest,
);

interface NumberParts {
  institutionCode: string;
  /** Left out when it is the year of the date of issue. */
  year: string | undefined;
  /** Left out when it is the level's own code. */
  levelCode: string | undefined;
  serial: string;
}

function levelCodeOfFacts(facts: CodedFacts): string | undefined {
  return facts.record.level && findLevel(facts.record.level)?.numberCode;
}

const certificateNumber = shortOr<string, NumberParts>(
  members<NumberParts>({
    institutionCode,
    year: optional(digits(2)),
    levelCode: optional(oneOf([...LEVEL_CODES], 3)),
    serial: digits(6),
  }),
  (number, facts) => {
    const parts = /^([YS]\d{12})(\d{2})([1-5T])(\d{6})$/.exec(number);
    if (!parts) return undefined;
    const [, code, year, levelCode, serial] = parts as unknown as [string, string, string, string, string];
    return {
      institutionCode: code,
      year: year === issuedOn(facts).slice(2, 4) ? undefined : year,
      levelCode: levelCode === levelCodeOfFacts(facts) ? undefined : levelCode,
      serial,
    };
  },
  (parts, facts) => {
    const levelCode = parts.levelCode ?? levelCodeOfFacts(facts);
    if (levelCode === undefined) throw corrupt();
    return parts.institutionCode + (parts.year ?? issuedOn(facts).slice(2, 4)) + levelCode + parts.serial;
  },
  text,
);

const level: FieldCodec<Level> = {
  write(out, value) {
    const framework = LEVEL_FRAMEWORKS.findIndex((candidate) => candidate.id === value.framework);
    out.write(framework, 3);
    out.write(LEVEL_FRAMEWORKS[framework]?.values.findIndex((row) => row.value === value.value) ?? -1, 4);
  },
  read(input) {
    const framework = LEVEL_FRAMEWORKS[input.read(3)];
    const value = framework?.values[input.read(4)];
    if (!framework || !value) throw corrupt();
    return { framework: framework.id, value: value.value };
  },
};

const MOST_SHARED = 63;

/** The authority's DID, which often begins like the issuer's. */
const authorityDid = shortOr<string, { shared: number; rest: string }>(
  members({ shared: bits(6), rest: withInstitutionCode() }),
  (did, facts) => {
    const shared = commonBeginning(did, facts.record.issuer?.id ?? '') - WEB_DID.length;
    return shared < 6 ? undefined : { shared, rest: did.slice(WEB_DID.length + shared) };
  },
  ({ shared, rest }, facts) => (facts.record.issuer?.id ?? '').slice(0, WEB_DID.length + shared) + rest,
  withInstitutionCode(WEB_DID),
);

function commonBeginning(a: string, b: string): number {
  const most = Math.min(a.length, b.length, WEB_DID.length + MOST_SHARED);
  let length = 0;
  while (length < most && a[length] === b[length]) length++;
  return length;
}

const KEY_ALGORITHMS = [
  { multicodec: [0xed, 0x01], length: 32 },
  { multicodec: [0x80, 0x24], length: 33 },
] as const;

/** A did:key of Ed25519 or P-256 as its raw key; any other DID as text. */
const holderId = shortOr<string, { algorithm: number; key: Uint8Array }>(
  {
    write(out, { algorithm, key }) {
      out.write(algorithm, 2);
      out.writeBytes(key);
    },
    read(input) {
      const algorithm = input.read(2);
      const row = KEY_ALGORITHMS[algorithm];
      if (!row) throw corrupt();
      return { algorithm, key: input.readBytes(row.length) };
    },
  },
  (did) => {
    const encoded = did.startsWith('did:key:z') ? base58.decode(did.slice('did:key:z'.length)) : new Uint8Array();
    const algorithm = KEY_ALGORITHMS.findIndex(
      (row) =>
        encoded.length === row.length + 2 && encoded[0] === row.multicodec[0] && encoded[1] === row.multicodec[1],
    );
    return algorithm < 0 ? undefined : { algorithm, key: encoded.slice(2) };
  },
  ({ algorithm, key }) =>
    `did:key:z${base58.encode(Uint8Array.from([...(KEY_ALGORITHMS[algorithm]?.multicodec ?? []), ...key]))}`,
  text,
);

const holder = members<Holder>({
  id: optional(holderId),
  name: text,
  identityDocumentType: oneOf(IDENTITY_DOCUMENT_TYPES, 4),
  identityDocumentLastFour: shortOr<string, string>(
    digits(4),
    (value) => (/^\d{4}$/.test(value) ? value : undefined),
    (value) => value,
    mapped(
      bits(21),
      (value) => parseInt(value, 36),
      (value) => value.toString(36).toUpperCase().padStart(4, '0'),
    ),
  ),
});

interface TableOccupation {
  row: number;
  /** Left out when it is the table's name. */
  name: string | undefined;
  trade: { alias: number } | { text: string } | undefined;
}

const MOST_ALIASES = 16;
/** The first row of each code and edition. */
const rowOfOccupation = new Map(
  OCCUPATIONS.map(({ edition, code }, row): [string, number] => [`${edition} ${code}`, row]).reverse(),
);

const trade: FieldCodec<{ alias: number } | { text: string }> = {
  write(out, value, facts) {
    if (out.flag('alias' in value)) out.write((value as { alias: number }).alias, 4);
    else text.write(out, (value as { text: string }).text, facts);
  },
  read: (input, facts) => (input.flag() ? { alias: input.read(4) } : { text: text.read(input, facts) }),
};

/** An occupation by its row of the table, name and trade from the row where they agree; otherwise spelled out. */
const occupation = shortOr<CertificateOccupation, TableOccupation>(
  members<TableOccupation>({ row: counted(8), name: optional(text), trade: optional(trade) }),
  (value, facts) => {
    const row = rowOfOccupation.get(`${value.catalogueEdition} ${value.code}`);
    const known = row === undefined ? undefined : OCCUPATIONS[row];
    if (row === undefined || !known || row >= facts.occupationRows) return undefined;
    const alias = known.aliases.slice(0, MOST_ALIASES).indexOf(value.trade ?? '');
    return {
      row,
      name: value.name === known.name ? undefined : value.name,
      trade: alias >= 0 ? { alias } : value.trade === undefined ? undefined : { text: value.trade },
    };
  },
  (value, facts) => {
    const known: Occupation | undefined = value.row < facts.occupationRows ? OCCUPATIONS[value.row] : undefined;
    if (!known) throw corrupt();
    const tradeName = value.trade && ('alias' in value.trade ? known.aliases[value.trade.alias] : value.trade.text);
    if (value.trade && tradeName === undefined) throw corrupt();
    return {
      code: known.code,
      catalogueEdition: known.edition as CertificateOccupation['catalogueEdition'],
      name: value.name ?? known.name,
      ...(tradeName === undefined ? {} : { trade: tradeName }),
    };
  },
  members<CertificateOccupation>({
    code: mapped(
      digits(7),
      (code) => code.replaceAll('-', ''),
      (code) => code.replace(/^(.)(..)(..)(..)$/, '$1-$2-$3-$4'),
    ),
    catalogueEdition: oneOf(['1999', '2015', '2022'], 3),
    name: text,
    trade: optional(text),
  }),
);

const FIRST_STANDARD_YEAR = 1990;

/** `GZB <occupation code>-<year>` by its year; any other standard as text, which may name the occupation. */
const standard = shortOr<string, number>(
  bits(7),
  (value, facts) => {
    const year = Number(/-(\d{4})$/.exec(value)?.[1]) - FIRST_STANDARD_YEAR;
    return year >= 0 && year < 128 && value === nationalStandard(year, facts) ? year : undefined;
  },
  nationalStandard,
  withKnown(({ record }) => record.occupation?.name),
);

function nationalStandard(year: number, facts: CodedFacts): string {
  return `GZB ${facts.record.occupation?.code ?? ''}-${FIRST_STANDARD_YEAR + year}`;
}

const score = mapped<string, { digits: number; decimal: number; tenths: number }>(
  members({ digits: bits(2), decimal: bits(1), tenths: bits(10) }),
  (value) => {
    const [whole = '', fraction] = value.split('.');
    return { digits: whole.length, decimal: fraction === undefined ? 0 : 1, tenths: Number(whole + (fraction ?? '0')) };
  },
  ({ digits: length, decimal, tenths }) => {
    const whole = String(Math.floor(tenths / 10)).padStart(length, '0');
    return decimal === 1 ? `${whole}.${tenths % 10}` : whole;
  },
);

const assessment = members<CertificateRecord['assessment']>({
  id: withInstitutionCode(),
  method: oneOf(ASSESSMENT_METHODS, 4),
  standard,
  standardType: oneOf(STANDARD_TYPES, 3),
  date: dayNearIssue,
  batch: optional(withInstitutionCode()),
  region: optional(digits(6)),
  theoryScore: optional(score),
  practicalScore: optional(score),
  comprehensiveScore: optional(score),
});

/** 18 characters of 31 signs, three at a time. */
const unifiedSocialCreditCode: FieldCodec<string> = {
  write(out, value) {
    for (let at = 0; at < 18; at += 3)
      out.write(
        [...value.slice(at, at + 3)].reduce((sum, sign) => sum * 31 + USCC_SIGNS.indexOf(sign), 0),
        15,
      );
  },
  read(input) {
    let value = '';
    for (let at = 0; at < 18; at += 3) {
      const three = input.read(15);
      for (const weight of [961, 31, 1]) value += USCC_SIGNS[Math.floor(three / weight) % 31] ?? '';
    }
    return value;
  },
};

const supersedes = shortOr<string, true>(
  { write: () => undefined, read: () => true },
  (id, facts) => (id === earlierRevision(facts) ? true : undefined),
  (_, facts) => earlierRevision(facts),
  withInstitutionCode(CERTIFICATE),
);

function earlierRevision({ record }: CodedFacts): string {
  return certificateId(record.certificateNumber ?? '', (record.revision ?? 0) - 1);
}

interface Step {
  write(out: BitWriter, facts: CodedFacts): void;
  read(input: BitReader, facts: CodedFacts): void;
}

function member<K extends keyof CertificateRecord>(name: K, codec: FieldCodec<CertificateRecord[K]>): Step {
  return {
    write: (out, facts) => codec.write(out, facts.record[name] as CertificateRecord[K], facts),
    read(input, facts) {
      const value = codec.read(input, facts);
      if (value !== undefined) facts.record[name] = value;
    },
  };
}

/** Where the number does not hold the institution code but the issuer's DID does, it is coded once, here. */
const institution: Step = {
  write(out, facts) {
    const { certificateNumber: number = '', issuer } = facts.record;
    const inNumber = institutionCodeIn(number);
    const inDid = issuer?.id.split(':').find((part) => INSTITUTION_CODE.test(part));
    facts.institutionCode = inNumber ?? inDid;
    if (inNumber === undefined) optional(institutionCode).write(out, inDid, facts);
  },
  read(input, facts) {
    facts.institutionCode =
      institutionCodeIn(facts.record.certificateNumber ?? '') ?? optional(institutionCode).read(input, facts);
  },
};

function institutionCodeIn(number: string): string | undefined {
  return /^([YS]\d{12})\d{2}[1-5T]\d{6}$/.exec(number)?.[1];
}

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

const RARE: readonly Step[] = [
  member('specification', optional(members<Optional<'specification'>>({ code: text, version: text }))),
  member(
    'competition',
    optional(members<Optional<'competition'>>({ filingNumber: text, name: text, event: text, rank: text })),
  ),
  member(
    'appointment',
    optional(members<Optional<'appointment'>>({ position: text, from: dayNearIssue, until: optional(calendarDay) })),
  ),
  member(
    'permit',
    optional(
      members<Optional<'permit'>>({
        category: text,
        item: text,
        firstIssuedOn: dayNearIssue,
        reviewBy: optional(calendarDay),
      }),
    ),
  ),
  member('training', optional(members<Optional<'training'>>({ title: text, hours: counted(7) }))),
  member(
    'candidateEmployer',
    optional(
      members<Optional<'candidateEmployer'>>({
        uscc: unifiedSocialCreditCode,
        name: text,
        supplyChainAgreement: optional(text),
      }),
    ),
  ),
  member('advancement', optional(members<Optional<'advancement'>>({ path: oneOf(ADVANCEMENT_PATHS, 4), basis: text }))),
  member('supersedes', optional(supersedes)),
];

/** The field table of a certificate record, version 1 — frozen. A field may lean on those before it. */
const RECORD: readonly Step[] = [
  member('kind', oneOf(KIND_IDS, 5)),
  member('issuedOn', calendarDay),
  member('expiresOn', optional(calendarDay)),
  member('level', optional(level)),
  member('certificateNumber', certificateNumber),
  institution,
  member(
    'revision',
    mapped(
      counted(2),
      (value) => value - 1,
      (code) => code + 1,
    ),
  ),
  member('issuer', members({ id: withInstitutionCode(WEB_DID), name: text })),
  member('authority', members({ id: authorityDid, name: text })),
  member('accreditation', members({ id: withInstitutionCode(ACCREDITATION) })),
  member('holder', holder),
  member('occupation', optional(occupation)),
  member('assessment', assessment),
  member(
    'status',
    members({
      list: mapped(
        counted(4),
        (value) => value - 1,
        (code) => code + 1,
      ),
      index: counted(17),
    }),
  ),
  {
    write(out, facts) {
      if (out.flag(RARE_MEMBERS.some((name) => facts.record[name] !== undefined)))
        for (const step of RARE) step.write(out, facts);
    },
    read(input, facts) {
      if (input.flag()) for (const step of RARE) step.read(input, facts);
    },
  },
];

/** Writes the facts of a record; the record is one `parseCertificateRecord` accepts. */
export function writeRecord(out: BitWriter, record: CertificateRecord, occupationRows: number): CodedFacts {
  const facts: CodedFacts = { record, occupationRows };
  for (const step of RECORD) step.write(out, facts);
  return facts;
}

/** Reads what {@link writeRecord} wrote; the record schema has not seen it yet. @throws YizhengError `QR_CORRUPT` */
export function readRecordFields(input: BitReader, occupationRows: number): CodedFacts {
  const facts: CodedFacts = { record: {}, occupationRows };
  for (const step of RECORD) step.read(input, facts);
  return facts;
}

/** The proof: what is fixed by our shape is left out, key name and time lean on the record. */
export const proofField: FieldCodec<DataIntegrityProof> = {
  write(out, proof, facts) {
    PROOF.write(
      out,
      {
        cryptosuite: proof.cryptosuite as (typeof CRYPTOSUITES)[number],
        created: (Date.parse(proof.created) - midnight(facts)) / 1000,
        fragment: proof.verificationMethod.slice(`${issuerId(facts)}#`.length),
        signature: decodeSignature(proof.proofValue.slice(1)) ?? base58.decode(proof.proofValue.slice(1)),
      },
      facts,
    );
  },
  read(input, facts) {
    const { cryptosuite, created, fragment, signature } = PROOF.read(input, facts);
    return {
      type: 'DataIntegrityProof',
      created: isoInstant(midnight(facts) + created * 1000).replace('.000Z', 'Z'),
      verificationMethod: `${issuerId(facts)}#${fragment}`,
      cryptosuite,
      proofPurpose: 'assertionMethod',
      proofValue: `z${encodeSignature(signature)}`,
    };
  },
};

const PROOF = members<{
  cryptosuite: (typeof CRYPTOSUITES)[number];
  created: number;
  fragment: string;
  signature: Uint8Array;
}>({
  cryptosuite: oneOf(CRYPTOSUITES, 3),
  created: signed(20),
  fragment: shortOr<string, number>(
    counted(4),
    (fragment) => {
      const number = /^key-(0|[1-9]\d{0,6})$/.exec(fragment)?.[1];
      return number === undefined ? undefined : Number(number);
    },
    (number) => `key-${number}`,
    text,
  ),
  signature: { write: (out, bytes) => out.writeBytes(bytes), read: (input) => input.readBytes(64) },
});

function midnight(facts: CodedFacts): number {
  return Date.parse(`${issuedOn(facts)}T00:00:00+08:00`);
}

function issuerId(facts: CodedFacts): string {
  return facts.record.issuer?.id ?? '';
}
