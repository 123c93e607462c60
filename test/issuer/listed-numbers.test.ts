import assert from 'node:assert/strict';
import { listedAmong } from '../../issuer/reserved-by-batches.js';
import { issuerMigrations } from '../../issuer/index.js';
import { insertRows, openDatabase, type Database } from '../../server/index.js';
import { describeOnEachDatabase, freshDatabase, type FreshDatabase } from '../database/fresh-database.js';
import { plantBatch } from './batch/plant-batch.js';

const STATES = ['running', 'paused', 'waiting-approval', 'checked', 'done', 'cancelled'];
const numberOf = (n: number): string => `S0000510000012630${String(n).padStart(5, '0')}`;

describeOnEachDatabase('numbers given by hand to rows whose turn comes', (kind) => {
  let fresh: FreshDatabase;
  let database: Database;
  before(async () => {
    fresh = await freshDatabase(kind);
    database = await openDatabase({ url: fresh.url, migrations: issuerMigrations });
    await database.write(async (transaction) => {
      await transaction('authorities').insert({ did: 'did:web:a.example' });
      await transaction('institutions').insert({
        code: 'S000051000001',
        did: 'did:web:i.example',
        name: '示例',
        authority: 'did:web:a.example',
        created_at: '2026-11-21',
      });
      for (const state of STATES) await plantBatch(transaction, { id: state, institution: 'S000051000001', state });
      for (const [place, batch] of STATES.entries())
        await insertRows(
          transaction,
          'batch_rows',
          Array.from({ length: 2000 }, (_, i) => ({
            batch,
            row: i + 2,
            state: i === 7 ? 'failed' : 'ready',
            number: i < 10 ? numberOf(place * 10 + i) : null,
          })),
        );
    });
  });
  after(async () => {
    await database.close();
    await fresh.remove();
  });

  it('are those of confirmed batches in the ranges asked for', async () => {
    const found = await listedAmong(database.knex, [
      [numberOf(5), numberOf(21)],
      [numberOf(22), numberOf(34)],
    ]);
    const expected = [5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 24, 25, 26, 28, 29];
    assert.deepEqual(found.toSorted(), expected.map(numberOf));
    assert.deepEqual(await listedAmong(database.knex, [[numberOf(500), numberOf(900)]]), []);
    assert.deepEqual(await listedAmong(database.knex, []), []);
  });

  it('are found by their index, not among all rows of the batches', async () => {
    if (kind === 'postgres') await database.knex.raw('analyze batch_rows');
    const asked: { sql: string; bindings: unknown[] }[] = [];
    database.knex.once('query', (query: { sql: string; bindings: unknown[] }) => asked.push(query));
    await listedAmong(database.knex, [
      [numberOf(500), numberOf(900)],
      [numberOf(5000), numberOf(9000)],
    ]);
    const [query] = asked;
    assert.ok(query);
    const plan: unknown = await database.knex.raw(
      `explain ${kind === 'sqlite' ? 'query plan ' : ''}${query.sql.replace(/\$\d+/g, '?')}`,
      query.bindings as string[],
    );
    assert.equal(JSON.stringify(plan).match(/batch_rows_number/g)?.length, 2);
  });
});
