import { YizhengError } from '../errors.js';
import { findLevel, type Level } from './level.js';

/** Province codes that may stand at places 6–7 (DOMAIN §2.1; XPCC, Hong Kong, Macau, Taiwan: unknown, so absent). */
export const PROVINCE_CODES: ReadonlySet<string> = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65'.split(' '),
);

/** The seven segments of a 22-character skill level certificate number (人社鉴发〔2019〕2号). */
export interface CertificateNumber {
  /** 1: `Y` employer, `S` social training and assessment organisation. */
  institutionKind: 'Y' | 'S';
  /** 2–5: registered with the ministry `0001`–`9999`, with a province `0000`. */
  ministryCode: string;
  /** 6–7: province of the institution or site. */
  province: string;
  /** 8–13: serial of the institution or site in its province. */
  institutionSerial: string;
  /** 14–15: last two digits of the year of issue. */
  year: string;
  /** 16: level code, `5`…`1`; `T` inferred for special-grade technicians (confidence D). */
  levelCode: string;
  /** 17–22: serial of the certificate. */
  serial: string;
}

/** What a number claims to be, by its form alone. A matching form proves nothing about authenticity. */
export type NumberFormat =
  | 'skill-level-22'
  | 'qualification-16'
  | 'qualification-shanghai-13'
  | 'special-operation-card'
  | 'construction-special-14'
  | 'special-equipment-12'
  | 'unknown';

const FORM_22 = /^([YS])(\d{4})(\d{2})(\d{6})(\d{2})([1-5T])(\d{6})$/;
const FORMATS: readonly (readonly [NumberFormat, RegExp])[] = [
  ['qualification-16', /^\d{6}[0-4]\d{3}[1-5]\d{5}$/],
  ['qualification-shanghai-13', /^\d{13}$/],
  ['special-operation-card', /^T\d{17}[\dX]$/],
  [
    'construction-special-14',
    /^[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼川渝贵云藏陕甘青宁新][A-Z]\d{2}(?:19|20)\d{2}\d{6}$/,
  ],
  ['special-equipment-12', /^TS6[A-Z][A-Z]{3}\d{5}$/],
];

/** Recognises the format of a certificate number (DOMAIN §2). */
export function numberFormat(number: string): NumberFormat {
  if (FORM_22.test(number) && PROVINCE_CODES.has(number.slice(5, 7))) return 'skill-level-22';
  return FORMATS.find(([, form]) => form.test(number))?.[0] ?? 'unknown';
}

/**
 * Parses a 22-character skill level certificate number.
 * @throws YizhengError `NUMBER_FORMAT` naming the first segment that is wrong
 */
export function parseCertificateNumber(number: string): CertificateNumber {
  const parts = FORM_22.exec(number);
  if (!parts)
    throw format(
      number.length === 22
        ? 'it is not one letter Y or S and 21 digits with level 1–5 at place 16'
        : `it has ${number.length} characters instead of 22`,
    );
  const [, kind, ministryCode, province, institutionSerial, year, levelCode, serial] = parts as unknown as [
    string,
    'Y' | 'S',
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (!PROVINCE_CODES.has(province)) throw format(`${province} at places 6–7 is not a known province code`);
  if (serial === '000000') throw format('the serial at places 17–22 starts at 000001');
  return { institutionKind: kind, ministryCode, province, institutionSerial, year, levelCode, serial };
}

/** First 13 characters: the institution (or site) as its authority registered it. @throws as {@link parseCertificateNumber} */
export function institutionCodeOf(number: string): string {
  parseCertificateNumber(number);
  return number.slice(0, 13);
}

/** Form of a 13-character institution code: the number's first three segments. */
export const INSTITUTION_CODE = /^[YS]\d{4}(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])\d{6}$/;

/**
 * Composes a certificate number.
 * @param facts `institutionCode` 13 characters; `issuedOn` YYYY-MM-DD; `level`; `serial` 1–999,999 per institution × year × level
 * @param options `allowInferredLevelCodes`: permit codes no official rule was found for (special-grade `T`); off by default
 * @returns 22 characters
 * @throws YizhengError `NUMBER_FORMAT`, `NUMBER_SERIAL_EXHAUSTED`, `NUMBER_LEVEL_CODE_UNKNOWN`
 */
export function composeCertificateNumber(
  facts: { institutionCode: string; issuedOn: string; level: Level; serial: number },
  options: { allowInferredLevelCodes?: boolean } = {},
): string {
  if (!INSTITUTION_CODE.test(facts.institutionCode))
    throw format(`${facts.institutionCode.slice(0, 30)} is not a 13-character institution code`);
  if (!Number.isInteger(facts.serial) || facts.serial < 1 || facts.serial > 999_999)
    throw new YizhengError(
      'NUMBER_SERIAL_EXHAUSTED',
      'The six-digit serial of this institution, year and level is used up.',
      { status: 409 },
    );
  return `${facts.institutionCode}${facts.issuedOn.slice(2, 4)}${levelCodeOf(facts.level, options)}${String(facts.serial).padStart(6, '0')}`;
}

/** The 16th character for a level. @throws YizhengError `NUMBER_LEVEL_CODE_UNKNOWN` where no rule is known or confirmed */
export function levelCodeOf(level: Level, options: { allowInferredLevelCodes?: boolean } = {}): string {
  const row = findLevel(level);
  if (row?.numberCode === undefined || (row.numberCodeConfirmed !== true && options.allowInferredLevelCodes !== true))
    throw new YizhengError(
      'NUMBER_LEVEL_CODE_UNKNOWN',
      `No confirmed numbering rule for level ${level.framework}:${level.value}; give the certificate number the authority assigned.`,
      { at: '/level', status: 422 },
    );
  return row.numberCode;
}

/** What a number must agree with. */
export interface NumberClaims {
  /** 13-character code of the institution that signs. */
  institutionCode: string;
  /** Date of issue, YYYY-MM-DD. */
  issuedOn: string;
  level: Level;
}

/**
 * Cross-checks a 22-character number against the certificate it stands on (BR3).
 * @returns codes of what disagrees, in order; empty when all agree:
 *   `NUMBER_FORMAT`, `NUMBER_INSTITUTION_MISMATCH`, `NUMBER_YEAR_MISMATCH`, `NUMBER_LEVEL_MISMATCH`
 */
export function checkCertificateNumber(number: string, claims: NumberClaims): string[] {
  let parts: CertificateNumber;
  try {
    parts = parseCertificateNumber(number);
  } catch {
    return ['NUMBER_FORMAT'];
  }
  const problems: string[] = [];
  if (number.slice(0, 13) !== claims.institutionCode) problems.push('NUMBER_INSTITUTION_MISMATCH');
  if (parts.year !== claims.issuedOn.slice(2, 4)) problems.push('NUMBER_YEAR_MISMATCH');
  if (parts.levelCode !== findLevel(claims.level)?.numberCode) problems.push('NUMBER_LEVEL_MISMATCH');
  return problems;
}

/** Pads an old 13-digit Shanghai qualification number to the 16-digit form used for look-up (DOMAIN §2.2). */
export function padShanghaiNumber(number: string): string {
  return /^\d{13}$/.test(number) ? `000${number}` : number;
}

function format(what: string): YizhengError {
  return new YizhengError('NUMBER_FORMAT', `Not a skill level certificate number: ${what}.`, {
    at: '/certificateNumber',
    status: 422,
  });
}
