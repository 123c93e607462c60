import assert from 'node:assert/strict';
import type { StoredChunk } from '../../../issuer/batch/batch-tables.js';
import { storeBlock, type BlockPosition, type RowBlock } from '../../../issuer/batch/row-block.js';
import { issuerMigrations } from '../../../issuer/index.js';
import { openDatabase, type Database } from '../../../server/index.js';
import { describeOnEachDatabase, freshDatabase } from '../../database/fresh-database.js';
import { plantCertificates } from '../planted-certificates.js';
import { plantBatch } from './plant-batch.js';

const CODE = 'S000051000001';
const NOTHING = { facts: 1, number: null, issued_on: null, certificate: null, reason: null };
const KEYS = { draft: '{}', assessment: 'a', duplicate_key: 'd', result_key: 'r', holder_key: 'h' };

describeOnEachDatabase('chunks of a sheet', (kind) => {
  let remove: () => Promise<void>;
  let database: Database;

  before(async () => {
    const fresh = await freshDatabase(kind, issuerMigrations);
    remove = () => fresh.remove();
    database = await openDatabase({ url: fresh.url, migrations: issuerMigrations });
    await plantCertificates(database, CODE, 1, {});
  });
  after(async () => {
    await database.close();
    await remove();
  });

  /** Stores blocks of so many plain rows, each followed by so many rows of their own. @returns the chunks */
  const chunksOf = async (
    id: string,
    blocks: readonly { plain: number; other?: number; wrong?: number }[],
  ): Promise<StoredChunk[]> => {
    await database.write((transaction) => plantBatch(transaction, { id, institution: CODE, state: 'checking' }));
    let position: BlockPosition = { batch: id, institution: CODE, chunk: 1, problem: 1 };
    let row = 1;
    const next = (count: number): number[] => Array.from({ length: count }, () => ++row);
    for (const { plain, other = 0, wrong = 0 } of blocks) {
      const own = next(plain);
      const block: RowBlock = {
        ...(plain === 0 ? {} : { ready: { rows: own, columns: { ...NOTHING, ...KEYS } } }),
        rows: [
          ...next(other).map((at) => ({ row: at, ready: { ...NOTHING, ...KEYS } })),
          ...next(wrong).map((at) => ({ row: at, problems: [] })),
        ],
        notices: [],
        facts: new Map(),
      };
      position = await database.write((transaction) => storeBlock(transaction, position, block));
    }
    const { knex } = database;
    const chunks = await knex<StoredChunk>('batch_chunks').where({ batch: id }).orderBy('chunk');
    assert.deepEqual(
      chunks.map(({ chunk }) => chunk),
      chunks.map((_, i) => i + 1),
    );
    for (const { first_row, last_row, rows } of chunks) {
      const ready = knex('batch_rows').where({ batch: id, state: 'ready' }).whereBetween('row', [first_row, last_row]);
      const [found] = await ready.count<{ n: number }[]>('* as n');
      assert.equal(Number(found?.n), rows);
    }
    const last = chunks.map(({ last_row }) => last_row);
    assert.ok(chunks.every(({ first_row }, i) => i === 0 || first_row > (last[i - 1] ?? 0)));
    const wanted = blocks.reduce((sum, { plain, other = 0 }) => sum + plain + other, 0);
    assert.equal(
      chunks.reduce((sum, { rows }) => sum + rows, 0),
      wanted,
    );
    return chunks;
  };
  const sizes = (chunks: readonly StoredChunk[]): number[] => chunks.map(({ rows }) => rows);

  it('are small at its beginning and twice as large behind, and hold each ready row once', async () => {
    const blocks = Array.from({ length: 9 }, () => ({ plain: 2000 }));
    assert.deepEqual(sizes(await chunksOf('large', [...blocks, { plain: 700 }])), [
      ...[2000, 2000, 2000, 2000, 2000],
      ...[4000, 4000, 700],
    ]);
  });

  it('stay as they are where blocks are small', async () => {
    const blocks = Array.from({ length: 9 }, () => ({ plain: 20 }));
    assert.deepEqual(sizes(await chunksOf('small', blocks)), Array<number>(9).fill(20));
  });

  it('are never too large, and leave out blocks of which nothing is ready', async () => {
    const blocks = [
      ...Array.from({ length: 5 }, () => ({ plain: 1000, other: 1 })),
      ...[{ plain: 1500, wrong: 500 }, { plain: 1200, other: 300, wrong: 7 }, { plain: 1000 }, { plain: 1900 }],
      ...[{ plain: 0, wrong: 10 }, { plain: 1000 }, { plain: 0, other: 30 }, { plain: 1000 }, { plain: 1100 }],
    ];
    assert.deepEqual(sizes(await chunksOf('mixed', blocks)), [
      ...[1001, 1001, 1001, 1001, 1001],
      ...[4000, 1900, 1000, 30, 2100],
    ]);
  });
});
