import { YizhengError } from '../errors.js';
import type { BitReader, BitWriter } from './bit-stream.js';
import { CHARACTER_RANGES, PRINTABLE_ASCII, SHORT_TOKENS, TOKENS, WORDS } from './text-tokens-v1.js';

/**
 * Static text code, version 1 — frozen: printed certificates depend on every bit of it.
 *
 * ```
 * 0000           end of text
 * 0001 nnn x…    n + 2 digits (2–9) as one number of 7, 10, 14, 17, 20, 24, 27 or 30 bits
 * 001  5 bits    SHORT_TOKENS
 * 01   7 bits    TOKENS
 * 10   10 bits   WORDS
 * 110  15 bits   CHARACTER_RANGES (CJK, its punctuation, Latin with accents)
 * 1110 6 bits    PRINTABLE_ASCII
 * 1111 21 bits   any code point
 * ```
 */
const DIGITS = /[0-9]{0,9}/y;
const MAX_SYMBOLS = 1_200;

interface Symbol {
  /** UTF-16 units it stands for. */
  length: number;
  prefix: number;
  prefixBits: number;
  value: number;
  valueBits: number;
}

/** Table symbols by their first UTF-16 unit. */
const TABLE = new Map<number, (Symbol & { token: string })[]>();
for (const [list, prefix, prefixBits, valueBits] of [
  [SHORT_TOKENS, 0b001, 3, 5],
  [TOKENS, 0b01, 2, 7],
  [WORDS, 0b10, 2, 10],
  [PRINTABLE_ASCII, 0b1110, 4, 6],
] as const)
  list.forEach((token, value) => {
    const symbol = { token, length: token.length, prefix, prefixBits, value, valueBits };
    TABLE.set(token.charCodeAt(0), [...(TABLE.get(token.charCodeAt(0)) ?? []), symbol]);
  });

/**
 * Writes a text in the fewest bits this code has for it; equally short spellings are decided towards the longest first
 * symbol, so that one text has one spelling.
 */
export function writeText(bits: BitWriter, text: string): void {
  for (let at = 0, choice = cheapestSpelling(text); at < text.length;) {
    const symbol = choice[at];
    if (!symbol) throw new RangeError('a text is spelled from its beginning to its end');
    bits.write(symbol.prefix, symbol.prefixBits);
    bits.write(symbol.value, symbol.valueBits);
    at += symbol.length;
  }
  bits.write(0b0000, 4);
}

/** The first symbol of the cheapest spelling of what begins at each UTF-16 place. */
function cheapestSpelling(text: string): (Symbol | undefined)[] {
  const cost = new Float64Array(text.length + 1);
  const choice: (Symbol | undefined)[] = [];
  for (let at = text.length - 1; at >= 0; at--) {
    let best = Infinity;
    for (const symbol of symbolsAt(text, at)) {
      const total = symbol.prefixBits + symbol.valueBits + (cost[at + symbol.length] ?? Infinity);
      if (total > best || (total === best && symbol.length <= (choice[at]?.length ?? 0))) continue;
      best = total;
      choice[at] = symbol;
    }
    cost[at] = best;
  }
  return choice;
}

/** Reads a text. @throws YizhengError `QR_CORRUPT` */
export function readText(bits: BitReader): string {
  let text = '';
  for (let symbols = 0; symbols < MAX_SYMBOLS; symbols++) {
    const next = readSymbol(bits);
    if (next === undefined) return text;
    text += next;
  }
  throw corrupt();
}

/** The text of the next symbol, or undefined at the end of the text. */
function readSymbol(bits: BitReader): string | undefined {
  switch (bits.read(2)) {
    case 0b00:
      if (bits.flag()) return listed(SHORT_TOKENS, bits.read(5));
      return bits.flag() ? readDigits(bits) : undefined;
    case 0b01:
      return listed(TOKENS, bits.read(7));
    case 0b10:
      return listed(WORDS, bits.read(10));
    default:
      if (!bits.flag()) return rangeCharacter(bits.read(15));
      return bits.flag() ? codePoint(bits.read(21)) : listed(PRINTABLE_ASCII, bits.read(6));
  }
}

function readDigits(bits: BitReader): string {
  const length = bits.read(3) + 2;
  return String(bits.read(digitBits(length))).padStart(length, '0');
}

/** Bits of a number of `length` decimal digits. */
function digitBits(length: number): number {
  return Math.ceil(length * Math.log2(10));
}

/** Every symbol that can stand for what begins at `offset`; no two of equal span and cost stand for the same text. */
function* symbolsAt(text: string, at: number): Generator<Symbol> {
  const point = text.codePointAt(at) ?? 0;
  for (const symbol of TABLE.get(text.charCodeAt(at)) ?? []) if (text.startsWith(symbol.token, at)) yield symbol;
  DIGITS.lastIndex = at;
  const run = DIGITS.exec(text)?.[0] ?? '';
  for (let length = 2; length <= run.length; length++) {
    const value = (length - 2) * 2 ** digitBits(length) + Number(run.slice(0, length));
    yield { length, prefix: 0b0001, prefixBits: 4, value, valueBits: 3 + digitBits(length) };
  }
  const index = rangeIndex(point);
  if (index !== undefined) yield { length: 1, prefix: 0b110, prefixBits: 3, value: index, valueBits: 15 };
  yield { length: point > 0xffff ? 2 : 1, prefix: 0b1111, prefixBits: 4, value: point, valueBits: 21 };
}

function rangeIndex(point: number): number | undefined {
  let base = 0;
  for (const [first, last] of CHARACTER_RANGES) {
    if (point >= first && point <= last) return base + point - first;
    base += last - first + 1;
  }
  return undefined;
}

function rangeCharacter(index: number): string {
  let rest = index;
  for (const [first, last] of CHARACTER_RANGES) {
    if (rest <= last - first) return String.fromCodePoint(first + rest);
    rest -= last - first + 1;
  }
  throw corrupt();
}

function listed(list: readonly string[], index: number): string {
  const token = list[index];
  if (token === undefined) throw corrupt();
  return token;
}

function codePoint(point: number): string {
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw corrupt();
  return String.fromCodePoint(point);
}

function corrupt(): YizhengError {
  return new YizhengError('QR_CORRUPT', 'The code holds a text that cannot be read: it was damaged; scan it again.');
}
