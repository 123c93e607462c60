import type { Knex } from 'knex';
import { insertColumns, insertRows, type SqlColumn } from '../../server/index.js';
import type { StoredChunk, StoredRow } from './batch-tables.js';
import type { CellProblem } from './types.js';

/** A row of a sheet after the dry run: ready with everything its turn needs, wrong, or certified already (with which certificate). */
export type CheckedBatchRow = Pick<StoredRow, 'row'> &
  ({ problems: CellProblem[] } | { already: string } | { ready: Omit<StoredRow, 'batch' | 'row' | 'state' | 'code'> });

/** Ready rows as columns, each its value in all rows or its values in order. */
export interface ReadyColumns {
  /** At least one, in order. */
  rows: readonly number[];
  columns: Readonly<Record<Exclude<keyof StoredRow, 'batch' | 'row' | 'state' | 'code'>, SqlColumn>>;
}

/** Where the next block of a batch is stored. */
export interface BlockPosition {
  batch: string;
  institution: string;
  chunk: number;
  problem: number;
  /** Rows of the chunk before, where the next block may become part of it. */
  open?: number | undefined;
}

/**
 * What is done once for a chunk is done half as often where two blocks are one: a tenth of the time of issuing. Not at the beginning of
 * a sheet, so that a small one is shared among workers and shows how far it is; nor where blocks are small, or their rows all differ.
 */
const JOINED = { afterChunks: 5, leastRows: 1000, mostRows: 4000 };

/** What was found in a block of consecutive rows. */
export interface RowBlock {
  rows: CheckedBatchRow[];
  /** Ready rows that are not among them. */
  ready?: ReadyColumns | undefined;
  /** To be called when the block is stored: the memory of its texts is used again. */
  release?: () => void;
  notices: CellProblem[];
  /** Facts not stored yet, by id. */
  facts: ReadonlyMap<number, string>;
}

/**
 * Stores a block of checked rows: the rows, what is wrong with them, and the chunk that will do the ready ones.
 * @returns position of the next block
 */
export async function storeBlock(
  transaction: Knex.Transaction,
  position: BlockPosition,
  { rows, ready: whole, notices, facts }: RowBlock,
): Promise<BlockPosition> {
  const { batch, institution, chunk, problem } = position;
  const ready = new Range();
  for (const row of rows) if ('ready' in row) ready.add(row.row);
  if (whole) for (const row of whole.rows) ready.add(row);
  const problems = rows.flatMap((row) => ('problems' in row ? row.problems : []));
  const already = rows.filter((row) => 'already' in row).length;
  await insertRows(
    transaction,
    'batch_facts',
    [...facts].map(([id, text]) => ({ batch, id, facts: text })),
  );
  if (whole) await insertReady(transaction, batch, whole);
  await insertChecked(transaction, batch, rows);
  await insertRows(
    transaction,
    'batch_problems',
    [...problems.map((one) => ({ one, is_notice: 0 })), ...notices.map((one) => ({ one, is_notice: 1 }))].map(
      ({ one, is_notice }, i) => ({ batch, sequence: problem + i, is_notice, problem: JSON.stringify(one) }),
    ),
  );
  const count = rows.length + (whole?.rows.length ?? 0);
  const joins = isLarge(whole) && position.open !== undefined && position.open + ready.count <= JOINED.mostRows;
  if (joins)
    await transaction<StoredChunk>('batch_chunks')
      .where({ batch, chunk: chunk - 1 })
      .update({ last_row: ready.last })
      .increment('rows', ready.count);
  else if (ready.count > 0)
    await transaction<StoredChunk>('batch_chunks').insert({
      batch,
      chunk,
      institution,
      first_row: ready.first,
      last_row: ready.last,
      rows: ready.count,
      state: 'waiting',
    });
  await transaction('batches')
    .where({ id: batch })
    .increment({ rows: count, wrong: count - ready.count - already, already });
  return {
    ...position,
    chunk: ready.count > 0 && !joins ? chunk + 1 : chunk,
    problem: problem + problems.length + notices.length,
    open: openAfter(position, whole, joins, ready.count),
  };
}

function isLarge(ready: ReadyColumns | undefined): boolean {
  return ready !== undefined && ready.rows.length >= JOINED.leastRows;
}

/** Rows of a chunk the next block may become part of, if any. */
function openAfter(
  { chunk, open = 0 }: BlockPosition,
  ready: ReadyColumns | undefined,
  joined: boolean,
  count: number,
): number | undefined {
  if (joined) return open + count;
  return isLarge(ready) && chunk > JOINED.afterChunks ? count : undefined;
}

/** How many rows there are, and between which they lie. */
class Range {
  count = 0;
  first = Infinity;
  last = 0;

  add(row: number): void {
    this.count += 1;
    this.first = Math.min(this.first, row);
    this.last = Math.max(this.last, row);
  }
}

async function insertReady(
  transaction: Knex.Transaction,
  batch: string,
  { rows, columns }: ReadyColumns,
): Promise<void> {
  await insertColumns(transaction, 'batch_rows', rows.length, { batch, row: rows, state: 'ready', ...columns });
}

async function insertChecked(
  transaction: Knex.Transaction,
  batch: string,
  rows: readonly CheckedBatchRow[],
): Promise<void> {
  const whole = rows.map(stored);
  const columns: Record<string, SqlColumn> = {
    batch,
    row: rows.map(({ row }) => row),
    state: whole.map(({ state }) => state),
  };
  for (const name of COLUMNS) columns[name] = whole.map((one) => one[name]);
  await insertColumns(transaction, 'batch_rows', rows.length, columns);
}

function stored(row: CheckedBatchRow): Omit<StoredRow, 'batch' | 'row' | 'code'> {
  if ('ready' in row) return { state: 'ready', ...row.ready };
  return 'already' in row ? { ...NOTHING, state: 'already', certificate: row.already } : { ...NOTHING, state: 'wrong' };
}

const NOTHING: Omit<StoredRow, 'batch' | 'row' | 'state' | 'code'> = {
  draft: null,
  facts: null,
  number: null,
  issued_on: null,
  assessment: null,
  duplicate_key: null,
  result_key: null,
  holder_key: null,
  certificate: null,
  reason: null,
};

const COLUMNS = Object.keys(NOTHING) as (keyof typeof NOTHING)[];
