const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BYTES = 64;
const MAX_DIGITS = 88;
/**
 * A signature is 22 words of 24 bits (the first of 8), its text 22 groups of four digits. Both ways each word is multiplied with its
 * weight in the other system, group by group, and carried over once: 22 products of 24 with 23.5 bits and their carry stay below
 * 2^53, where every sum is exact.
 */
const PLACES = 22;
const WORD = 2 ** 24;
const DIGITS = 4;
const GROUP = 58 ** DIGITS;
const PAIR = 58 * 58;
const ONE = 0x31;

const digitOf = new Int8Array(128).fill(-1);
for (let i = 0; i < ALPHABET.length; i++) digitOf[ALPHABET.charCodeAt(i)] = i;
const digitPairs = Array.from({ length: PAIR }, (_, pair) => sign(Math.floor(pair / 58)) + sign(pair % 58));
const pairUnits = Uint16Array.from(digitPairs, (pair) => (pair.charCodeAt(0) << 8) | pair.charCodeAt(1));
const groupsOfWord = weights(WORD, GROUP);
const wordsOfGroup = weights(GROUP, WORD);

const input = new Float64Array(PLACES);
const output = new Float64Array(PLACES);

/** Base58btc of a 64-byte Ed25519 signature; many times faster than a general encoder. @throws RangeError for another length */
export function encodeSignature(signature: Uint8Array): string {
  toGroups(signature);
  let text = '';
  for (let i = 0; i < PLACES; i++) {
    const group = output[i] ?? 0;
    const high = (group / PAIR) | 0;
    text += (digitPairs[high] ?? '') + (digitPairs[group - high * PAIR] ?? '');
  }
  return '1'.repeat(leadingUnits(signature, 0, 0)) + text.slice(leadingOnes(text));
}

/**
 * Writes {@link encodeSignature} as bytes.
 * @param out room for 88 bytes from `start` on
 * @returns where the text ends
 * @throws RangeError for a signature of another length
 */
export function writeSignature(signature: Uint8Array, out: Uint8Array, start: number): number {
  toGroups(signature);
  for (let i = 0, end = start; i < PLACES; i++, end += DIGITS) {
    const group = output[i] ?? 0;
    const high = (group / PAIR) | 0;
    const left = pairUnits[high] ?? 0;
    const right = pairUnits[group - high * PAIR] ?? 0;
    out[end] = left >> 8;
    out[end + 1] = left;
    out[end + 2] = right >> 8;
    out[end + 3] = right;
  }
  const tooMany = leadingUnits(out, start, ONE) - leadingUnits(signature, 0, 0);
  if (tooMany > 0) out.copyWithin(start, start + tooMany, start + MAX_DIGITS);
  return start + MAX_DIGITS - tooMany;
}

/** Reads base58btc that {@link encodeSignature} could have written; undefined for anything else. */
export function decodeSignature(text: string): Uint8Array | undefined {
  if (text.length < BYTES || text.length > MAX_DIGITS) return undefined;
  let at = text.length - MAX_DIGITS;
  let isKnown = 0;
  for (let i = 0; i < PLACES; i++) {
    let group = 0;
    for (let k = 0; k < DIGITS; k++, at++) {
      const digit = at < 0 ? 0 : (digitOf[text.charCodeAt(at)] ?? -1);
      isKnown |= digit;
      group = group * 58 + digit;
    }
    input[i] = group;
  }
  if (isKnown < 0) return undefined;
  convert(wordsOfGroup, WORD);
  const first = output[0] ?? 0;
  if (first > 0xff) return undefined;
  const signature = new Uint8Array(BYTES);
  signature[0] = first;
  for (let i = 1, place = 1; i < PLACES; i++, place += 3) {
    const word = output[i] ?? 0;
    signature[place] = word >>> 16;
    signature[place + 1] = word >>> 8;
    signature[place + 2] = word;
  }
  return leadingOnes(text) === leadingUnits(signature, 0, 0) ? signature : undefined;
}

function toGroups(signature: Uint8Array): void {
  if (signature.length !== BYTES) throw new RangeError('an Ed25519 signature has 64 bytes');
  input[0] = signature[0] ?? 0;
  for (let i = 1, place = 1; i < PLACES; i++, place += 3)
    input[i] = ((signature[place] ?? 0) << 16) | ((signature[place + 1] ?? 0) << 8) | (signature[place + 2] ?? 0);
  convert(groupsOfWord, GROUP);
}

/** Writes the number in `input` to `output`, whose places are worth powers of `radix`. A place is worth nothing in higher ones. */
function convert(table: Float64Array, radix: number): void {
  let carry = 0;
  for (let to = PLACES - 1; to >= 0; to--) {
    let sum = carry;
    for (let from = 0, place = to * PLACES; from <= to; from++, place++)
      sum += (input[from] ?? 0) * (table[place] ?? 0);
    carry = Math.floor(sum / radix);
    output[to] = sum - carry * radix;
  }
  output[0] = (output[0] ?? 0) + carry * radix;
}

/** What each place of one system is worth in the other, by place of the other. */
function weights(from: number, to: number): Float64Array {
  const table = new Float64Array(PLACES * PLACES);
  for (let place = 0; place < PLACES; place++) {
    let weight = BigInt(from) ** BigInt(PLACES - 1 - place);
    for (let i = PLACES - 1; i >= 0; i--, weight /= BigInt(to)) table[i * PLACES + place] = Number(weight % BigInt(to));
  }
  return table;
}

function leadingUnits(bytes: Uint8Array, start: number, unit: number): number {
  let count = 0;
  while (count < MAX_DIGITS && bytes[start + count] === unit) count++;
  return count;
}

function leadingOnes(text: string): number {
  let count = 0;
  while (text[count] === '1') count++;
  return count;
}

function sign(digit: number): string {
  return ALPHABET[digit] ?? '';
}
