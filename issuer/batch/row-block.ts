import type { Knex } from 'knex';
import { insertColumns, insertRows, type SqlColumn } from '../../server/index.js';
import type { StoredChunk, StoredRow } from './batch-tables.js';
import type { CellProblem } from './types.js';

/** A row of a sheet after the dry run: ready with everything its turn needs, wrong, or certified already (with which certificate). */
export type CheckedBatchRow = Pick<StoredRow, 'row'> &
  ({ problems: CellProblem[] } | { already: string } | { ready: Omit<StoredRow, 'batch' | 'row' | 'state' | 'code'> });

/** Where the next block of a batch is stored. */
export interface BlockPosition {
  batch: string;
  institution: string;
  chunk: number;
  problem: number;
}

/** What was found in a block of consecutive rows. */
export interface RowBlock {
  rows: CheckedBatchRow[];
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
  { rows, notices, facts }: RowBlock,
): Promise<BlockPosition> {
  const { batch, institution, chunk, problem } = position;
  const ready = rows.filter((row) => 'ready' in row);
  const problems = rows.flatMap((row) => ('problems' in row ? row.problems : []));
  const already = rows.filter((row) => 'already' in row).length;
  await insertRows(
    transaction,
    'batch_facts',
    [...facts].map(([id, text]) => ({ batch, id, facts: text })),
  );
  const whole = rows.map(stored);
  const columns: Record<string, SqlColumn> = {
    batch,
    row: rows.map(({ row }) => row),
    state: whole.map(({ state }) => state),
  };
  for (const name of COLUMNS) columns[name] = whole.map((one) => one[name]);
  await insertColumns(transaction, 'batch_rows', rows.length, columns);
  await insertRows(
    transaction,
    'batch_problems',
    [...problems.map((one) => ({ one, is_notice: 0 })), ...notices.map((one) => ({ one, is_notice: 1 }))].map(
      ({ one, is_notice }, i) => ({ batch, sequence: problem + i, is_notice, problem: JSON.stringify(one) }),
    ),
  );
  const [first] = ready;
  if (first)
    await transaction<StoredChunk>('batch_chunks').insert({
      batch,
      chunk,
      institution,
      first_row: first.row,
      last_row: ready.at(-1)?.row ?? first.row,
      rows: ready.length,
      state: 'waiting',
    });
  await transaction('batches')
    .where({ id: batch })
    .increment({ rows: rows.length, wrong: rows.length - ready.length - already, already });
  return {
    ...position,
    chunk: first ? chunk + 1 : chunk,
    problem: problem + problems.length + notices.length,
  };
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
