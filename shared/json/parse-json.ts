import { YizhengError } from '../errors.js';

/** A JSON value as `JSON.parse` makes it (RFC 8259). */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [member: string]: JsonValue };

/** A JSON object. */
export type JsonObject = { [member: string]: JsonValue };

/** Limits a JSON text must keep before anything else looks at it. */
export interface JsonLimits {
  /** Largest text, in UTF-8 bytes. */
  maxBytes: number;
  /** Deepest nesting of objects and arrays; a scalar has depth 0. */
  maxDepth: number;
  /** Most objects and arrays together. */
  maxNodes: number;
}

/** Limits for a credential or presentation (design/SECURITY.md F15). */
export const CREDENTIAL_LIMITS: JsonLimits = { maxBytes: 64 * 1024, maxDepth: 16, maxNodes: 300 };

/** Limits for a registry feed file or bundle: large but flat. */
export const BUNDLE_LIMITS: JsonLimits = {
  maxBytes: 64 * 1024 * 1024,
  maxDepth: 24,
  maxNodes: 4_000_000,
};

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LETTER_F = 0x66;
const LETTER_N = 0x6e;
const LETTER_T = 0x74;
const BACKSLASH = 0x5c;
const FIRST_PLAIN = 0x20;

/**
 * Parses a JSON text so that no two readers can read it differently.
 *
 * Refused beyond RFC 8259: duplicate members, a byte-order mark, invalid UTF-8, lone surrogates, `__proto__` members,
 * numbers that are not finite or are integers beyond ±(2^53 − 1), and anything over `limits`.
 *
 * @param input JSON text, or its UTF-8 bytes
 * @param limits size, depth and node limits; {@link CREDENTIAL_LIMITS} unless given
 * @returns the value
 * @throws YizhengError `JSON_TOO_LARGE` (413), `JSON_TOO_DEEP`, `JSON_TOO_MANY_NODES`, `JSON_NOT_UTF8`, `JSON_BOM`,
 *   `JSON_SYNTAX`, `JSON_DUPLICATE_KEY`, `JSON_FORBIDDEN_KEY`, `JSON_LONE_SURROGATE`, `JSON_NUMBER_RANGE`
 */
export function parseJson(input: string | Uint8Array, limits: JsonLimits = CREDENTIAL_LIMITS): JsonValue {
  const size = typeof input === 'string' ? input.length : input.byteLength;
  if (size > limits.maxBytes) throw tooLarge(limits);
  let text: string;
  // UTF-8 holds no half characters; of a text it is asked once, and then only where an escape may write one.
  let isWellFormed = true;
  if (typeof input === 'string') {
    text = input;
    if (text.length * 3 > limits.maxBytes && utf8Length(text) > limits.maxBytes) throw tooLarge(limits);
    isWellFormed = text.isWellFormed();
  } else {
    try {
      text = decoder.decode(input);
    } catch (cause) {
      throw new YizhengError('JSON_NOT_UTF8', 'The JSON text is not valid UTF-8.', { cause });
    }
  }
  if (text.charCodeAt(0) === 0xfeff)
    throw new YizhengError('JSON_BOM', 'The JSON text starts with a byte-order mark; remove it.');
  return new Scanner(text, limits, isWellFormed).document();
}

/** Parses like {@link parseJson} and demands an object. @throws YizhengError as `parseJson`, and `JSON_NOT_OBJECT` */
export function parseJsonObject(input: string | Uint8Array, limits: JsonLimits = CREDENTIAL_LIMITS): JsonObject {
  const value = parseJson(input, limits);
  if (!isJsonObject(value)) throw new YizhengError('JSON_NOT_OBJECT', 'The JSON text must be an object: { … }.');
  return value;
}

/** True for a JSON object (not null, not an array). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Length of a text in UTF-8 bytes. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) length += 1;
    else if (unit < 0x800) length += 2;
    else if (unit >= 0xd800 && unit < 0xdc00) {
      length += 4;
      i++;
    } else length += 3;
  }
  return length;
}

function tooLarge(limits: JsonLimits): YizhengError {
  return new YizhengError('JSON_TOO_LARGE', `The JSON text is larger than ${limits.maxBytes} bytes.`, { status: 413 });
}

class Scanner {
  private position = 0;
  private nodes = 0;

  constructor(
    private readonly text: string,
    private readonly limits: JsonLimits,
    private readonly isWellFormed: boolean,
  ) {}

  document(): JsonValue {
    this.space();
    const value = this.value(0);
    this.space();
    if (this.position < this.text.length) throw this.syntax('text after the end of the value');
    return value;
  }

  private value(depth: number): JsonValue {
    switch (this.text.charCodeAt(this.position)) {
      case OPEN_BRACE:
        return this.object(depth + 1);
      case OPEN_BRACKET:
        return this.array(depth + 1);
      case QUOTE:
        return this.string();
      case LETTER_T:
        return this.literal('true', true);
      case LETTER_F:
        return this.literal('false', false);
      case LETTER_N:
        return this.literal('null', null);
      default:
        return this.number();
    }
  }

  private enter(depth: number): void {
    if (depth > this.limits.maxDepth)
      throw new YizhengError('JSON_TOO_DEEP', `The JSON text nests deeper than ${this.limits.maxDepth} levels.`);
    if (++this.nodes > this.limits.maxNodes)
      throw new YizhengError(
        'JSON_TOO_MANY_NODES',
        `The JSON text holds more than ${this.limits.maxNodes} objects and arrays.`,
      );
    this.position++;
    this.space();
  }

  private object(depth: number): JsonObject {
    this.enter(depth);
    const object: JsonObject = {};
    if (this.take(CLOSE_BRACE)) return object;
    for (;;) {
      if (this.text.charCodeAt(this.position) !== QUOTE) throw this.syntax('a member name in quotes expected');
      const name = this.string();
      if (name === '__proto__')
        throw new YizhengError('JSON_FORBIDDEN_KEY', 'A member named "__proto__" is not allowed.');
      if (Object.hasOwn(object, name))
        throw new YizhengError('JSON_DUPLICATE_KEY', `The member "${name.slice(0, 60)}" appears twice in one object.`);
      this.space();
      if (!this.take(COLON)) throw this.syntax('":" expected');
      this.space();
      object[name] = this.value(depth);
      this.space();
      if (this.take(CLOSE_BRACE)) return object;
      if (!this.take(COMMA)) throw this.syntax('"," or "}" expected');
      this.space();
    }
  }

  private array(depth: number): JsonValue[] {
    this.enter(depth);
    const array: JsonValue[] = [];
    if (this.take(CLOSE_BRACKET)) return array;
    for (;;) {
      array.push(this.value(depth));
      this.space();
      if (this.take(CLOSE_BRACKET)) return array;
      if (!this.take(COMMA)) throw this.syntax('"," or "]" expected');
      this.space();
    }
  }

  private string(): string {
    const start = ++this.position;
    const { end, escaped } = this.closingQuote(start);
    const value = escaped ? this.unescaped(start, end) : this.text.slice(start, end);
    this.position = end + 1;
    if ((escaped || !this.isWellFormed) && !value.isWellFormed())
      throw new YizhengError('JSON_LONE_SURROGATE', 'A text holds half a character (lone surrogate).');
    return value;
  }

  private closingQuote(start: number): { end: number; escaped: boolean } {
    const { text } = this;
    let escaped = false;
    for (let end = start; ; end++) {
      const unit = text.charCodeAt(end);
      if (unit === QUOTE) return { end, escaped };
      if (unit === BACKSLASH) {
        escaped = true;
        end++;
      } else if (!(unit >= FIRST_PLAIN)) {
        this.position = end;
        throw this.syntax('unfinished or unescaped text');
      }
    }
  }

  /** A feed part travels as one text with an escape every few characters, so the engine's own reader takes the good case. */
  private unescaped(start: number, end: number): string {
    try {
      return JSON.parse(this.text.slice(start - 1, end + 1)) as string;
    } catch {
      for (this.position = start; this.position < end; this.match(PLAIN))
        if (this.text[this.position] === '\\') this.escape();
      throw this.syntax('unfinished or unescaped text');
    }
  }

  /** Stops at the escape that is wrong. */
  private escape(): void {
    const letter = this.text[this.position + 1];
    this.position += 2;
    if (letter === 'u') {
      const hex = this.text.slice(this.position, this.position + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw this.syntax('\\u needs four hexadecimal digits');
      this.position += 4;
      return;
    }
    if (letter === undefined || !ESCAPES.includes(letter)) throw this.syntax('unknown escape');
  }

  private number(): number {
    const literal = this.match(NUMBER);
    if (literal === '') throw this.syntax('a value expected');
    const value = Number(literal);
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
      throw new YizhengError(
        'JSON_NUMBER_RANGE',
        `The number ${literal.slice(0, 40)} cannot be kept exactly; write it as text.`,
      );
    return value;
  }

  private literal<T extends JsonValue>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.position)) throw this.syntax('a value expected');
    this.position += word.length;
    return value;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.position += found.length;
    return found;
  }

  private space(): void {
    const { text } = this;
    for (; ; this.position++) {
      const unit = text.charCodeAt(this.position);
      if (unit > 0x20) return;
      if (unit !== 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0d) return;
    }
  }

  private take(unit: number): boolean {
    if (this.text.charCodeAt(this.position) !== unit) return false;
    this.position++;
    return true;
  }

  private syntax(what: string): YizhengError {
    return new YizhengError('JSON_SYNTAX', `Not valid JSON: ${what} at character ${this.position}.`, {
      at: `character ${this.position}`,
    });
  }
}

const ESCAPES = '"\\/bfnrt';
