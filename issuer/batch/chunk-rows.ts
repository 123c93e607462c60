import type { Knex } from 'knex';
import type { StoredChunk, StoredRow } from './batch-tables.js';
import { parseRowFacts, type RowFacts } from './row-facts.js';
import type { ReadyRows } from './waiting-rows.js';

interface StoredFacts {
  batch: string;
  id: number;
  facts: string;
}

/** The facts of rows, by id. */
export async function factsOf(
  knex: Knex,
  batch: string,
  { facts }: Pick<ReadyRows, 'facts'>,
): Promise<ReadonlyMap<number, RowFacts>> {
  const ids = [...new Set(facts)].filter((id) => id !== null);
  if (ids.length === 0) return new Map();
  const found: { id: number; facts: string }[] = await knex<StoredFacts>('batch_facts')
    .where({ batch })
    .whereIn('id', ids)
    .select('id', 'facts');
  return new Map(found.map((one) => [one.id, parseRowFacts(one.facts)]));
}

/** Marks rows of a batch as refused, with why, and counts them. */
export async function failRows(
  transaction: Knex.Transaction,
  batch: string,
  codes: ReadonlyMap<number, string>,
): Promise<void> {
  if (codes.size === 0) return;
  const byCode = new Map<string, number[]>();
  for (const [row, code] of codes) byCode.set(code, [...(byCode.get(code) ?? []), row]);
  let failed = 0;
  for (const [code, rows] of byCode)
    failed += await transaction<StoredRow>('batch_rows')
      .where({ batch, state: 'ready' })
      .whereIn('row', rows)
      .update({ state: 'failed', code });
  await transaction('batches').where({ id: batch }).increment('failed', failed);
}

/** Line of the digest of a chunk for a row that was refused. */
export async function failedLines(
  transaction: Knex.Transaction,
  { batch, first_row, last_row }: StoredChunk,
): Promise<[row: number, line: string][]> {
  const rows = await transaction<StoredRow>('batch_rows')
    .where({ batch, state: 'failed' })
    .whereBetween('row', [first_row, last_row])
    .select('row', 'code');
  return rows.map(({ row, code }) => [row, `${row} - ${code ?? ''}\n`]);
}
