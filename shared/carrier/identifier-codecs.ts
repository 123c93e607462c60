import { base58 } from '@scure/base';
import { certificateId } from '../certificate/credential.js';
import { INSTITUTION_CODE } from '../certificate/certificate-number.js';
import {
  bits,
  corrupt,
  digits,
  mapped,
  members,
  oneOf,
  optional,
  shortOr,
  text,
  type FactName,
  type FieldCodec,
  type KnownFacts,
} from './field-codec.js';
import { KNOWN_MARK } from './text-tokens-v1.js';

/** How every did:web begins. */
export const WEB_DID = 'did:web:';
/** How every accreditation's id begins. */
export const ACCREDITATION = 'urn:yizheng:accreditation:';
const CERTIFICATE = 'urn:yizheng:certificate:';
const LEVEL_CODES = '12345T';
const USCC_SIGNS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** A text with a fixed beginning, in which something already coded is not spelled out again. */
export function withKnown<F extends FactName>(
  known: (facts: Pick<KnownFacts, F>) => string | undefined,
  beginning = '',
): FieldCodec<string, F> {
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

/** {@link withKnown} with the code of the institution. */
export function withInstitutionCode(beginning = ''): FieldCodec<string, 'institutionCode'> {
  return withKnown<'institutionCode'>((facts) => facts.institutionCode, beginning);
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

const RULE_OF_22 = /^([YS]\d{12})(\d{2})([1-5T])(\d{6})$/;

/** A certificate number. */
export const certificateNumber = shortOr<string, NumberParts, 'issuedOn' | 'levelCode'>(
  members<NumberParts>({
    institutionCode,
    year: optional(digits(2)),
    levelCode: optional(oneOf([...LEVEL_CODES], 3)),
    serial: digits(6),
  }),
  (number, { issuedOn, levelCode: known }) => {
    const parts = RULE_OF_22.exec(number);
    if (!parts) return undefined;
    const [, code, year, levelCode, serial] = parts as unknown as [string, string, string, string, string];
    return {
      institutionCode: code,
      year: year === issuedOn.slice(2, 4) ? undefined : year,
      levelCode: levelCode === known ? undefined : levelCode,
      serial,
    };
  },
  (parts, facts) => {
    const levelCode = parts.levelCode ?? facts.levelCode;
    if (levelCode === undefined) throw corrupt();
    return parts.institutionCode + (parts.year ?? facts.issuedOn.slice(2, 4)) + levelCode + parts.serial;
  },
  text,
);

/** The institution code in a certificate number of 22 characters. */
export function codeInNumber(number: string): string | undefined {
  return RULE_OF_22.test(number) ? number.slice(0, 13) : undefined;
}

/** The institution code in an issuer's DID. */
export function codeInDid(did: string): string | undefined {
  return did.split(':').find((part) => INSTITUTION_CODE.test(part));
}

const codeByItself = optional(institutionCode);

/** The institution code; where the number does not hold it but the issuer's DID does, it is coded once, here. */
export const institution: FieldCodec<string | undefined, 'codeInNumber'> = {
  write(out, code, facts) {
    if (facts.codeInNumber === undefined) codeByItself.write(out, code, facts);
  },
  read: (input, facts) => facts.codeInNumber ?? codeByItself.read(input, facts),
};

const MOST_SHARED = 63;

/** The authority's DID, which often begins like the issuer's. */
export const authorityDid = shortOr<string, { shared: number; rest: string }, 'institutionCode' | 'issuerId'>(
  members<{ shared: number; rest: string }, 'institutionCode'>({ shared: bits(6), rest: withInstitutionCode() }),
  (did, { issuerId }) => {
    const shared = commonBeginning(did, issuerId) - WEB_DID.length;
    return shared < 6 ? undefined : { shared, rest: did.slice(WEB_DID.length + shared) };
  },
  ({ shared, rest }, { issuerId }) => issuerId.slice(0, WEB_DID.length + shared) + rest,
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
export const holderId = shortOr<string, { algorithm: number; key: Uint8Array }>(
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

/** Last four signs of an identity document. */
export const lastFour = shortOr<string, string>(
  digits(4),
  (value) => (/^\d{4}$/.test(value) ? value : undefined),
  (value) => value,
  mapped(
    bits(21),
    (value) => parseInt(value, 36),
    (value) => value.toString(36).toUpperCase().padStart(4, '0'),
  ),
);

/** 18 characters of 31 signs, three at a time. */
export const unifiedSocialCreditCode: FieldCodec<string> = {
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

/** `id` of the certificate this one replaces: mostly the revision before. */
export const supersedes = shortOr<string, true, 'certificateNumber' | 'institutionCode' | 'revision'>(
  { write: () => undefined, read: () => true },
  (id, facts) => (id === earlierRevision(facts) ? true : undefined),
  (_, facts) => earlierRevision(facts),
  withInstitutionCode(CERTIFICATE),
);

function earlierRevision(facts: Pick<KnownFacts, 'certificateNumber' | 'revision'>): string {
  return certificateId(facts.certificateNumber, facts.revision - 1);
}
