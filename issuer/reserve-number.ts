import type { Knex } from 'knex';
import { certificateKind } from '../shared/certificate/kind.js';
import { checkCertificateNumber, composeCertificateNumber } from '../shared/certificate/certificate-number.js';
import type { CertificateRecord } from '../shared/certificate/record.js';
import { certificateId } from '../shared/certificate/credential.js';
import { YizhengError } from '../shared/errors.js';
import type { CertificateRow } from './certificate-row.js';
import {
  chunksNear,
  isReservedNumber,
  listedAmong,
  reservedChunks,
  type NumberRange,
  type OfReserved,
  type ReservedChunk,
} from './reserved-by-batches.js';

/** Numbers looked up in one query. */
const QUERY_NUMBERS = 1000;

/** Six digits. */
const LAST_SERIAL = 999_999;
const SERIAL_DIGITS = 6;

/** What a number is composed of, or checked against. */
type Numbered = Pick<CertificateRecord, 'kind' | 'issuedOn' | 'level'> & { certificateNumber?: string };

/**
 * Takes the number of a first issue: the one given, checked, or the next serial of institution × year × level.
 * @throws YizhengError `NUMBER_MISSING`, `NUMBER_INSTITUTION_MISMATCH`, `NUMBER_YEAR_MISMATCH`, `NUMBER_LEVEL_MISMATCH`,
 *   `NUMBER_FORMAT`, `NUMBER_LEVEL_CODE_UNKNOWN` (422), `NUMBER_TAKEN`, `NUMBER_SERIAL_EXHAUSTED` (409)
 */
export async function reserveNumber(
  transaction: Knex.Transaction,
  institution: string,
  draft: Numbered,
): Promise<string> {
  const number = draft.certificateNumber;
  if (number !== undefined) {
    checkNumber(institution, number, draft);
    if ((await takenNumbers(transaction, [number])).has(number)) throw numberTaken();
    return number;
  }
  const { issuedOn } = draft;
  const [found] = await reserveNumbers(transaction, institution, [{ issuedOn, level: levelToNumber(draft), count: 1 }]);
  if (found instanceof YizhengError) throw found;
  const [composed] = found ?? [];
  if (composed === undefined) throw new Error('no number was composed');
  return composed;
}

/** Numbers wanted for certificates of one day of issue and one level. */
export interface WantedNumbers {
  issuedOn: string;
  level: { framework: string; value: string };
  count: number;
}

/**
 * Takes the next serials of institution × year × level, in order, for all levels in a few statements; numbers somebody gave by hand, also
 * to rows of batches whose turn comes, are left out.
 * @param options see {@link OfReserved}
 * @returns for each wish as many as there are, fewer where the serials run out; or why there is none: `NUMBER_LEVEL_CODE_UNKNOWN` (422),
 *   `NUMBER_SERIAL_EXHAUSTED` (409)
 */
export async function reserveNumbers(
  transaction: Knex.Transaction,
  institution: string,
  wanted: readonly WantedNumbers[],
  options: Pick<OfReserved, 'reserved'> = {},
): Promise<(string[] | YizhengError)[]> {
  if (wanted.length === 0) return [];
  const serials = await Serials.of(transaction, institution, wanted);
  const reserved = options.reserved ?? (await reservedChunks(transaction));
  const found = wanted.map((): string[] | YizhengError => []);
  for (;;) {
    const blocks = wanted.flatMap((one, i) => {
      const own = found[i];
      if (!Array.isArray(own) || own.length === one.count) return [];
      const block = serials.next(one, one.count - own.length);
      if (Array.isArray(block)) return [{ own, block }];
      if (own.length === 0) found[i] = block;
      return [];
    });
    if (blocks.length === 0) break;
    const taken = await takenAmong(
      transaction,
      blocks.map(({ block }) => block),
      reserved,
    );
    for (const { own, block } of blocks) for (const number of block) if (!taken.has(number)) own.push(number);
  }
  await serials.store(transaction);
  return found;
}

interface SerialRow {
  institution: string;
  year: string;
  level: string;
  last: number;
}

/** The last serials that were given out, by year and level. */
class Serials {
  private readonly changed = new Set<string>();

  private constructor(
    private readonly institution: string,
    private readonly rows: Map<string, SerialRow>,
  ) {}

  static async of(
    transaction: Knex.Transaction,
    institution: string,
    wanted: readonly WantedNumbers[],
  ): Promise<Serials> {
    const rows: SerialRow[] = await transaction<SerialRow>('serials')
      .where({ institution })
      .whereIn('year', [...new Set(wanted.map(({ issuedOn }) => yearOf(issuedOn)))])
      .forUpdate();
    return new Serials(institution, new Map(rows.map((row) => [`${row.year} ${row.level}`, row])));
  }

  /** The next numbers, as many as there are; or why there is none. */
  next({ issuedOn, level }: WantedNumbers, count: number): string[] | YizhengError {
    const year = yearOf(issuedOn);
    const name = `${year} ${level.value}`;
    const row = this.rows.get(name) ?? { institution: this.institution, year, level: level.value, last: 0 };
    const end = Math.min(LAST_SERIAL, row.last + count);
    try {
      const first = composeCertificateNumber({
        institutionCode: this.institution,
        issuedOn,
        level,
        serial: row.last + 1,
      });
      const numbers = [first];
      const same = first.slice(0, -SERIAL_DIGITS);
      for (let serial = row.last + 2; serial <= end; serial++)
        numbers.push(same + String(serial).padStart(SERIAL_DIGITS, '0'));
      this.rows.set(name, { ...row, last: end });
      this.changed.add(name);
      return numbers;
    } catch (error) {
      if (error instanceof YizhengError && error.code.startsWith('NUMBER_')) return error;
      throw error;
    }
  }

  async store(transaction: Knex.Transaction): Promise<void> {
    const rows = [...this.changed].flatMap((name) => this.rows.get(name) ?? []);
    if (rows.length > 0)
      await transaction<SerialRow>('serials').insert(rows).onConflict(['institution', 'year', 'level']).merge(['last']);
  }
}

function yearOf(issuedOn: string): string {
  return issuedOn.slice(2, 4);
}

/** Which of these blocks of consecutive numbers are taken, reserved or listed; two questions, however many they are. */
async function takenAmong(
  transaction: Knex.Transaction,
  blocks: readonly (readonly string[])[],
  reserved: readonly ReservedChunk[],
): Promise<Set<string>> {
  const ranges = blocks.map((block): NumberRange => [block[0] ?? '', block.at(-1) ?? '']);
  const [one, ...more] = ranges.map(([first, last]) =>
    transaction<CertificateRow>('certificates')
      .whereBetween('id', [certificateId(first, 1), certificateId(last, 1)])
      .select('number'),
  );
  const stored: { number: string }[] = one ? await one.unionAll(more) : [];
  const taken = new Set<string>();
  for (const { number } of stored) taken.add(number);
  for (const number of await listedAmong(transaction, ranges)) taken.add(number);
  for (const [i, block] of blocks.entries()) {
    const near = chunksNear(reserved, ranges[i] ?? ['', '']);
    if (near.length > 0) for (const number of block) if (isReservedNumber(near, number)) taken.add(number);
  }
  return taken;
}

/**
 * The level a number can be composed for.
 * @throws YizhengError `NUMBER_MISSING` (422) where there is no rule and the authority's number must be given
 */
export function levelToNumber({ kind, level }: Pick<Numbered, 'kind' | 'level'>): NonNullable<Numbered['level']> {
  if (certificateKind(kind).numbered && level !== undefined) return level;
  throw new YizhengError(
    'NUMBER_MISSING',
    'This kind has no numbering rule here; give the number the authority assigned.',
    { at: '/certificateNumber', status: 422 },
  );
}

/** `NUMBER_TAKEN` (409). */
export function numberTaken(): YizhengError {
  return new YizhengError('NUMBER_TAKEN', 'This certificate number is used already.', {
    at: '/certificateNumber',
    status: 409,
  });
}

/**
 * Which of these numbers stand on a certificate of any institution here, or are reserved by a running batch.
 * @param options see {@link OfReserved}
 */
export async function takenNumbers(
  transaction: Knex,
  numbers: readonly string[],
  options: Pick<OfReserved, 'reserved'> = {},
): Promise<Set<string>> {
  const taken = new Set<string>();
  if (numbers.length === 0) return taken;
  for (let start = 0; start < numbers.length; start += QUERY_NUMBERS) {
    const part = numbers.slice(start, start + QUERY_NUMBERS);
    const stored = await transaction<CertificateRow>('certificates')
      .whereIn(
        'id',
        part.map((number) => certificateId(number, 1)),
      )
      .select('number');
    for (const { number } of stored) taken.add(number);
  }
  const chunks = options.reserved ?? (await reservedChunks(transaction));
  if (chunks.length > 0) for (const number of numbers) if (isReservedNumber(chunks, number)) taken.add(number);
  return taken;
}

/** @throws YizhengError with the first thing of a 22-character number that disagrees with what it stands on */
export function checkNumber(institution: string, number: string, draft: Numbered): void {
  if (!certificateKind(draft.kind).numbered || draft.level === undefined) return;
  const [problem] = checkCertificateNumber(number, {
    institutionCode: institution,
    issuedOn: draft.issuedOn,
    level: draft.level,
  });
  if (problem !== undefined)
    throw new YizhengError(
      problem,
      'The certificate number disagrees with the institution, year or level it stands on.',
      {
        at: '/certificateNumber',
        status: 422,
      },
    );
}
