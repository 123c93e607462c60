import type { Knex } from 'knex';
import { certificateKind } from '../shared/certificate/kind.js';
import { checkCertificateNumber, composeCertificateNumber } from '../shared/certificate/certificate-number.js';
import type { CertificateRecord } from '../shared/certificate/record.js';
import { certificateId } from '../shared/certificate/credential.js';
import { YizhengError } from '../shared/errors.js';
import type { CertificateRow } from './certificate-row.js';
import { isReservedNumber, listedBetween, reservedChunks } from './reserved-by-batches.js';

/** Numbers looked up in one query. */
const QUERY_NUMBERS = 1000;

/** Six digits. */
const LAST_SERIAL = 999_999;

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
  const [composed] = await reserveNumbers(transaction, institution, { ...draft, level: levelToNumber(draft) }, 1);
  if (composed === undefined) throw new Error('no number was composed');
  return composed;
}

/**
 * Takes the next serials of institution × year × level in one step, in order; numbers somebody gave by hand, also
 * to rows of batches whose turn comes, are left out.
 * @param of date of issue and level of all of them
 * @param count how many
 * @returns as many as there are; fewer where the serials run out
 * @throws YizhengError `NUMBER_LEVEL_CODE_UNKNOWN` (422), `NUMBER_SERIAL_EXHAUSTED` (409) when there is none left
 */
export async function reserveNumbers(
  transaction: Knex.Transaction,
  institution: string,
  of: { issuedOn: string; level: { framework: string; value: string } },
  count: number,
): Promise<string[]> {
  const key = { institution, year: of.issuedOn.slice(2, 4), level: of.level.value };
  const row = await transaction<{ institution: string; year: string; level: string; last: number }>('serials')
    .where(key)
    .forUpdate()
    .first('last');
  let last = row?.last ?? 0;
  const numbers: string[] = [];
  while (numbers.length < count) {
    const left = LAST_SERIAL - last;
    if (left <= 0 && numbers.length > 0) break;
    // Composing the first serial there is not says why.
    const block = Array.from({ length: Math.max(1, Math.min(left, count - numbers.length)) }, (_, i) =>
      composeCertificateNumber({ institutionCode: institution, ...of, serial: last + i + 1 }),
    );
    last += block.length;
    const taken = await takenBetween(transaction, block);
    for (const number of block) if (!taken.has(number)) numbers.push(number);
  }
  if (row) await transaction('serials').where(key).update({ last });
  else await transaction('serials').insert({ ...key, last });
  return numbers;
}

/** Which of these consecutive numbers are taken, reserved or listed; two questions, however many they are. */
async function takenBetween(transaction: Knex.Transaction, numbers: readonly string[]): Promise<Set<string>> {
  const [first = '', last = first] = [numbers[0], numbers.at(-1)];
  const stored = await transaction<CertificateRow>('certificates')
    .whereBetween('id', [certificateId(first, 1), certificateId(last, 1)])
    .select('number');
  const taken = new Set(stored.map(({ number }) => number));
  for (const number of await listedBetween(transaction, first, last)) taken.add(number);
  const chunks = await reservedChunks(transaction);
  if (chunks.length > 0) for (const number of numbers) if (isReservedNumber(chunks, number)) taken.add(number);
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

/** Which of these numbers stand on a certificate of any institution here, or are reserved by a running batch. */
export async function takenNumbers(transaction: Knex, numbers: readonly string[]): Promise<Set<string>> {
  const taken = new Set<string>();
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
  const chunks = await reservedChunks(transaction);
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
