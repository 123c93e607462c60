import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { compactVerify, importJWK } from 'jose';
import type { BatchProgress, BatchResultRow } from '../../../issuer/batch/index.js';
import type { CertificateRow } from '../../../issuer/certificate-row.js';
import { SheetError } from '../../../issuer/batch/sheet/index.js';
import { parseExamResult } from '../../../issuer/exam-result.js';
import { decodeQrText } from '../../../shared/carrier/qr-text.js';
import { describeOnEachDatabase } from '../../database/fresh-database.js';
import { CODE, exam, startWorld, type World } from '../world.js';
import { rowKey } from '../../../issuer/batch/batch-tables.js';
import { checkBatchInvariants } from './batch-invariants.js';
import { line, people, sheetFile, uniqueCitizen } from './sheets.js';

const CLERK = 'clerk-1';
const APPROVER = 'approver-1';

describeOnEachDatabase('batches', function (kind) {
  this.timeout(120_000);
  let world: World;
  let files = 0;
  before(async () => {
    world = await startWorld({ kind, batches: { chunkRows: 200, threads: 1, pollMs: 100 } });
  });
  after(() => world.remove());

  const batches = () => world.issuer.service.batches;
  const upload = async (
    lines: readonly string[],
    options: { operation?: 'issue' | 'revoke' | 'correct'; header?: string; approval?: boolean } = {},
  ): Promise<BatchProgress> => {
    const { operation = 'issue', header, ...rest } = options;
    const path = await sheetFile(join(world.folder, `sheet-${++files}.csv`), lines, header);
    return batches().upload({
      institution: CODE,
      actor: CLERK,
      operation,
      file: { path, name: 'sheet.csv' },
      ...rest,
    });
  };
  const until = async (id: string, state: BatchProgress['state']): Promise<BatchProgress> => {
    for (let waited = 0; waited < 1200; waited++) {
      const progress = await batches().get(CODE, id);
      if (progress.state === state) return progress;
      await pause(25);
    }
    throw new Error(`still ${JSON.stringify(await batches().get(CODE, id))}`);
  };
  const issueAll = async (lines: readonly string[]): Promise<BatchProgress> => {
    const { id } = await upload(lines);
    await batches().confirm(CODE, id, { actor: CLERK, rows: 'all' });
    return until(id, 'done');
  };
  const allRows = async (id: string): Promise<BatchResultRow[]> => {
    const rows: BatchResultRow[] = [];
    for (;;) {
      const page = await batches().rows(CODE, id, { after: rows.at(-1)?.row ?? 0, limit: 300 });
      if (page.length === 0) return rows;
      rows.push(...page);
    }
  };

  it('issues nothing at the dry run, and every good row once it is confirmed', async () => {
    const checked = await upload(people(700));
    assert.deepEqual(
      { state: checked.state, rows: checked.rows, wrong: checked.wrong, ready: checked.ready },
      { state: 'checked', rows: 700, wrong: 0, ready: 700 },
    );
    assert.equal((await world.database.knex('certificates')).length, 0);
    const progress: BatchProgress[] = [];
    const stop = batches().subscribe(checked.id, (step) => progress.push(step));
    await batches().confirm(CODE, checked.id, { actor: CLERK, rows: 'all' });
    const done = await until(checked.id, 'done');
    stop();
    assert.deepEqual([done.done, done.failed, done.ready], [700, 0, 0]);
    assert.ok(progress.some(({ state }) => state === 'running'));
    const rows = await allRows(checked.id);
    assert.deepEqual(
      rows.map(({ row }) => row),
      Array.from({ length: 700 }, (_, i) => i + 2),
    );
    assert.equal(new Set(rows.map(({ certificate }) => certificate?.number)).size, 700);
    assert.equal(rows[0]?.certificate?.name, '张伟1');
    await checkBatchInvariants(world, { sample: 10 });
  });

  it('stores QR texts that hold the certificates, and hands the certificates out like any other', async () => {
    const [row] = await world.database.knex<CertificateRow>('certificates').select().limit(1);
    assert.equal(decodeQrText(row!.qr ?? '').json, row!.credential);
    const { id } = await world.issuer.service.certificate(CODE, row!.number);
    assert.equal(id, row!.id);
    assert.equal(await world.libraryVerifies(JSON.parse(row!.credential ?? '') as object), true);
  });

  it('gives indexes that tell nothing of the order of rows, in lists that are closed at half full', async () => {
    const stored = await world.database
      .knex<CertificateRow>('certificates')
      .orderBy('idempotency_key')
      .select('list', 'list_index');
    const ascending = stored.filter(({ list_index }, i) => list_index > (stored[i - 1]?.list_index ?? -1)).length;
    assert.ok(ascending > stored.length * 0.4 && ascending < stored.length * 0.6, String(ascending));
    await world.database.knex('status_lists').update({ used: 65_536 - 3 });
    const { id } = await issueAll(people(10, 5001));
    const lists = (await allRows(id)).map(({ certificate }) => certificate?.id ?? '');
    const places = await world.database.knex<CertificateRow>('certificates').whereIn('id', lists).select('list');
    assert.deepEqual(places.map(({ list }) => list).sort(), [1, 1, 1, 2, 2, 2, 2, 2, 2, 2]);
  });

  it('names duplicates in the file, of certificates and of batches that wait, and keeps the number out of it all', async () => {
    const waiting = await upload(people(3, 6001), { approval: true });
    await batches().confirm(CODE, waiting.id, { actor: CLERK, rows: 'all' });
    const { id, wrong, ready } = await upload([
      line(1),
      line(7001),
      line(7001, { name: '张伟7001' }),
      line(6002),
      line(7002, { level: '一级' }),
    ]);
    assert.deepEqual([wrong, ready], [4, 1]);
    const problems = await batches().problems(CODE, id);
    assert.deepEqual(
      problems.map(({ row, code }) => `${row} ${code}`),
      ['2 CERTIFICATE_DUPLICATE', '4 DUPLICATE_IN_SHEET', '5 DUPLICATE_IN_BATCH', '6 LEVEL_OUT_OF_SCOPE'],
    );
    assert.deepEqual(problems[2]?.parameters, { batch: waiting.id, row: '3' });
    for (const table of ['batches', 'batch_rows', 'batch_facts', 'batch_problems', 'audit_log', 'certificates'])
      assert.doesNotMatch(JSON.stringify(await world.database.knex(table)), new RegExp(uniqueCitizen(7001)), table);
    assert.doesNotMatch(world.lines.join(''), new RegExp(uniqueCitizen(7001)));
    await batches().cancel(CODE, waiting.id, { actor: CLERK });
  });

  it('lets a person choose: all rows or only the good ones', async () => {
    const { id } = await upload([line(7101), line(7102, { level: '一级' })]);
    await assert.rejects(batches().confirm(CODE, id, { actor: CLERK, rows: 'all' }), { code: 'BATCH_HAS_PROBLEMS' });
    await batches().confirm(CODE, id, { actor: CLERK, rows: 'good' });
    const done = await until(id, 'done');
    assert.deepEqual([done.done, done.wrong], [1, 1]);
    assert.deepEqual(
      (await allRows(id)).map(({ row, state }) => `${row} ${state}`),
      ['2 done', '3 wrong'],
    );
    const empty = await upload([line(7103, { level: '一级' })]);
    await assert.rejects(batches().confirm(CODE, empty.id, { actor: CLERK, rows: 'good' }), { code: 'BATCH_EMPTY' });
  });

  it('waits for a second person where the institution or the upload asks for one', async () => {
    const { institutions } = world.issuer.service;
    await institutions.setApproval(CODE, true, 'admin');
    const { id, needsApproval } = await upload([line(7201)]);
    await institutions.setApproval(CODE, false, 'admin');
    assert.equal(needsApproval, true);
    await assert.rejects(batches().approve(CODE, id, { actor: APPROVER }), { code: 'BATCH_STATE' });
    const { state } = await batches().confirm(CODE, id, { actor: 'clerk-2', rows: 'all' });
    assert.equal(state, 'waiting-approval');
    for (const actor of [CLERK, 'clerk-2'])
      await assert.rejects(batches().approve(CODE, id, { actor }), { code: 'APPROVAL_BY_SAME_PERSON' });
    await batches().approve(CODE, id, { actor: APPROVER });
    const done = await until(id, 'done');
    assert.deepEqual([done.uploadedBy, done.confirmedBy, done.approvedBy], [CLERK, 'clerk-2', APPROVER]);
  });

  it('ends with a record signed by the institution, whose digests anyone can recompute', async () => {
    const { id } = await issueAll(people(3, 7301));
    const jws = await batches().record(CODE, id);
    const [key] = world.keystore.list({ purpose: 'assertion', state: 'active' });
    const { payload, protectedHeader } = await compactVerify(jws, await importJWK(key!.publicKeyJwk, 'EdDSA'));
    assert.deepEqual(protectedHeader, { alg: 'EdDSA', typ: 'yizheng-batch+jwt', kid: key!.id });
    const record = JSON.parse(new TextDecoder().decode(payload)) as {
      jti: string;
      done: number;
      fileSha256: string;
      chunks: { rows: [number, number]; sha256: string }[];
    };
    assert.deepEqual([record.jti, record.done], [`urn:yizheng:batch:${id}`, 3]);
    const hash = createHash('sha256');
    for (const { row, certificate } of await allRows(id)) {
      const { json } = await world.issuer.service.certificate(CODE, certificate!.id);
      hash.update(`${row} ${certificate!.id} ${createHash('sha256').update(json).digest('hex')}\n`);
    }
    assert.deepEqual(record.chunks, [{ rows: [2, 4], sha256: hash.digest('hex') }]);
  });

  it('pauses, goes on and is cancelled; what was issued stays issued', async () => {
    const { id } = await upload(people(1600, 10_001));
    await batches().confirm(CODE, id, { actor: CLERK, rows: 'all' });
    await batches().pause(CODE, id, { actor: CLERK });
    await assert.rejects(batches().pause(CODE, id, { actor: CLERK }), { code: 'BATCH_STATE' });
    await pause(400);
    const paused = await batches().get(CODE, id);
    await pause(300);
    assert.deepEqual(await batches().get(CODE, id), paused, 'it went on while paused');
    assert.ok(paused.ready > 0 && paused.state === 'paused');
    await batches().resume(CODE, id, { actor: CLERK });
    while ((await batches().get(CODE, id)).done === paused.done) await pause(5);
    const cancelled = await batches().cancel(CODE, id, { actor: CLERK });
    assert.equal(cancelled.state, 'cancelled');
    for (let waited = 0; waited < 500; waited++) {
      if (
        await batches()
          .record(CODE, id)
          .catch(() => undefined)
      )
        break;
      await pause(10);
    }
    const { done, skipped, ready } = await batches().get(CODE, id);
    assert.equal(done + skipped, 1600);
    assert.equal(ready, 0);
    assert.equal((await allRows(id)).filter(({ state }) => state === 'done').length, done);
    await checkBatchInvariants(world, { sample: 3 });
  });

  it('meets single issues at the same time: one of both is refused, and hand-given numbers are left out', async () => {
    const n = 8001;
    const serial = (await world.database.knex('serials').where({ institution: CODE, level: '3' }).first()) as {
      last: number;
    };
    const given = `${CODE}263${String(serial.last + 3).padStart(6, '0')}`;
    const single = (changes: object) =>
      world.issuer.service.issuing.issueExamResult(
        {
          institution,
          actor: CLERK,
          idempotencyKey: `single-${++files}`,
        },
        parseExamResult({ ...exam(1), ...changes }),
      );
    const institution = await world.issuer.service.institutions.get(CODE);
    await single({ certificateNumber: given, assessment: { ...(exam(1)['assessment'] as object), id: '2026-X' } });
    const { id } = await upload(people(5, n));
    await single({
      holder: { name: `张伟${n}`, idType: 'resident-identity-card', idNumber: uniqueCitizen(n) },
      assessment: { ...(exam(1)['assessment'] as object), id: '2026-PJ-000001' },
      occupation: { code: '6-18-02-04', trade: '电焊工', catalogueEdition: '2022' },
    });
    await batches().confirm(CODE, id, { actor: CLERK, rows: 'all' });
    const done = await until(id, 'done');
    assert.deepEqual([done.done, done.failed], [4, 1]);
    const rows = await allRows(id);
    assert.equal(rows[0]?.code, 'CERTIFICATE_DUPLICATE');
    assert.ok(!rows.some(({ certificate }) => certificate?.number === given));
  });

  it('keeps institutions apart', async () => {
    const { id } = await upload([line(8101)]);
    for (const act of [
      () => batches().get('Y000051000002', id),
      () => batches().confirm('Y000051000002', id, { actor: CLERK, rows: 'all' }),
      () => batches().rows('Y000051000002', id),
      () => batches().problems('Y000051000002', id),
    ])
      await assert.rejects(act, { code: 'BATCH_NOT_FOUND', status: 404 });
  });

  it('leaves nothing of a sheet that cannot be read, and says what is wrong with it', async () => {
    const before = await world.database.knex('batches');
    await assert.rejects(upload(['1,2,3'], { header: 'a,b,c' }), SheetError);
    assert.equal((await world.database.knex('batches')).length, before.length);
  });

  it('no client can take the key of a row', async () => {
    const { id } = await upload([line(8101), line(8102)]);
    const path = `/institutions/${CODE}/certificates`;
    const taken = await world.call('POST', path, exam(8103), { key: rowKey(id, 2) });
    assert.equal(taken.status, 400);
    await batches().confirm(CODE, id, { actor: CLERK, rows: 'all' });
    assert.equal((await until(id, 'done')).done, 2);
  });

  it('asks for the second person whom the institution came to demand after the upload', async () => {
    const { id } = await upload([line(8201)]);
    await world.issuer.service.institutions.setApproval(CODE, true, APPROVER);
    const waiting = await batches().confirm(CODE, id, { actor: CLERK, rows: 'all' });
    await world.issuer.service.institutions.setApproval(CODE, false, APPROVER);
    assert.deepEqual([waiting.state, waiting.needsApproval], ['waiting-approval', true]);
    await batches().approve(CODE, id, { actor: APPROVER });
    assert.equal((await until(id, 'done')).done, 1);
  });
});
