import type { Knex } from 'knex';
import type { StoredBatch, StoredRow } from './batch-tables.js';
import { DuplicateSet } from './duplicate-set.js';

const PAGE = 5000;

/** Rows of other batches of an institution that were confirmed and wait for their turn. */
export class OpenRows {
  private constructor(private readonly batches: readonly { id: string; rows: DuplicateSet }[]) {}

  /** Reads them; a batch that nobody confirmed yet does not count. */
  static async read(knex: Knex, institution: string): Promise<OpenRows> {
    const open: Pick<StoredBatch, 'id'>[] = await knex<StoredBatch>('batches')
      .where({ institution })
      .whereIn('state', ['waiting-approval', 'running', 'paused'])
      .whereIn('operation', ['issue', 'correct'])
      .select('id');
    const batches: { id: string; rows: DuplicateSet }[] = [];
    for (const { id } of open) batches.push({ id, rows: await readyKeys(knex, id) });
    return new OpenRows(batches);
  }

  /** Is there no such batch? */
  get isEmpty(): boolean {
    return this.batches.length === 0;
  }

  /** Where a result stands, by its duplicate key. */
  find(key: string): { batch: string; row: number } | undefined {
    for (const { id, rows } of this.batches) {
      const row = rows.get(key);
      if (row !== undefined) return { batch: id, row };
    }
    return undefined;
  }

  /** Forgets them. */
  clear(): void {
    for (const { rows } of this.batches) rows.clear();
  }
}

async function readyKeys(knex: Knex, batch: string): Promise<DuplicateSet> {
  const keys = new DuplicateSet();
  for (let after = 0; ;) {
    const rows: Pick<StoredRow, 'row' | 'state' | 'duplicate_key'>[] = await knex<StoredRow>('batch_rows')
      .where({ batch })
      .where('row', '>', after)
      .orderBy('row')
      .limit(PAGE)
      .select('row', 'state', 'duplicate_key');
    for (const { row, state, duplicate_key } of rows)
      if (state === 'ready' && duplicate_key !== null) keys.add(duplicate_key, row);
    if (rows.length < PAGE) return keys;
    after = rows.at(-1)?.row ?? after;
  }
}
