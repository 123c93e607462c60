import { decimalText } from '../decimal-text.js';
import { YizhengError } from '../errors.js';
import type { BitReader, BitWriter } from './bit-stream.js';
import { readText, writeText } from './text-code-v1.js';

/** What fields tell those after them, which may lean on it instead of repeating it: plain values, so that they are cheap to compare. */
export interface KnownFacts {
  issuedOn: string;
  /** The level's digit in a certificate number. */
  levelCode: string | undefined;
  certificateNumber: string;
  /** Institution code in that number, where it follows the rule of 22 characters. */
  codeInNumber: string | undefined;
  /** 13-character code of the institution, from the certificate number or coded by itself. */
  institutionCode: string | undefined;
  revision: number;
  issuerId: string;
  occupationCode: string | undefined;
  occupationName: string | undefined;
  /** Rows of the occupation table that exist in the payload's table version. */
  occupationRows: number;
}

/** Name of a fact. */
export type FactName = keyof KnownFacts;

/** Nothing known yet but the version of the tables. */
export function noFacts(occupationRows: number): KnownFacts {
  return {
    issuedOn: '',
    levelCode: undefined,
    certificateNumber: '',
    codeInNumber: undefined,
    institutionCode: undefined,
    revision: 0,
    issuerId: '',
    occupationCode: undefined,
    occupationName: undefined,
    occupationRows,
  };
}

/**
 * How one value stands in the bit stream: one description serves writing and reading. Both are functions of the value, the bits and the
 * facts `F` alone; the compiler lets a codec see no fact it does not name.
 */
export interface FieldCodec<T, F extends FactName = never> {
  readonly write: (bits: BitWriter, value: T, facts: Pick<KnownFacts, F>) => void;
  readonly read: (bits: BitReader, facts: Pick<KnownFacts, F>) => T;
}

const DAY = 86_400_000;
const EPOCH = Date.UTC(1900, 0, 1);

/** An unsigned number of fixed width. */
export function bits(width: number): FieldCodec<number> {
  return {
    write: (out, value) => out.write(value, width),
    read: (input) => input.read(width),
  };
}

/** An unsigned number in groups of `group` bits, each followed by “more to come”; cheap while small, at most 44 bits. */
export function counted(group: number): FieldCodec<number> {
  const base = 2 ** group;
  return {
    write(out, value) {
      for (let rest = value; ; rest = Math.floor(rest / base)) {
        out.write(rest % base, group);
        if (!out.flag(rest >= base)) return;
      }
    },
    read(input) {
      for (let value = 0, weight = 1; ; weight *= base) {
        value += input.read(group) * weight;
        if (!input.flag()) return value;
        if (weight * base > 2 ** 40) throw corrupt();
      }
    },
  };
}

/** A signed number as {@link counted}. */
export function signed(group: number): FieldCodec<number> {
  return mapped(
    counted(group),
    (value) => (value < 0 ? -2 * value - 1 : 2 * value),
    (code) => (code % 2 === 1 ? -(code + 1) / 2 : code / 2),
  );
}

/** A value of a frozen, append-only list, by its place. */
export function oneOf<T extends string>(list: readonly T[], width: number): FieldCodec<T> {
  return mapped(
    bits(width),
    (value) => list.indexOf(value),
    (index) => {
      const value = list[index];
      if (value === undefined) throw corrupt();
      return value;
    },
  );
}

/** A text in the static text code. */
export const text: FieldCodec<string> = {
  write: (out, value) => writeText(out, value),
  read: (input) => readText(input),
};

/** A text of exactly `length` decimal digits, packed. */
export function digits(length: number): FieldCodec<string> {
  const end = 10 ** length;
  return mapped(
    bits(Math.ceil(length * Math.log2(10))),
    (value) => Number(value),
    (value) => (value < end ? decimalText(end + value).slice(1) : String(value)),
  );
}

/** A calendar date as days since 1900-01-01. */
export const calendarDay: FieldCodec<string> = mapped(
  bits(17),
  (date) => (Date.parse(`${date}T00:00:00Z`) - EPOCH) / DAY,
  (days) => new Date(EPOCH + days * DAY).toISOString().slice(0, 10),
);

/** A calendar date near the date of issue, which stands before it. */
export const dayNearIssue: FieldCodec<string, 'issuedOn'> = {
  write: (out, date, { issuedOn }) => daysBefore.write(out, (Date.parse(issuedOn) - Date.parse(date)) / DAY, {}),
  read: (input, { issuedOn }) => isoInstant(Date.parse(issuedOn) - daysBefore.read(input, {}) * DAY).slice(0, 10),
};
const daysBefore = signed(8);

/** RFC 3339 form of an instant. @throws YizhengError `QR_CORRUPT` outside the years 0 to 9999 */
export function isoInstant(milliseconds: number): string {
  if (!(milliseconds >= Date.UTC(1000, 0, 1) && milliseconds < Date.UTC(10_000, 0, 1))) throw corrupt();
  return new Date(milliseconds).toISOString();
}

/** A value that may be missing: one presence bit before it. */
export function optional<T, F extends FactName = never>(codec: FieldCodec<T, F>): FieldCodec<T | undefined, F> {
  return {
    write(out, value, facts) {
      if (value === undefined) out.flag(false);
      else {
        out.flag(true);
        codec.write(out, value, facts);
      }
    },
    read: (input, facts) => (input.flag() ? codec.read(input, facts) : undefined),
  };
}

/** An object whose members stand one after the other, in the order of the table. */
export function members<T extends object, F extends FactName = never>(table: {
  [K in keyof T]-?: FieldCodec<T[K], F>;
}): FieldCodec<T, F> {
  const names = Object.keys(table) as (keyof T & string)[];
  return {
    write(out, value, facts) {
      for (const name of names) table[name].write(out, value[name], facts);
    },
    read(input, facts) {
      const value: Partial<T> = {};
      for (const name of names) {
        const member = table[name].read(input, facts);
        if (member !== undefined) value[name] = member;
      }
      return value as T;
    },
  };
}

/** Either the short form (when `short` can express the value) or the long one, told apart by one bit. */
export function shortOr<T, S, F extends FactName = never>(
  short: FieldCodec<S, F>,
  toShort: (value: T, facts: Pick<KnownFacts, F>) => S | undefined,
  fromShort: (form: S, facts: Pick<KnownFacts, F>) => T,
  long: FieldCodec<T, F>,
): FieldCodec<T, F> {
  return {
    write(out, value, facts) {
      const form = toShort(value, facts);
      if (form === undefined) {
        out.flag(false);
        long.write(out, value, facts);
      } else {
        out.flag(true);
        short.write(out, form, facts);
      }
    },
    read: (input, facts) => (input.flag() ? fromShort(short.read(input, facts), facts) : long.read(input, facts)),
  };
}

/** A codec for values that have a one-to-one coded form. */
export function mapped<T, S, F extends FactName = never>(
  codec: FieldCodec<S, F>,
  to: (value: T) => S,
  from: (form: S) => T,
): FieldCodec<T, F> {
  return {
    write: (out, value, facts) => codec.write(out, to(value), facts),
    read: (input, facts) => from(codec.read(input, facts)),
  };
}

/** The typed error of a payload that cannot have been written by us. */
export function corrupt(): YizhengError {
  return new YizhengError('QR_CORRUPT', 'The code cannot be read as a certificate: it was damaged; scan it again.');
}
