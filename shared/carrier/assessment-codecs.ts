import { LEVEL_FRAMEWORKS, type Level } from '../certificate/level.js';
import { OCCUPATIONS } from '../certificate/occupation-data.js';
import type { Occupation } from '../certificate/occupation.js';
import type { CertificateRecord } from '../certificate/record.js';
import {
  bits,
  corrupt,
  counted,
  digits,
  mapped,
  members,
  oneOf,
  optional,
  shortOr,
  text,
  type FieldCodec,
  type KnownFacts,
} from './field-codec.js';
import { withKnown } from './identifier-codecs.js';

type CertificateOccupation = NonNullable<CertificateRecord['occupation']>;

/** A level by its place in the table of frameworks. */
export const level: FieldCodec<Level> = {
  write(out, value) {
    const framework = LEVEL_FRAMEWORKS.findIndex((candidate) => candidate.id === value.framework);
    out.write(framework, 3);
    out.write(LEVEL_FRAMEWORKS[framework]?.values.findIndex((row) => row.value === value.value) ?? -1, 4);
  },
  read(input) {
    const framework = LEVEL_FRAMEWORKS[input.read(3)];
    const value = framework?.values[input.read(4)];
    if (!framework || !value) throw corrupt();
    return { framework: framework.id, value: value.value };
  },
};

interface TableOccupation {
  row: number;
  /** Left out when it is the table's name. */
  name: string | undefined;
  trade: { alias: number } | { text: string } | undefined;
}

const MOST_ALIASES = 16;
/** The first row of each code and edition. */
const rowOfOccupation = new Map(
  OCCUPATIONS.map(({ edition, code }, row): [string, number] => [`${edition} ${code}`, row]).reverse(),
);

const trade: FieldCodec<{ alias: number } | { text: string }> = {
  write(out, value, facts) {
    if (out.flag('alias' in value)) out.write((value as { alias: number }).alias, 4);
    else text.write(out, (value as { text: string }).text, facts);
  },
  read: (input, facts) => (input.flag() ? { alias: input.read(4) } : { text: text.read(input, facts) }),
};

/** An occupation by its row of the table, name and trade from the row where they agree; otherwise spelled out. */
export const occupation = shortOr<CertificateOccupation, TableOccupation, 'occupationRows'>(
  members<TableOccupation>({ row: counted(8), name: optional(text), trade: optional(trade) }),
  (value, facts) => {
    const row = rowOfOccupation.get(`${value.catalogueEdition} ${value.code}`);
    const known = row === undefined ? undefined : OCCUPATIONS[row];
    if (row === undefined || !known || row >= facts.occupationRows) return undefined;
    const alias = known.aliases.slice(0, MOST_ALIASES).indexOf(value.trade ?? '');
    return {
      row,
      name: value.name === known.name ? undefined : value.name,
      trade: alias >= 0 ? { alias } : value.trade === undefined ? undefined : { text: value.trade },
    };
  },
  (value, facts) => {
    const known: Occupation | undefined = value.row < facts.occupationRows ? OCCUPATIONS[value.row] : undefined;
    if (!known) throw corrupt();
    const tradeName = value.trade && ('alias' in value.trade ? known.aliases[value.trade.alias] : value.trade.text);
    if (value.trade && tradeName === undefined) throw corrupt();
    return {
      code: known.code,
      catalogueEdition: known.edition as CertificateOccupation['catalogueEdition'],
      name: value.name ?? known.name,
      ...(tradeName === undefined ? {} : { trade: tradeName }),
    };
  },
  members<CertificateOccupation>({
    code: mapped(
      digits(7),
      (code) => code.replaceAll('-', ''),
      (code) => code.replace(/^(.)(..)(..)(..)$/, '$1-$2-$3-$4'),
    ),
    catalogueEdition: oneOf(['1999', '2015', '2022'], 3),
    name: text,
    trade: optional(text),
  }),
);

const FIRST_STANDARD_YEAR = 1990;

/** `GZB <occupation code>-<year>` by its year; any other standard as text, which may name the occupation. */
export const standard = shortOr<string, number, 'occupationCode' | 'occupationName'>(
  bits(7),
  (value, facts) => {
    const year = Number(/-(\d{4})$/.exec(value)?.[1]) - FIRST_STANDARD_YEAR;
    return year >= 0 && year < 128 && value === nationalStandard(year, facts) ? year : undefined;
  },
  nationalStandard,
  withKnown<'occupationName'>((facts) => facts.occupationName),
);

function nationalStandard(year: number, facts: Pick<KnownFacts, 'occupationCode'>): string {
  return `GZB ${facts.occupationCode ?? ''}-${FIRST_STANDARD_YEAR + year}`;
}

/** A score from 0 to 100 as it is written: digits before the point, and whether there is a decimal. */
export const score = mapped<string, { digits: number; decimal: number; tenths: number }>(
  members({ digits: bits(2), decimal: bits(1), tenths: bits(10) }),
  (value) => {
    const [whole = '', fraction] = value.split('.');
    return { digits: whole.length, decimal: fraction === undefined ? 0 : 1, tenths: Number(whole + (fraction ?? '0')) };
  },
  ({ digits: length, decimal, tenths }) => {
    const whole = String(Math.floor(tenths / 10)).padStart(length, '0');
    return decimal === 1 ? `${whole}.${tenths % 10}` : whole;
  },
);
