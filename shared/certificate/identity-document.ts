import { YizhengError } from '../errors.js';

/** Kinds of identity document a holder may show (DOMAIN §2.3). The order is frozen: the QR codec refers to it by place. */
export const IDENTITY_DOCUMENT_TYPES = [
  'resident-identity-card',
  'hk-macau-taiwan-residence-permit',
  'hk-macau-travel-permit',
  'taiwan-travel-permit',
  'passport',
  'macau-resident-identity-card',
  'hong-kong-identity-card',
] as const;

/** One of {@link IDENTITY_DOCUMENT_TYPES}. */
export type IdentityDocumentType = (typeof IDENTITY_DOCUMENT_TYPES)[number];

/** What the first 17 digits of a citizen number count (GB 11643), and the check character by the remainder of their sum by 11. */
export const CITIZEN_NUMBER_WEIGHTS: readonly number[] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** See {@link CITIZEN_NUMBER_WEIGHTS}. */
export const CITIZEN_NUMBER_CHECK = '10X98765432';
const CHINESE_18 = /^\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$/;

/** True when an 18-character citizen number has the right form and check character (GB 11643, ISO 7064 MOD 11-2). */
export function isCitizenNumber(number: string): boolean {
  if (!CHINESE_18.test(number)) return false;
  const sum = CITIZEN_NUMBER_WEIGHTS.reduce((total, weight, i) => total + weight * Number(number[i]), 0);
  return CITIZEN_NUMBER_CHECK[sum % 11] === number[17];
}

/**
 * Checks an identity document number and gives what may stand on a certificate: its last four characters.
 *
 * The full number is never part of a credential, a log line or an error message.
 * @param type document type
 * @param number full number as printed
 * @returns the last four characters, upper case
 * @throws YizhengError `ID_NUMBER_INVALID`
 */
export function lastFourOf(type: IdentityDocumentType, number: string): string {
  const upper = number.toUpperCase();
  const valid =
    type === 'resident-identity-card'
      ? isCitizenNumber(upper)
      : type === 'hk-macau-taiwan-residence-permit'
        ? isCitizenNumber(upper) && /^8[123]0000/.test(upper)
        : /^[A-Z0-9()]{6,20}$/.test(upper);
  if (!valid)
    throw new YizhengError(
      'ID_NUMBER_INVALID',
      'The identity document number has a wrong form or check character; compare it with the document.',
      { at: '/holder/idNumber', status: 422 },
    );
  return upper.replace(/[()]/g, '').slice(-4);
}
