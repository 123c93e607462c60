import { CITIZEN_NUMBER_CHECK, CITIZEN_NUMBER_WEIGHTS } from '../../../shared/certificate/identity-document.js';

/** Cells of plain rows as bytes: what may stand in them so that no check can object, whatever stands beside them. */

/** Characters of a name. */
const SHORTEST_NAME = 2;
const LONGEST_NAME = 20;
const LONGEST_ID = 40;
/** As many digits one after the other may be the number of a document. */
const LONG_NUMBER = 12;
const ID_NUMBER = 18;

const DIGIT_0 = 0x30;
const DIGIT_1 = 0x31;
const DIGIT_6 = 0x36;
const DIGIT_9 = 0x39;
const HYPHEN = 0x2d;
const POINT = 0x2e;
const LETTER_A = 0x61;
const LETTER_Z = 0x7a;

/** Han characters (U+4E00 to U+9FFF), 2 to 20 with single dots `·` (U+00B7) between them. */
export function isPlainName(bytes: Uint8Array, start: number, end: number): boolean {
  let characters = 0;
  let afterHan = false;
  for (let at = start; at < end; characters++) {
    const lead = bytes[at] ?? 0;
    const next = bytes[at + 1] ?? 0;
    if (lead === 0xc2) {
      if (next !== 0xb7 || !afterHan) return false;
      afterHan = false;
      at += 2;
    } else {
      if (lead < 0xe4 || lead > 0xe9 || (lead === 0xe4 && next < 0xb8)) return false;
      afterHan = true;
      at += 3;
    }
    if (at > end) return false;
  }
  return afterHan && characters >= SHORTEST_NAME && characters <= LONGEST_NAME;
}

/** The number of a Chinese identity card: `isCitizenNumber` of bytes. */
export function isPlainIdNumber(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== ID_NUMBER) return false;
  let sum = 0;
  for (let i = 0; i < ID_NUMBER - 1; i++) {
    const digit = (bytes[start + i] ?? 0) - DIGIT_0;
    if (digit < 0 || digit > 9) return false;
    sum += digit * (CITIZEN_NUMBER_WEIGHTS[i] ?? 0);
  }
  const century = twoDigits(bytes, start + 6);
  const month = twoDigits(bytes, start + 10);
  const day = twoDigits(bytes, start + 12);
  if ((century !== 19 && century !== 20) || month < 1 || month > 12 || day < 1 || day > 31) return false;
  return bytes[end - 1] === CITIZEN_NUMBER_CHECK.charCodeAt(sum % 11);
}

function twoDigits(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) - DIGIT_0) * 10 + (bytes[at + 1] ?? 0) - DIGIT_0;
}

/** Letters, digits and hyphens, 40 at most, the first no hyphen and no 12 digits one after the other. */
export function isPlainId(bytes: Uint8Array, start: number, end: number): boolean {
  if (end <= start || end - start > LONGEST_ID || bytes[start] === HYPHEN) return false;
  let digits = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    const small = byte | 0x20;
    if (byte >= DIGIT_0 && byte <= DIGIT_9) {
      if (++digits === LONG_NUMBER) return false;
    } else if (byte === HYPHEN || (small >= LETTER_A && small <= LETTER_Z)) digits = 0;
    else return false;
  }
  return true;
}

/**
 * A score that passes: 60 to 99, perhaps with one decimal, or 100.
 * @returns the byte behind it, without a decimal that says nothing (`75.0`); -1 where it is none
 */
export function endOfPlainScore(bytes: Uint8Array, start: number, end: number): number {
  const isHundred = bytes[start] === DIGIT_1;
  const whole = start + (isHundred ? 3 : 2);
  if (end !== whole && end !== whole + 2) return -1;
  if (isHundred && (bytes[start + 1] !== DIGIT_0 || bytes[start + 2] !== DIGIT_0)) return -1;
  if (!isHundred && !(isBetween(bytes[start], DIGIT_6, DIGIT_9) && isBetween(bytes[start + 1], DIGIT_0, DIGIT_9)))
    return -1;
  if (end === whole) return end;
  if (bytes[whole] !== POINT) return -1;
  if (bytes[whole + 1] === DIGIT_0) return whole;
  return !isHundred && isBetween(bytes[whole + 1], DIGIT_1, DIGIT_9) ? end : -1;
}

function isBetween(byte: number | undefined, least: number, most: number): boolean {
  return byte !== undefined && byte >= least && byte <= most;
}
