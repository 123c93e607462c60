import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StoredBatch } from '../../../issuer/batch/batch-tables.js';
import { describeOnEachDatabase } from '../../database/fresh-database.js';
import { CODE, startWorld, type World } from '../world.js';
import { checkBatchInvariants } from './batch-invariants.js';
import { people, sheetFile } from './sheets.js';
import { WorkerProcess } from './worker-process.js';

const ROWS = 9000;

describeOnEachDatabase('two worker processes on one database', function (kind) {
  this.timeout(240_000);
  let world: World;
  before(async () => {
    world = await startWorld({ kind, now: new Date(), batches: { chunkRows: 100 } });
    await world.issuer.service.worker.stop();
  });
  const started: WorkerProcess[] = [];
  after(async () => {
    for (const worker of started) await worker.kill();
    await world.remove();
  });

  it('share a batch without doubling a row, and one of them dying does not stop it', async () => {
    const { batches } = world.issuer.service;
    const { knex } = world.database;
    const path = await sheetFile(join(world.folder, 'sheet.csv'), people(ROWS));
    const { id } = await batches.upload({
      institution: CODE,
      actor: 'clerk-1',
      operation: 'issue',
      file: { path, name: 'sheet.csv' },
    });
    const workers = [new WorkerProcess(world, 1000), new WorkerProcess(world, 1000)] as const;
    started.push(...workers);
    await Promise.all(workers.map((worker) => worker.start()));
    world.time.now = new Date();
    const shown: number[] = [];
    const stop = batches.subscribe(id, ({ done }) => shown.push(done));
    await batches.confirm(CODE, id, { actor: 'clerk-1', rows: 'all' });
    const done = async (): Promise<number> =>
      (await knex<StoredBatch>('batches').where({ id }).first('done'))?.done ?? 0;
    for (let waited = 0; workers.some(({ steps }) => steps < 3); waited++) {
      assert.ok(waited < 4000 && (await done()) < ROWS, 'one worker did everything');
      await pause(5);
    }
    await workers[0].kill();
    const atDeath = await done();
    assert.ok(atDeath < ROWS, 'the worker died too late');
    for (let waited = 0; (await batches.get(CODE, id)).state !== 'done'; waited++) {
      assert.ok(waited < 2000, JSON.stringify(await batches.get(CODE, id)));
      await pause(50);
    }
    stop();
    await workers[1].kill();
    const progress = await batches.get(CODE, id);
    assert.deepEqual([progress.done, progress.failed, progress.ready], [ROWS, 0, 0]);
    const { certificates } = await checkBatchInvariants(world, { sample: 20 });
    assert.equal(certificates.length, ROWS);
    assert.ok(shown.length > 1, 'progress of other processes shows');
  });
});
