import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BatchProgress } from '../../../issuer/batch/index.js';
import type { CertificateRow } from '../../../issuer/certificate-row.js';
import { describeOnEachDatabase } from '../../database/fresh-database.js';
import { CODE, startWorld, type World } from '../world.js';
import { checkBatchInvariants } from './batch-invariants.js';
import { line, sheetFile } from './sheets.js';

const CLERK = 'clerk-1';
const HEADER = '姓名,证件号码,职业编码,工种,等级,考核计划编号,考核方式,考核标准,标准类型,考核日期,证书类别,证书编号';

describeOnEachDatabase('numbers given by hand', function (kind) {
  this.timeout(60_000);
  let world: World;
  let files = 0;
  const batches = () => world.issuer.service.batches;
  const given = (serial: number, year = '26') => `${CODE}${year}3${String(serial).padStart(6, '0')}`;
  const upload = async (lines: readonly string[]): Promise<BatchProgress> => {
    const path = await sheetFile(join(world.folder, `given-${++files}.csv`), lines, HEADER);
    return batches().upload({ institution: CODE, actor: CLERK, operation: 'issue', file: { path, name: 'sheet.csv' } });
  };
  const finish = async (id: string): Promise<BatchProgress> => {
    await batches().confirm(CODE, id, { actor: CLERK, rows: 'all' });
    for (let waited = 0; waited < 600; waited++) {
      const progress = await batches().get(CODE, id);
      if (progress.state === 'done') return progress;
      await pause(25);
    }
    throw new Error(JSON.stringify(await batches().get(CODE, id)));
  };
  const numbers = async (id: string): Promise<(string | undefined)[]> =>
    (await batches().rows(CODE, id)).map(({ certificate }) => certificate?.number);

  before(async () => {
    world = await startWorld({ kind, batches: { chunkRows: 3, threads: 1, pollMs: 50, retryMs: 20 } });
  });
  afterEach(() => checkBatchInvariants(world, { sample: 1 }));
  after(() => world.remove());

  it('are left out when the other rows of the same sheet are numbered', async () => {
    const { id } = await upload([`${line(1)},${given(2)}`, `${line(2)},`, `${line(3)},`]);
    const done = await finish(id);
    assert.deepEqual([done.done, done.failed], [3, 0]);
    assert.deepEqual(await numbers(id), [given(2), given(1), given(3)]);
  });

  it('are kept for their rows, also where these come after others that are numbered by the rule', async () => {
    const { id } = await upload([4, 5, 6, 7].map((n) => `${line(n)},${n === 7 ? given(5) : ''}`));
    const done = await finish(id);
    assert.deepEqual([done.done, done.failed], [4, 0]);
    assert.deepEqual(await numbers(id), [given(4), given(6), given(7), given(5)]);
    const [row] = await world.database.knex<CertificateRow>('certificates').where({ number: given(5) });
    assert.equal(row?.revision, 1);
  });

  it('fix the date of issue, so that the year they hold stays the right one', async () => {
    const { institutions, accreditations } = world.issuer.service;
    const moveTo = async (instant: string): Promise<void> => {
      world.time.now = new Date(instant);
      await accreditations.import(await institutions.get(CODE), 'test', await world.publish(world.accreditations));
    };
    // Not longer before than a draft is kept.
    await moveTo('2026-12-30T09:00:00Z');
    const { id } = await upload([`${line(11)},${given(777)}`, `${line(12)},`]);
    await moveTo('2027-01-02T09:00:00Z');
    const done = await finish(id);
    assert.deepEqual([done.done, done.failed], [2, 0]);
    assert.deepEqual(await numbers(id), [given(777), given(1, '27')]);
    const { credential } = await world.issuer.service.certificate(CODE, given(777));
    assert.equal(credential.validFrom.slice(0, 10), '2026-12-30');
  });
});
