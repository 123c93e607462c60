import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { compactVerify, importJWK } from 'jose';
import type { BatchProgress, BatchResultRow } from '../../../issuer/batch/index.js';
import { credentialJson, storedCertificates, type CertificateRow } from '../../../issuer/certificate-row.js';
import { finishBatch } from '../../../issuer/batch/batch-record.js';
import { problemText, SheetError } from '../../../issuer/batch/sheet/index.js';
import { parseExamResult } from '../../../issuer/exam-result.js';
import { decodeQrText } from '../../../shared/carrier/qr-text.js';
import { describeOnEachDatabase } from '../../database/fresh-database.js';
import { CODE, exam, startWorld, type World } from '../world.js';
import { readBatch, rowKey } from '../../../issuer/batch/batch-tables.js';
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
    const [row] = await storedCertificates(world.database.knex).limit(1);
    const json = credentialJson(row!);
    assert.equal(decodeQrText(row!.qr ?? '').json, json);
    const { id } = await world.issuer.service.certificate(CODE, row!.number);
    assert.equal(id, row!.id);
    assert.equal(await world.libraryVerifies(JSON.parse(json ?? '') as object), true);
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
    const { id, wrong, already, ready } = await upload([
      line(1),
      line(7001),
      line(7001, { name: '张伟7001' }),
      line(6002),
      line(7002, { level: '一级' }),
    ]);
    assert.deepEqual([wrong, already, ready], [3, 1, 1]);
    const problems = await batches().problems(CODE, id);
    assert.deepEqual(
      problems.map(({ row, code }) => `${row} ${code}`),
      ['4 DUPLICATE_IN_SHEET', '5 DUPLICATE_IN_BATCH', '6 LEVEL_OUT_OF_SCOPE'],
    );
    assert.deepEqual(problems[1]?.parameters, { batch: waiting.id, row: '3' });
    for (const table of ['batches', 'batch_rows', 'batch_facts', 'batch_problems', 'audit_log', 'certificates'])
      assert.doesNotMatch(JSON.stringify(await world.database.knex(table)), new RegExp(uniqueCitizen(7001)), table);
    assert.doesNotMatch(world.lines.join(''), new RegExp(uniqueCitizen(7001)));
    await batches().cancel(CODE, waiting.id, { actor: CLERK });
  });

  it('takes a sheet that comes again: what is certified stays so and is named, the rest is issued', async () => {
    await issueAll(people(3, 9001));
    const again = await upload(people(5, 9001));
    assert.deepEqual([again.rows, again.wrong, again.already, again.ready], [5, 0, 3, 2]);
    assert.deepEqual(await batches().problems(CODE, again.id), []);
    await batches().confirm(CODE, again.id, { actor: CLERK, rows: 'all' });
    const done = await until(again.id, 'done');
    assert.deepEqual([done.done, done.already, done.ready], [2, 3, 0]);
    const rows = await allRows(again.id);
    assert.deepEqual(
      rows.map(({ row, state, certificate }) => [row, state, certificate?.name]),
      [1, 2, 3, 4, 5].map((n) => [n + 1, n <= 3 ? 'already' : 'done', `张伟${9000 + n}`]),
    );
    const nothing = await upload(people(2, 9001));
    await assert.rejects(batches().confirm(CODE, nothing.id, { actor: CLERK, rows: 'all' }), { code: 'BATCH_EMPTY' });
  });

  it('names what is certified already and what stands twice, be a row like the one before but for its person or not', async () => {
    // A name of Chinese characters alone is one of the things that make a row like others.
    const nameOf = (n: number): string =>
      n % 2 === 0 ? `欧阳${'甲乙丙丁戊己庚辛'[(n / 2) % 8] ?? ''}` : `Ann Lee ${n}`;
    const row = (n: number, name = nameOf(n)): string => line(n, { name });
    const first = [9402, 9404, 9405, 9406, 9407, 9409, 9410];
    await issueAll(first.map((n) => row(n)));
    const numbers = [9401, 9402, 9403, 9404, 9406, 9405, 9408, 9410, 9409, 9412, 9407, 9411, 9414];
    const lines = [...numbers.map((n) => row(n)), row(9414, 'Ann Lee'), row(9411, '欧阳甲'), row(9416), row(9416)];
    const { id, already, wrong, ready } = await upload(lines);
    assert.deepEqual([already, wrong, ready], [7, 3, 7]);
    const rows = await allRows(id);
    assert.deepEqual(
      rows.slice(0, numbers.length).map(({ state, certificate }) => [state, certificate?.name]),
      numbers.map((n) => (first.includes(n) ? ['already', nameOf(n)] : ['ready', undefined])),
    );
    const problems = await batches().problems(CODE, id);
    assert.deepEqual(
      problems.map((problem) => [problem.row, problem.code, problem.parameters['row']]),
      [
        [15, 'DUPLICATE_IN_SHEET', '14'],
        [16, 'DUPLICATE_IN_SHEET', '13'],
        [18, 'DUPLICATE_IN_SHEET', '17'],
      ],
    );
    await batches().confirm(CODE, id, { actor: CLERK, rows: 'good' });
    const done = await until(id, 'done');
    assert.equal(done.done, 7);
    const issued = (await allRows(id)).filter(({ state }) => state === 'done');
    assert.deepEqual(
      issued.map(({ row: at, certificate }) => [at, certificate?.name]),
      [...numbers.flatMap((n, i) => (first.includes(n) ? [] : [[i + 2, nameOf(n)]])), [17, nameOf(9416)]],
    );
  });

  it('stores a thousand remarks of a kind about rows, and how many more there are', async () => {
    const lines = Array.from({ length: 1004 }, (_, i) => line(9101, { assessment: `2026-PJ-${100_000 + i}` }));
    const { id, ready } = await upload(lines);
    assert.equal(ready, 1004);
    const notices = await batches().notices(CODE, id, { limit: 2000 });
    assert.equal(notices.filter(({ code }) => code === 'SAME_PERSON_AGAIN').length, 1000);
    const more = notices.find(({ code }) => code === 'SAME_PERSON_AGAIN_MORE');
    assert.deepEqual(more?.parameters, { count: '3' });
    assert.match(problemText(more, 'zh-CN'), /还有 3 行/);
  });

  it('fails only the rows for which no serial is left', async () => {
    const { knex } = world.database;
    const where = { institution: CODE, level: '5' };
    const { id } = await upload(Array.from({ length: 4 }, (_, i) => line(9201 + i, { level: '五级' })));
    assert.equal(await knex('serials').where(where).first(), undefined);
    await knex('serials').insert({ ...where, year: '26', last: 999_997 });
    await batches().confirm(CODE, id, { actor: CLERK, rows: 'all' });
    const done = await until(id, 'done');
    assert.deepEqual([done.done, done.failed], [2, 2]);
    const rows = await allRows(id);
    assert.deepEqual(
      rows.map(({ state, code, certificate }) => code ?? `${state} ${certificate?.number.slice(-6)}`),
      ['done 999998', 'done 999999', 'NUMBER_SERIAL_EXHAUSTED', 'NUMBER_SERIAL_EXHAUSTED'],
    );
  });

  it('has one record with one time of its end, also where two workers make it at once', async () => {
    const { id } = await upload(people(2, 9301));
    const { service } = world.issuer;
    await batches().confirm(CODE, id, { actor: CLERK, rows: 'all' });
    await until(id, 'done');
    await world.database.knex('batches').where({ id }).update({ state: 'running', record: null, finished_at: null });
    const institution = await service.institutions.get(CODE);
    const clock = () => new Date((world.time.now = new Date(world.time.now.getTime() + 1000)));
    const effects = { ...service.effects, clock };
    const stored = await readBatch(world.database.knex, CODE, id);
    let signs = 0;
    let stand = (): void => undefined;
    const isFirstHeld = new Promise<void>((resolve) => (stand = resolve));
    const { keystore } = world;
    const sign: typeof keystore.sign = async (...of) => {
      if (signs++ === 0) await isFirstHeld;
      return keystore.sign(...of);
    };
    const held = Object.assign(Object.create(keystore) as typeof keystore, {
      sign,
      refresh: () => keystore.refresh(),
      activeKey: (...of: Parameters<typeof keystore.activeKey>) => keystore.activeKey(...of),
    });
    const first = finishBatch(stored, institution, { ...effects, keystore: held });
    while (signs === 0) await pause(5);
    await finishBatch(stored, institution, effects);
    stand();
    await first;
    const [, payload = ''] = (await batches().record(CODE, id)).split('.');
    const record = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { finishedAt: string };
    assert.equal(record.finishedAt, (await batches().get(CODE, id)).finishedAt);
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
      fileHmac: string;
      chunks: { rows: [number, number]; sha256: string }[];
    };
    assert.deepEqual([record.jti, record.done], [`urn:yizheng:batch:${id}`, 3]);
    const file = createHash('sha256').update(await readFile(join(world.folder, `sheet-${files}.csv`)));
    const sha256 = file.digest('hex');
    assert.match(record.fileHmac, /^[0-9a-f]{64}$/);
    assert.equal(record.fileHmac, (await batches().get(CODE, id)).fileHmac);
    assert.equal(await batches().isSheet(CODE, id, { sha256, actor: CLERK }), true);
    assert.equal(await batches().isSheet(CODE, id, { sha256: '0'.repeat(64), actor: CLERK }), false);
    for (const table of ['batches', 'audit_log', 'idempotency_keys'])
      assert.doesNotMatch(JSON.stringify(await world.database.knex(table)), new RegExp(sha256), table);
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
    let paused = await batches().get(CODE, id);
    for (let still = 0; still < 3;) {
      await pause(300);
      const later = await batches().get(CODE, id);
      still = later.done === paused.done ? still + 1 : 0;
      paused = later;
    }
    assert.ok(paused.ready > 0 && paused.state === 'paused' && paused.done < 1600, 'it went on while paused');
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
