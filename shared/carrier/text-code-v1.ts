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
const FIRST_DIGIT = 0x30;
const LAST_DIGIT = 0x39;
const MOST_DIGITS = 9;
const MAX_SYMBOLS = 1_200;

/** How much a symbol stands for, and what that costs. */
interface Span {
  /** UTF-16 units it stands for. */
  length: number;
  width: number;
}

/** A piece of text and its bits, prefix included. */
interface Symbol extends Span {
  bits: number;
}

/** Runs of two and more digits. */
const DIGIT_RUNS: readonly Span[] = Array.from({ length: MOST_DIGITS - 1 }, (_, i) => ({
  length: i + 2,
  width: 4 + 3 + digitBits(i + 2),
}));
const RANGE_CHARACTER: Span = { length: 1, width: 18 };
const CODE_POINT: Span = { length: 1, width: 25 };
const ASTRAL_CODE_POINT: Span = { length: 2, width: 25 };

/** Table symbols by their first UTF-16 unit. */
const TABLE = new Map<number, (Symbol & { token: string })[]>();
for (const [list, prefix, prefixBits, valueBits] of [
  [SHORT_TOKENS, 0b001, 3, 5],
  [TOKENS, 0b01, 2, 7],
  [WORDS, 0b10, 2, 10],
  [PRINTABLE_ASCII, 0b1110, 4, 6],
] as const)
  list.forEach((token, value) => {
    const bits = prefix * 2 ** valueBits + value;
    const symbol = { token, length: token.length, bits, width: prefixBits + valueBits };
    TABLE.set(token.charCodeAt(0), [...(TABLE.get(token.charCodeAt(0)) ?? []), symbol]);
  });

/**
 * Writes a text in the fewest bits this code has for it; equally short spellings are decided towards the longest first
 * symbol, so that one text has one spelling.
 */
export function writeText(bits: BitWriter, text: string): void {
  for (const symbol of spelling(text)) bits.write(symbol.bits, symbol.width);
  bits.write(0b0000, 4);
}

/** Texts spelled lately and before: most texts of a certificate are those of the one before it. */
let recent = new Map<string, readonly Symbol[]>();
let earlier = new Map<string, readonly Symbol[]>();
const MOST_RECENT = 256;

function spelling(text: string): readonly Symbol[] {
  const found = recent.get(text);
  if (found) return found;
  const symbols = earlier.get(text) ?? spell(text);
  if (recent.size >= MOST_RECENT) {
    earlier = recent;
    recent = new Map();
  }
  recent.set(text, symbols);
  return symbols;
}

function spell(text: string): Symbol[] {
  const symbols: Symbol[] = [];
  for (let at = 0, choice = cheapestSpelling(text); at < text.length;) {
    const span = choice[at];
    if (!span) throw new RangeError('a text is spelled from its beginning to its end');
    symbols.push(symbolOf(span, text, at));
    at += span.length;
  }
  return symbols;
}

/** The first symbol of the cheapest spelling of what begins at each UTF-16 place; no two of equal length and cost stand for the same text. */
function cheapestSpelling(text: string): (Span | undefined)[] {
  const cost = new Float64Array(text.length + 1);
  const choice: (Span | undefined)[] = new Array<undefined>(text.length);
  let digits = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    let best: Span | undefined;
    let least = Infinity;
    const consider = (span: Span): void => {
      const total = span.width + (cost[at + span.length] ?? Infinity);
      if (total > least || (total === least && span.length <= (best?.length ?? 0))) return;
      least = total;
      best = span;
    };
    const unit = text.charCodeAt(at);
    for (const symbol of TABLE.get(unit) ?? [])
      if (symbol.length === 1 || text.startsWith(symbol.token, at)) consider(symbol);
    digits = unit >= FIRST_DIGIT && unit <= LAST_DIGIT ? Math.min(digits + 1, MOST_DIGITS) : 0;
    for (const run of DIGIT_RUNS.slice(0, Math.max(0, digits - 1))) consider(run);
    const point = text.codePointAt(at) ?? 0;
    if (rangeIndex(point) !== undefined) consider(RANGE_CHARACTER);
    consider(point > 0xffff ? ASTRAL_CODE_POINT : CODE_POINT);
    choice[at] = best;
    cost[at] = least;
  }
  return choice;
}

/** The symbol of a span at its place in a text. */
function symbolOf(span: Span | Symbol, text: string, at: number): Symbol {
  if ('bits' in span) return span;
  const point = text.codePointAt(at) ?? 0;
  switch (span) {
    case RANGE_CHARACTER:
      return { ...span, bits: 0b110 * 2 ** 15 + (rangeIndex(point) ?? 0) };
    case CODE_POINT:
    case ASTRAL_CODE_POINT:
      return { ...span, bits: 0b1111 * 2 ** 21 + point };
    default: {
      const width = digitBits(span.length);
      const value = Number(text.slice(at, at + span.length));
      return { ...span, bits: 0b0001 * 2 ** (3 + width) + (span.length - 2) * 2 ** width + value };
    }
  }
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
