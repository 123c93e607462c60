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

const NO_MINISTRY = '0000';
const ministry = digits(4);
const restOfCode = digits(8);

const institutionCode: FieldCodec<string> = {
  write(out, code, facts) {
    out.flag(!code.startsWith('Y'));
    const four = code.slice(1, 5);
    if (out.flag(four !== NO_MINISTRY)) ministry.write(out, four, facts);
    restOfCode.write(out, code.slice(5), facts);
  },
  read(input, facts) {
    const kind = input.flag() ? 'S' : 'Y';
    const four = input.flag() ? ministry.read(input, facts) : NO_MINISTRY;
    return kind + four + restOfCode.read(input, facts);
  },
};

const CODE_LENGTH = 13;
const LEVEL_PLACE = 15;
const RULE_LENGTH = 22;

/** Whether a number is an institution code, two digits of a year, a level's digit and six digits. */
function followsRule(number: string): boolean {
  if (number.length !== RULE_LENGTH || !(number.startsWith('S') || number.startsWith('Y'))) return false;
  for (let i = 1; i < RULE_LENGTH; i++) {
    const unit = number.charCodeAt(i);
    if (i !== LEVEL_PLACE && (unit < 0x30 || unit > 0x39)) return false;
  }
  return LEVEL_CODES.includes(number.charAt(LEVEL_PLACE));
}

const year = digits(2);
const levelCode = oneOf([...LEVEL_CODES], 3);
const serial = digits(6);

/** A certificate number: by its parts where it follows the rule, the year of issue and the level's own digit left out; else as text. */
export const certificateNumber: FieldCodec<string, 'issuedOn' | 'levelCode'> = {
  write(out, number, facts) {
    if (!out.flag(followsRule(number))) {
      text.write(out, number, facts);
      return;
    }
    institutionCode.write(out, number.slice(0, CODE_LENGTH), facts);
    const yearOfNumber = number.slice(CODE_LENGTH, LEVEL_PLACE);
    if (out.flag(yearOfNumber !== facts.issuedOn.slice(2, 4))) year.write(out, yearOfNumber, facts);
    const codeOfNumber = number.charAt(LEVEL_PLACE);
    if (out.flag(codeOfNumber !== facts.levelCode)) levelCode.write(out, codeOfNumber, facts);
    serial.write(out, number.slice(LEVEL_PLACE + 1), facts);
  },
  read(input, facts) {
    if (!input.flag()) return text.read(input, facts);
    const code = institutionCode.read(input, facts);
    const yearOfNumber = input.flag() ? year.read(input, facts) : facts.issuedOn.slice(2, 4);
    const codeOfNumber = input.flag() ? levelCode.read(input, facts) : facts.levelCode;
    const serialOfNumber = serial.read(input, facts);
    if (codeOfNumber === undefined) throw corrupt();
    return code + yearOfNumber + codeOfNumber + serialOfNumber;
  },
};

/** The institution code in a certificate number of 22 characters. */
export function codeInNumber(number: string): string | undefined {
  return followsRule(number) ? number.slice(0, CODE_LENGTH) : undefined;
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
