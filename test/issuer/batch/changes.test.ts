import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BatchProgress } from '../../../issuer/batch/index.js';
import { problemText } from '../../../issuer/batch/sheet/index.js';
import type { CertificateRow } from '../../../issuer/certificate-row.js';
import { verifyAuditChain, type Role } from '../../../server/index.js';
import { describeOnEachDatabase } from '../../database/fresh-database.js';
import { CODE, startWorld, type World } from '../world.js';
import { line, people, sheetFile } from './sheets.js';

const CLERK = 'clerk-1';
type Operation = 'issue' | 'revoke' | 'suspend' | 'reinstate' | 'correct';

describeOnEachDatabase('batches of changes', function (kind) {
  this.timeout(120_000);
  let world: World;
  let files = 0;
  let numbers: string[];
  const batches = () => world.issuer.service.batches;
  const upload = async (
    operation: Operation,
    lines: readonly string[],
    options: { header?: string; roles?: Role[] } = {},
  ): Promise<BatchProgress> => {
    const path = await sheetFile(join(world.folder, `changes-${++files}.csv`), lines, options.header);
    return batches().upload({
      institution: CODE,
      actor: CLERK,
      operation,
      file: { path, name: 'sheet.csv' },
      ...(options.roles ? { roles: options.roles } : {}),
    });
  };
  const finish = async (id: string): Promise<BatchProgress> => {
    await batches().confirm(CODE, id, { actor: CLERK, rows: 'good' });
    for (let waited = 0; waited < 1200; waited++) {
      const progress = await batches().get(CODE, id);
      if (progress.state === 'done') return progress;
      await pause(25);
    }
    throw new Error(JSON.stringify(await batches().get(CODE, id)));
  };
  const status = async (number: string): Promise<string> => {
    const { status: now } = await world.issuer.service.certificate(CODE, number);
    return now;
  };
  const marks = async (): Promise<{ revocation_changes: number; suspension_changes: number }> =>
    (await world.database.knex('status_lists').first()) as { revocation_changes: number; suspension_changes: number };
  const codes = async (id: string): Promise<string[]> =>
    (await batches().problems(CODE, id)).map(({ row, code }) => `${row} ${code}`);

  before(async () => {
    world = await startWorld({ kind, batches: { chunkRows: 200, threads: 1, pollMs: 100 } });
    await finish((await upload('issue', people(320))).id);
    const rows = await world.database.knex<CertificateRow>('certificates').orderBy('number').select('number');
    numbers = rows.map(({ number }) => number);
  });
  after(() => world.remove());

  it('suspends, reinstates and revokes what a sheet names, each row with its reason, and marks each list once', async () => {
    const header = '证书编号,原因';
    const before = await marks();
    const suspended = await upload('suspend', [`${numbers[0]},正在调查`, `${numbers[1]},正在调查`], { header });
    assert.deepEqual(await codes(suspended.id), []);
    const done = await finish(suspended.id);
    assert.deepEqual([done.done, done.failed], [2, 0]);
    assert.deepEqual(await Promise.all([numbers[0]!, numbers[2]!].map(status)), ['suspended', 'active']);
    assert.equal((await marks()).suspension_changes, before.suspension_changes + 1);
    await finish((await upload('reinstate', [`${numbers[0]},查清`], { header })).id);
    assert.equal(await status(numbers[0]!), 'active');
    await finish((await upload('revoke', [`${numbers[0]},信息有误`, `${numbers[1]},信息有误`], { header })).id);
    assert.deepEqual(await Promise.all([numbers[0]!, numbers[1]!].map(status)), ['revoked', 'revoked']);
    const rows = await batches().rows(CODE, suspended.id);
    assert.deepEqual(
      rows.map(({ row, state, certificate }) => [row, state, certificate?.number]),
      [
        [2, 'done', numbers[0]],
        [3, 'done', numbers[1]],
      ],
    );
  });

  it('finds at the dry run what cannot be changed', async () => {
    const { id, wrong } = await upload(
      'reinstate',
      [`${numbers[0]},查清`, `${numbers[5]},查清`, 'S000051000001269999999,查清', `${numbers[5]},查清`],
      { header: '证书编号,原因' },
    );
    assert.equal(wrong, 4);
    assert.deepEqual(await codes(id), [
      '2 REVOCATION_IS_FINAL',
      '3 STATUS_UNCHANGED',
      '4 CERTIFICATE_NOT_FOUND',
      '5 CERTIFICATE_TWICE_IN_SHEET',
    ]);
  });

  it('takes no reason that is no ground for what is asked, names those that are, and all that is wrong at once', async () => {
    const header = '证书编号,原因';
    const lines = [
      `${numbers[60]},正在调查`,
      `${numbers[61]},已查清`,
      'S000051000001269999999,正在调查',
      `${numbers[0]},信息有误`,
    ];
    const { id, ready } = await upload('revoke', lines, { header });
    assert.equal(ready, 0);
    assert.deepEqual(await codes(id), [
      '2 CELL_NOT_IN_LIST',
      '3 CELL_NOT_IN_LIST',
      '4 CERTIFICATE_NOT_FOUND',
      '4 CELL_NOT_IN_LIST',
      '5 STATUS_UNCHANGED',
    ]);
    const found = await batches().problems(CODE, id);
    const texts = found.map((problem) => problemText(problem, 'zh-CN'));
    assert.match(texts[0] ?? '', /信息有误、弄虚作假、已换发新证、批次作废、本人申请/);
    assert.doesNotMatch(texts[0] ?? '', /查清/);
    assert.match(texts[4] ?? '', /已经撤销/);
    const missing = await upload('suspend', [numbers[60]!], { header: '证书编号' });
    const [{ parameters } = { parameters: {} }] = await batches().problems(CODE, missing.id);
    assert.deepEqual(parameters, { allowed: '本人申请、正在调查' });
    const path = await sheetFile(join(world.folder, 'unfit.csv'), [numbers[60]!], '证书编号');
    const file = { path, name: 'sheet.csv' };
    await assert.rejects(
      batches().upload({ institution: CODE, actor: CLERK, operation: 'revoke', file, reason: 'investigation' }),
      { code: 'STATUS_REASON_UNFIT', status: 422 },
    );
    await assert.rejects(
      batches().voidSession({ institution: CODE, actor: CLERK, assessmentId: '2026-PJ-000001', reason: 'cleared' }),
      { code: 'STATUS_REASON_UNFIT' },
    );
    // A batch that was checked before there was this rule revokes nothing.
    const old = await upload('revoke', [`${numbers[60]},信息有误`], { header });
    await world.database.knex('batch_rows').where({ batch: old.id }).update({ reason: 'investigation' });
    assert.equal((await finish(old.id)).failed, 1);
    assert.equal(await status(numbers[60]!), 'active');
  });

  it('a change made by hand after the dry run fails its row, not the batch', async () => {
    const { id } = await upload('suspend', [`${numbers[10]},正在调查`, `${numbers[11]},正在调查`], {
      header: '证书编号,原因',
    });
    await world.issuer.service.changeStatus(CODE, numbers[10]!, CLERK, { action: 'revoke', reason: 'error' });
    const done = await finish(id);
    assert.deepEqual([done.done, done.failed], [1, 1]);
    assert.equal((await batches().rows(CODE, id))[0]?.code, 'REVOCATION_IS_FINAL');
  });

  it('corrects what a sheet names: same number, next revision, the old one revoked as superseded', async () => {
    const header =
      '姓名,证件号码,职业编码,工种,等级,考核计划编号,考核方式,考核标准,标准类型,考核日期,证书类别,被更正证书编号';
    const first = 21;
    const renamed = (n: number) => `${line(n, { name: `张玮${n}` })},${numbers[n - 1]}`;
    const { id, wrong } = await upload(
      'correct',
      [
        renamed(first),
        renamed(first + 1),
        renamed(first + 2),
        `${line(1)},${numbers[0]}`,
        `${line(400)},${numbers[30]}`,
      ],
      { header },
    );
    assert.deepEqual([wrong, await codes(id)], [2, ['5 CERTIFICATE_REVOKED', '6 CORRECTION_OTHER_HOLDER']]);
    // One is revoked, and one corrected, by hand between dry run and start.
    await world.issuer.service.changeStatus(CODE, numbers[first]!, CLERK, { action: 'revoke', reason: 'error' });
    const done = await finish(id);
    assert.deepEqual([done.done, done.failed], [2, 1]);
    const rows = await batches().rows(CODE, id);
    assert.deepEqual(
      rows.map(({ row, state, code, certificate }) => [row, state, code ?? certificate?.revision]),
      [
        [2, 'done', 2],
        [3, 'failed', 'CERTIFICATE_REVOKED'],
        [4, 'done', 2],
        [5, 'wrong', undefined],
        [6, 'wrong', undefined],
      ],
    );
    const old = (await world.database
      .knex<CertificateRow>('certificates')
      .where({ number: numbers[first - 1] ?? '', revision: 1 })
      .first())!;
    assert.deepEqual([old.status, old.status_reason], ['revoked', 'superseded']);
    const { credential } = await world.issuer.service.certificate(CODE, numbers[first - 1]!);
    assert.deepEqual([credential.credentialSubject.name, credential.supersedes], [`张玮${first}`, old.id]);
    assert.equal(await world.libraryVerifies(credential), true);
    const again = await upload('correct', [`${line(first, { name: '张三' })},${old.id}`], { header });
    assert.deepEqual(await codes(again.id), ['2 CERTIFICATE_REVOKED']);
  });

  it('holds a correction to the date of issue it keeps, at the dry run and again when it is issued', async () => {
    const header =
      '姓名,证件号码,职业编码,工种,等级,考核计划编号,考核方式,考核标准,标准类型,考核日期,证书类别,被更正证书编号';
    const late = (n: number) => `${line(n).replace('2026-11-15', '2026-11-30')},${numbers[n - 1]}`;
    world.time.now = new Date('2026-12-02T09:00:00Z');
    const checked = await upload('correct', [late(41), `${line(42)},${numbers[41]}`, `${line(43)},${numbers[42]}`], {
      header,
    });
    assert.deepEqual(await codes(checked.id), ['2 RECORD_INVALID']);
    const { knex } = world.database;
    const stored = (await knex('batch_rows').where({ batch: checked.id, row: 3 }).first()) as { draft: string };
    await knex('batch_rows')
      .where({ batch: checked.id, row: 3 })
      .update({ draft: stored.draft.replace('2026-11-15', '2026-11-30') });
    const done = await finish(checked.id);
    assert.deepEqual([done.done, done.failed], [1, 1]);
    assert.equal((await batches().rows(CODE, checked.id))[1]?.code, 'RECORD_INVALID');
    assert.deepEqual(await Promise.all([numbers[40]!, numbers[41]!].map(status)), ['active', 'active']);
  });

  it('lets only an approver or officer correct whose certificate it is, and the audit log names it', async () => {
    const header =
      '姓名,证件号码,职业编码,工种,等级,考核计划编号,考核方式,考核标准,标准类型,考核日期,证书类别,被更正证书编号';
    const { id, wrong } = await upload('correct', [`${line(401)},${numbers[31]}`], { header, roles: ['officer'] });
    assert.equal(wrong, 0);
    await finish(id);
    const acts = (await world.database.knex('audit_log').where({ action: 'batch.correct', subject: id })) as {
      detail: string;
    }[];
    assert.match(
      acts[0]?.detail ?? '',
      new RegExp(`"correctsHolder":\\["urn:yizheng:certificate:${numbers[31]}:2"\\]`),
    );
  });

  it('withdraws all certificates of one assessment at once (E13)', async () => {
    await assert.rejects(batches().voidSession({ institution: CODE, actor: CLERK, assessmentId: '2026-PJ-999999' }), {
      code: 'ASSESSMENT_NOT_FOUND',
    });
    const other = await upload('issue', [line(500, { assessment: '2026-PJ-000002' })]);
    await finish(other.id);
    const before = await marks();
    const listed = await batches().voidSession({ institution: CODE, actor: CLERK, assessmentId: '2026-PJ-000001' });
    assert.equal(listed.state, 'checked');
    assert.ok(listed.ready >= 300, String(listed.ready));
    assert.equal(await status(numbers[50]!), 'active');
    const done = await finish(listed.id);
    assert.deepEqual([done.done, done.failed], [listed.ready, 0]);
    const active = await world.database
      .knex<CertificateRow>('certificates')
      .where({ state: 'issued' })
      .whereNot({ status: 'revoked' })
      .select('assessment');
    assert.deepEqual(active, [{ assessment: '2026-PJ-000002' }]);
    const chunks = Math.ceil(listed.ready / 1000);
    assert.equal((await marks()).revocation_changes, before.revocation_changes + chunks);
    const record = JSON.parse(
      Buffer.from((await batches().record(CODE, listed.id)).split('.')[1] ?? '', 'base64url').toString(),
    ) as { assessmentId: string };
    assert.equal(record.assessmentId, '2026-PJ-000001');
    assert.equal((await verifyAuditChain(world.database.knex)).brokenAt, undefined);
  });
});
