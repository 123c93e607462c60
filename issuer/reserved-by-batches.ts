import type { Knex } from 'knex';
import type { StoredChunk } from './batch/batch-tables.js';

/** Rows of a batch whose numbers, status indexes and results are taken, and whose certificates are not stored yet. */
export interface ReservedChunk {
  batch: string;
  institution: string;
  first_row: number;
  last_row: number;
  numbers: NumberRange[];
}

/** Certificate numbers from the first to the last, both taken. */
export type NumberRange = readonly [first: string, last: string];

/** The ranges ascending numbers of one institution, year and level lie in; a number that is not among them is in no range. */
export function numberRanges(numbers: readonly string[]): NumberRange[] {
  const ranges: [first: string, last: string][] = [];
  for (const number of numbers) {
    const open = ranges.at(-1);
    if (open && Number(number.slice(SERIAL)) === Number(open[1].slice(SERIAL)) + 1) open[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}

/** Where the serial of a number begins that the rule made. */
const SERIAL = -6;

/** What batches have reserved and not stored, a handful of chunks at any time. Whoever issues looks here as well as into `certificates`. */
export async function reservedChunks(transaction: Knex): Promise<ReservedChunk[]> {
  const rows = await transaction<StoredChunk>('batch_chunks')
    .where({ state: 'reserved' })
    .select('batch', 'institution', 'first_row', 'last_row', 'numbers');
  return rows.map((row) => ({ ...row, numbers: JSON.parse(row.numbers ?? '[]') as NumberRange[] }));
}

/** Which reserved chunks count for somebody who issues. */
export interface OfReserved {
  /** A batch whose own chunks do not count. */
  except?: string;
  /** What {@link reservedChunks} gives in this transaction, where that was asked already. */
  reserved?: readonly ReservedChunk[];
}

/** The reserved chunks of an institution. */
export async function reservedChunksOf(
  transaction: Knex,
  institution: string,
  { except, reserved }: OfReserved = {},
): Promise<ReservedChunk[]> {
  const chunks = reserved ?? (await reservedChunks(transaction));
  return chunks.filter((chunk) => chunk.institution === institution && chunk.batch !== except);
}

/** Is a certificate number taken by one of these chunks? */
export function isReservedNumber(chunks: readonly ReservedChunk[], number: string): boolean {
  return chunks.some(({ numbers }) =>
    numbers.some(([first, last]) => number.length === first.length && first <= number && number <= last),
  );
}

/** Those of these chunks that have numbers in a range, with no other numbers. */
export function chunksNear(chunks: readonly ReservedChunk[], [from, to]: NumberRange): ReservedChunk[] {
  return chunks.flatMap((chunk) => {
    const numbers = chunk.numbers.filter(
      ([first, last]) => first.length === from.length && first <= to && from <= last,
    );
    return numbers.length === 0 ? [] : [{ ...chunk, numbers }];
  });
}

/**
 * Which numbers of these ranges somebody gave by hand to a row of a batch that was confirmed and whose turn comes. Asked so that
 * SQLite reads the index of such numbers: it takes `between` for no proof that there is one, and a join it would begin with all rows of the batch.
 */
export async function listedAmong(transaction: Knex, ranges: readonly NumberRange[]): Promise<string[]> {
  const [one, ...more] = ranges.map(([first, last]) =>
    transaction('batch_rows')
      .where('number', '>=', first)
      .where('number', '<=', last)
      .where({ state: 'ready' })
      .whereExists(
        transaction('batches')
          .whereRaw('batches.id = batch_rows.batch')
          .whereIn('state', ['waiting-approval', 'running', 'paused'])
          .select('id'),
      )
      .select<{ number: string }[]>('number'),
  );
  const rows: { number: string }[] = one ? await one.unionAll(more) : [];
  return rows.map(({ number }) => number);
}

/** A reserved row as far as another issue may collide with it. */
export interface ReservedRow {
  batch: string;
  row: number;
  duplicate_key: string | null;
  result_key: string | null;
  /** Certificate it corrects. */
  certificate: string | null;
}

/** Rows of these chunks that have one of the given values in a column. */
export async function reservedRows(
  transaction: Knex,
  chunks: readonly ReservedChunk[],
  column: 'duplicate_key' | 'result_key' | 'certificate',
  values: readonly string[],
): Promise<ReservedRow[]> {
  const found: ReservedRow[] = [];
  for (const { batch, first_row, last_row } of chunks)
    found.push(
      ...(await transaction<ReservedRow & { state: string }>('batch_rows')
        .where({ batch, state: 'ready' })
        .whereBetween('row', [first_row, last_row])
        .whereIn(column, [...values])
        .select('batch', 'row', 'duplicate_key', 'result_key', 'certificate')),
    );
  return found;
}
