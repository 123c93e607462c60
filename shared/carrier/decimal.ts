import { YizhengError } from '../errors.js';

/** Most payload bytes a QR text may hold: what a version 40 symbol at ECC L takes as digits. */
export const MAX_PAYLOAD_BYTES = 2_940;
const MAX_DIGITS = 7_089;
/**
 * Words of 20 bits and groups of eight digits, lowest first: 84 products of 20 with 26.6 bits and their carry stay below 2^53, where
 * every sum is exact.
 */
const WORD = 2 ** 20;
const WORD_BYTES = 2.5;
const MOST_WORDS = 80;
const ALL_WORDS = MOST_WORDS + 2;
const GROUP = 1e8;
const GROUP_DIGITS = 8;
/** Groups are summed up four at a time, which is twice as fast as one after the other. */
const AT_ONCE = 4;
const ALL_GROUPS = AT_ONCE * Math.ceil((ALL_WORDS * WORD_BYTES * Math.log10(256)) / GROUP_DIGITS / AT_ONCE);
const words = new Float64Array(ALL_WORDS);
const groups = new Float64Array(ALL_GROUPS);
/** What each word is worth in each group; four groups stand together, word by word. */
const groupsOfWord = new Float64Array(ALL_WORDS * ALL_GROUPS);
/** The lowest word that is worth something in a group: those below are smaller than it. */
const firstWords = new Int32Array(ALL_GROUPS).fill(ALL_WORDS);
for (let word = ALL_WORDS - 1; word >= 0; word--) {
  let weight = BigInt(WORD) ** BigInt(word);
  for (let group = 0; group < ALL_GROUPS; group++, weight /= BigInt(GROUP)) {
    const together = group - (group % AT_ONCE);
    groupsOfWord[together * ALL_WORDS + word * AT_ONCE + group - together] = Number(weight % BigInt(GROUP));
    if (weight > 0n) firstWords[group] = word;
  }
}
/** Four decimal digits as ASCII in one number. */
const fourDigits = Int32Array.from({ length: 10_000 }, (_, value) =>
  [...String(value).padStart(4, '0')].reduce((units, digit) => (units << 8) | digit.charCodeAt(0), 0),
);
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * Writes bytes as one decimal number, the densest URL-safe text a QR symbol knows (10 bits for 3 digits).
 * @param bytes payload whose first byte is not zero, so that no leading zero can be lost; at most {@link MAX_PAYLOAD_BYTES}
 * @throws YizhengError `QR_TOO_LARGE` (413)
 */
export function bytesToDecimal(bytes: Uint8Array): string {
  if (bytes[0] === undefined || bytes[0] === 0) throw new RangeError('a payload starts with a byte other than zero');
  if (bytes.length > MAX_PAYLOAD_BYTES)
    throw new YizhengError('QR_TOO_LARGE', 'The credential is too large for a QR code.', { status: 413 });
  let hex = '0x';
  for (const byte of bytes) hex += HEX[byte] ?? '';
  return BigInt(hex).toString();
}

/**
 * {@link bytesToDecimal} as ASCII, several times faster for payloads of the usual size.
 * @param out room for 2.5 digits a byte from `start` on
 * @returns where the digits end
 * @throws YizhengError `QR_TOO_LARGE` (413)
 */
export function writeDecimal(bytes: Uint8Array, out: Uint8Array, start: number): number {
  if (bytes.length > MOST_WORDS * WORD_BYTES || bytes[0] === undefined || bytes[0] === 0) {
    const text = bytesToDecimal(bytes);
    for (let i = 0; i < text.length; i++) out[start + i] = text.charCodeAt(i);
    return start + text.length;
  }
  let place = toGroups(bytes) - 1;
  while (place > 0 && groups[place] === 0) place--;
  const first = String(groups[place]);
  let end = start;
  for (let i = 0; i < first.length; i++) out[end++] = first.charCodeAt(i);
  for (place--; place >= 0; place--, end += GROUP_DIGITS) {
    const group = groups[place] ?? 0;
    const high = (group / 10_000) | 0;
    const left = fourDigits[high] ?? 0;
    const right = fourDigits[group - high * 10_000] ?? 0;
    out[end] = left >> 24;
    out[end + 1] = left >> 16;
    out[end + 2] = left >> 8;
    out[end + 3] = left;
    out[end + 4] = right >> 24;
    out[end + 5] = right >> 16;
    out[end + 6] = right >> 8;
    out[end + 7] = right;
  }
  return end;
}

/** Writes the number to `groups`, the lowest first: each word times its weight in each group, carried over once. @returns how many */
function toGroups(bytes: Uint8Array): number {
  let count = 0;
  let at = bytes.length;
  for (; at >= 5; at -= 5) {
    const middle = bytes[at - 3] ?? 0;
    words[count++] = ((middle & 15) << 16) | ((bytes[at - 2] ?? 0) << 8) | (bytes[at - 1] ?? 0);
    words[count++] = ((bytes[at - 5] ?? 0) << 12) | ((bytes[at - 4] ?? 0) << 4) | (middle >> 4);
  }
  let rest = 0;
  for (let i = 0; i < at; i++) rest = rest * 256 + (bytes[i] ?? 0);
  words[count++] = rest % WORD;
  words[count++] = Math.floor(rest / WORD);
  const used = Math.ceil((count * WORD_BYTES * Math.log10(256)) / GROUP_DIGITS);
  let carry = 0;
  for (let group = 0; group < used; group += AT_ONCE) {
    let [first, second, third, fourth] = [0, 0, 0, 0];
    let word = firstWords[group] ?? 0;
    for (let place = group * ALL_WORDS + word * AT_ONCE; word < count; word++, place += AT_ONCE) {
      const value = words[word] ?? 0;
      first += value * (groupsOfWord[place] ?? 0);
      second += value * (groupsOfWord[place + 1] ?? 0);
      third += value * (groupsOfWord[place + 2] ?? 0);
      fourth += value * (groupsOfWord[place + 3] ?? 0);
    }
    carry = settle(group, first + carry);
    carry = settle(group + 1, second + carry);
    carry = settle(group + 2, third + carry);
    carry = settle(group + 3, fourth + carry);
  }
  return used;
}

function settle(group: number, sum: number): number {
  const carry = Math.floor(sum / GROUP);
  groups[group] = sum - carry * GROUP;
  return carry;
}

/**
 * Reads what {@link bytesToDecimal} wrote; one payload has exactly one text.
 * @throws YizhengError `QR_DIGITS` for anything but digits without leading zero, `QR_TOO_LARGE` (413)
 */
export function decimalToBytes(digits: string): Uint8Array {
  if (digits.length > MAX_DIGITS)
    throw new YizhengError('QR_TOO_LARGE', 'More digits than a QR code can hold.', { status: 413 });
  if (!/^[1-9][0-9]*$/.test(digits))
    throw new YizhengError('QR_DIGITS', 'The digits of the code are not written the one way they may be written.');
  const hex = BigInt(digits).toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Uint8Array.from({ length: even.length / 2 }, (_, i) => parseInt(even.slice(2 * i, 2 * i + 2), 16));
}
