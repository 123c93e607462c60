import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StoredBatch, StoredChunk } from '../../../issuer/batch/batch-tables.js';
import { describeOnEachDatabase } from '../../database/fresh-database.js';
import { CODE, startWorld, type World } from '../world.js';
import { checkBatchInvariants } from './batch-invariants.js';
import { people, sheetFile } from './sheets.js';
import { WorkerProcess } from './worker-process.js';

const KILLS = Number(process.env['YIZHENG_BATCH_KILLS'] ?? 50);
const ROWS = 5000;
const LEASE_MS = 300;
const SPARE = 3;

/** Moments a worker is killed at, in milliseconds after a step of the batch: they walk over reserve, sign and store. */
const LATER = (kill: number): number => (kill * 37) % 230;

describeOnEachDatabase('a batch whose worker is killed', function (kind) {
  this.timeout(1_800_000);
  let world: World;
  beforeEach(async () => {
    world = await startWorld({ kind, now: new Date(), batches: { chunkRows: 90 } });
  });
  afterEach(() => world.remove());

  it(`has every row exactly once after ${KILLS} kills, no number or status index twice, audit and record whole @slow`, async () => {
    const { batches } = world.issuer.service;
    const path = await sheetFile(join(world.folder, 'sheet.csv'), people(ROWS));
    await world.issuer.service.worker.stop();
    const { id } = await batches.upload({
      institution: CODE,
      actor: 'clerk-1',
      operation: 'issue',
      file: { path, name: 'sheet.csv' },
    });
    world.time.now = new Date();
    await batches.confirm(CODE, id, { actor: 'clerk-1', rows: 'all' });
    const { knex } = world.database;
    const seen = { waiting: 0, reserved: 0, atRest: 0 };
    const load = (): WorkerProcess => new WorkerProcess(world, LEASE_MS);
    const loaded = Array.from({ length: SPARE }, load);
    for (let kill = 0; kill < KILLS; kill++) {
      const worker = loaded.shift() ?? load();
      loaded.push(load());
      const done = async (): Promise<number> =>
        (await knex<StoredBatch>('batches').where({ id }).first('done'))?.done ?? 0;
      const before = await done();
      await worker.start();
      // Every other life is long enough to come further; the others end wherever they are.
      for (let waited = 0; kill % 2 === 0 && waited < 400 && (await done()) === before; waited++) await pause(5);
      await pause(LATER(kill));
      await worker.kill();
      const open = await knex<StoredChunk>('batch_chunks').where({ batch: id, state: 'reserved' });
      if (open.length > 0) seen.reserved += 1;
      else if ((await knex<StoredChunk>('batch_chunks').where({ batch: id }).whereNotNull('claim')).length > 0)
        seen.waiting += 1;
      else seen.atRest += 1;
    }
    const { done: early } = (await knex<StoredBatch>('batches').where({ id }).first('done')) ?? { done: 0 };
    const last = loaded.shift() ?? load();
    await last.start();
    for (let waited = 0; (await batches.get(CODE, id)).state !== 'done'; waited++) {
      assert.ok(waited < 2400, JSON.stringify(await batches.get(CODE, id)));
      await pause(50);
    }
    await Promise.all([last, ...loaded].map((worker) => worker.kill()));
    const progress = await batches.get(CODE, id);
    assert.deepEqual([progress.done, progress.failed, progress.ready], [ROWS, 0, 0]);
    const { certificates } = await checkBatchInvariants(world, { sample: 40 });
    assert.equal(certificates.length, ROWS);
    const rows = await batches.rows(CODE, id, { limit: ROWS + 10 });
    assert.deepEqual(
      rows.map(({ row, state }) => `${row} ${state}`),
      Array.from({ length: ROWS }, (_, i) => `${i + 2} done`),
      'the result sheet is complete',
    );
    const reserves = (await knex('audit_log').where({ action: 'batch.reserve' })) as { detail: string }[];
    assert.equal(
      reserves.reduce((sum, { detail }) => sum + (JSON.parse(detail) as { rows: number }).rows, 0),
      ROWS,
      'no row was reserved twice',
    );
    assert.ok(await batches.record(CODE, id));
    assert.ok(seen.reserved > KILLS / 5, `the kills met too few reserved chunks: ${JSON.stringify(seen)}`);
    process.stdout.write(`      ${KILLS} kills, ${early} rows before the last life, met ${JSON.stringify(seen)}\n`);
  });
});
