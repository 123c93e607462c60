import { coversCode } from '../scope.js';

/** A pattern with one thing that fits it and none of the narrower patterns of the same partition. */
export interface PatternClass {
  pattern: string;
  /** Code of an occupation or region, or item of a permit; it need not exist. */
  code: string;
  /** Narrower patterns that are classes of their own. */
  except: string[];
  /** Edition of the catalogue, or `permit`; empty for regions. */
  edition: string;
}

/**
 * Divides what a pattern covers by the narrower patterns that statements name, so that all that is in one class fares alike.
 * @param pattern occupation pattern, e.g. `4-10-*`, `1999:4-03-*`, `permit:*`
 * @param named patterns other statements name; those that do not lie inside `pattern` are ignored
 */
export function occupationClasses(pattern: string, named: Iterable<string>): PatternClass[] {
  const whole = split(pattern);
  const { edition } = whole;
  const full = (code: string): string => (edition === '2022' ? code : `${edition}:${code}`);
  return classes(whole.code, inside(whole, [...named].map(split)), occupationCode(edition)).map((found) => ({
    pattern: full(found.pattern),
    code: found.code,
    except: found.except.map(full),
    edition,
  }));
}

/**
 * As {@link occupationClasses}, for regions.
 * @param pattern GB/T 2260 code or pattern, e.g. `51*`
 */
export function regionClasses(pattern: string, named: Iterable<string>): PatternClass[] {
  const whole = { code: pattern, edition: '' };
  const others = [...named].map((code) => ({ code, edition: '' }));
  return classes(pattern, inside(whole, others), regionCode).map((found) => ({ ...found, edition: '' }));
}

interface Coded {
  code: string;
  edition: string;
}

/** `*` alone speaks about every edition; certificates of today name the 2022 catalogue. */
function split(pattern: string): Coded {
  const colon = pattern.indexOf(':');
  return colon < 0
    ? { edition: '2022', code: pattern }
    : { edition: pattern.slice(0, colon), code: pattern.slice(colon + 1) };
}

function inside(whole: Coded, named: readonly Coded[]): string[] {
  if (!whole.code.endsWith('*')) return [];
  const found = named.filter(
    ({ code, edition }) => edition === whole.edition && code !== whole.code && coversCode(whole.code, stem(code)),
  );
  return [...new Set(found.map(({ code }) => code))].sort();
}

function classes(
  whole: string,
  narrower: readonly string[],
  example: (pattern: string, n: number) => string | undefined,
): Omit<PatternClass, 'edition'>[] {
  return [whole, ...narrower].flatMap((pattern) => {
    const others = narrower.filter(
      (other) => other !== pattern && pattern.endsWith('*') && coversCode(pattern, stem(other)),
    );
    for (let n = 0; n <= others.length; n++) {
      const code = example(pattern, n);
      if (code === undefined) return [];
      if (!others.some((other) => coversCode(other, code))) return [{ pattern, code, except: others }];
    }
    return [];
  });
}

function stem(pattern: string): string {
  return pattern.endsWith('*') ? pattern.slice(0, -1) : pattern;
}

const LARGEST_UNIT = 99;

/** The nth code of a pattern, from the end of the numbers, where no real occupation is; undefined when there are no more. */
function occupationCode(edition: string): (pattern: string, n: number) => string | undefined {
  if (edition === 'permit')
    return (pattern, n) =>
      pattern.endsWith('*') ? `${stem(pattern)}其他${n === 0 ? '' : n}` : n === 0 ? pattern : undefined;
  return (pattern, n) => {
    if (!pattern.endsWith('*')) return n === 0 ? pattern : undefined;
    const given = stem(pattern)
      .split('-')
      .filter((part) => part !== '');
    const free = 4 - given.length;
    if (given.length === 0) return n < 8 ? `${8 - n}-99-99-99` : undefined;
    const number = 10 ** (2 * free) - 1 - n * (free > 1 ? 10 ** (2 * (free - 1)) : 1);
    if (free <= 0 || number < 0 || n > LARGEST_UNIT) return undefined;
    const digits =
      String(number)
        .padStart(2 * free, '0')
        .match(/\d{2}/g) ?? [];
    return [...given, ...digits].join('-');
  };
}

function regionCode(pattern: string, n: number): string | undefined {
  if (!pattern.endsWith('*')) return n === 0 ? pattern : undefined;
  const given = stem(pattern);
  if (given.length === 0) return n < 90 ? `${99 - n}0000` : undefined;
  return n === 0 ? given.padEnd(6, '0') : n <= LARGEST_UNIT ? `${given}${String(100 - n)}`.padEnd(6, '0') : undefined;
}
