import assert from 'node:assert/strict';
import type { StoredChunk, StoredRow } from '../../../issuer/batch/batch-tables.js';
import { draftAt, readyRowsOf, type ReadyRows } from '../../../issuer/batch/waiting-rows.js';
import { issuerMigrations } from '../../../issuer/index.js';
import { insertRows, openDatabase, type Database } from '../../../server/index.js';
import { describeOnEachDatabase, freshDatabase, type FreshDatabase } from '../../database/fresh-database.js';
import { plantBatch } from './plant-batch.js';

const BATCH = 'batch-1';

describeOnEachDatabase('rows of a chunk that wait for their turn', (kind) => {
  let fresh: FreshDatabase;
  let database: Database;
  beforeEach(async () => {
    fresh = await freshDatabase(kind, issuerMigrations);
    database = await openDatabase({ url: fresh.url, migrations: issuerMigrations });
    await database.write(async (transaction) => {
      await transaction('authorities').insert({ did: 'did:web:a.example', version: 0 });
      await transaction('institutions').insert({
        ...{ code: 'S000051000001', did: 'did:web:i.example', name: 'i', authority: 'did:web:a.example' },
        created_at: '2026-11-22',
      });
      for (const id of [BATCH, 'batch-2'])
        await plantBatch(transaction, { id, institution: 'S000051000001', state: 'running' });
    });
  });
  afterEach(async () => {
    await database.close();
    await fresh.remove();
  });

  const plain = (chunk: StoredChunk): Promise<StoredRow[]> =>
    database
      .knex<StoredRow>('batch_rows')
      .where({ batch: chunk.batch, state: 'ready' })
      .whereBetween('row', [chunk.first_row, chunk.last_row])
      .orderBy('row');

  it('are read value for value as they were stored, in order, and those of other chunks and batches are not', async () => {
    const names = ['张伟', "O'Neil", 'a\nb\tc', '欧阳 𠮷😀', '\u001f', '\u0000', '\\', '",'];
    const rows = Array.from({ length: 900 }, (_, i) => row(i + 2, names[i % names.length] ?? '', i));
    await database.write((transaction) => insertRows(transaction, 'batch_rows', rows.toReversed()));
    for (const chunk of [chunkOf(2, 901), chunkOf(300, 305), chunkOf(6, 6)]) {
      const ready = await readyRowsOf(database.knex, chunk);
      assert.deepEqual(
        listed(ready),
        (await plain(chunk)).map(({ batch: _, state: __, code: ___, ...one }) => one),
      );
      assert.ok(ready.row.length > 0);
    }
    assert.deepEqual(listed(await readyRowsOf(database.knex, chunkOf(902, 1000))), []);
  });

  it('are read all the same when a value holds what stands between values', async () => {
    const rows = [2, 3, 4].map((at) => ({ ...row(at, '李娜', 1), state: 'ready', assessment: 'a\u001fb' }));
    await database.write((transaction) => insertRows(transaction, 'batch_rows', rows));
    for (const chunk of [chunkOf(2, 4), chunkOf(3, 3)])
      assert.deepEqual(
        listed(await readyRowsOf(database.knex, chunk)),
        (await plain(chunk)).map(({ batch: _, state: __, code: ___, ...one }) => one),
      );
  });
});

function listed(ready: ReadyRows): Omit<StoredRow, 'batch' | 'state' | 'code'>[] {
  const { draft: _, ...columns } = ready;
  return ready.row.map((__, i) => ({
    draft: draftAt(ready, i),
    ...(Object.fromEntries(Object.entries(columns).map(([column, values]) => [column, values.at(i)])) as Omit<
      StoredRow,
      'batch' | 'state' | 'code' | 'draft'
    >),
  }));
}

function row(at: number, name: string, i: number): Record<keyof StoredRow, string | number | null> {
  const or = (value: string, every: number): string | null => (i % every === 0 ? null : value);
  return {
    batch: i % 11 === 10 ? 'batch-2' : BATCH,
    row: at,
    state: i % 7 === 3 ? 'failed' : 'ready',
    code: i % 7 === 3 ? 'RECORD_INVALID' : null,
    draft: i % 13 === 5 ? null : JSON.stringify({ holder: { name }, scores: [i, `${i}.5`] }),
    facts: i % 17 === 5 ? null : i % 3,
    number: or(`S00005100000126${i}`, 3),
    issued_on: or('2026-11-22', 2),
    assessment: or(`2026-PJ-${i % 4}`, 19),
    duplicate_key: or(`${i}`.padStart(64, 'd'), 5),
    result_key: `${i}`.padStart(64, 'e'),
    holder_key: or(`${i}`.padStart(64, 'f'), 4),
    certificate: or(`https://issuer.example/c/${i}`, 2),
    reason: or('correct-holder', 2),
  };
}

function chunkOf(first: number, last: number): StoredChunk {
  return {
    ...{ batch: BATCH, chunk: 1, institution: 'S000051000001', first_row: first, last_row: last, rows: 1 },
    ...{ state: 'waiting', claim: null, claimed_until: null, numbers: null, reservation: null },
    ...{ digest: null, done: null, done_at: null },
  };
}
