import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cancelInterrupted } from '../../../issuer/batch/interrupted.js';
import { SheetError } from '../../../issuer/batch/sheet/index.js';
import { uploadSheet } from '../../../issuer/batch/upload.js';
import type { BatchProgress } from '../../../issuer/batch/types.js';
import { verifyAuditChain, type Problem } from '../../../server/index.js';
import { answer, CODE, EMPLOYER_CODE, startWorld, type World } from '../world.js';
import { line, people } from './sheets.js';
import { watchContract } from '../../server/contract.js';

const HEADER = '姓名,证件号码,职业编码,工种,等级,考核计划编号,考核方式,考核标准,标准类型,考核日期,证书类别';
const csv = (lines: readonly string[]): string => `\ufeff${HEADER}\r\n${lines.join('\r\n')}\r\n`;

interface Listed {
  problems: { row: number; letter?: string; code: string; value?: string; text: string }[];
  next?: string;
}

describe('issuer: batches over HTTP', function () {
  this.timeout(60_000);
  let world: World;
  let temporary: string;
  const { TMPDIR } = process.env;
  const path = `/institutions/${CODE}/batches`;
  let person = 1;
  let requests = 0;

  before(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'yizheng-routes-'));
    process.env['TMPDIR'] = temporary;
    world = await startWorld();
  });
  after(async () => {
    await world.remove();
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
    await rm(temporary, { recursive: true });
  });
  watchContract(() => world.listener.url);

  const formOf = (lines: readonly string[], fields: Record<string, string> = {}): FormData => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ operation: 'issue', ...fields })) form.set(name, value);
    form.set('file', new Blob([csv(lines)]), '成绩.csv');
    return form;
  };
  const send = (form: BodyInit, { key = `upload-${++requests}-key`, secret = world.secrets.clerk, type = '' } = {}) =>
    fetch(`${world.listener.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${secret}`,
        'idempotency-key': key,
        ...(type === '' ? {} : { 'content-type': type }),
      },
      body: form,
    });
  const fresh = (count: number): string[] => people(count, (person += count) - count);
  const uploaded = (lines: readonly string[], fields?: Record<string, string>, secret?: string) =>
    answer<BatchProgress>(send(formOf(lines, fields), secret === undefined ? {} : { secret }), 201);
  const codeOf = async (response: Promise<Response>, status: number): Promise<string> =>
    (await answer<Problem>(response, status)).code;
  const act = (id: string, action: string, body?: object, secret = world.secrets.clerk) =>
    world.call('POST', `${path}/${id}/${action}`, body, { secret });
  const left = async (): Promise<string[]> => {
    for (let i = 0; i < 100 && (await uploads()).length > 0; i++) await sleep(20);
    return uploads();
  };
  const uploads = async (): Promise<string[]> =>
    (await readdir(temporary)).filter((name) => name.startsWith('yizheng-upload-'));
  const get = (where: string, secret = world.secrets.clerk) =>
    fetch(`${world.listener.url}${path}${where}`, { headers: { authorization: `Bearer ${secret}` } });
  const events = async (id: string): Promise<string> => (await get(`/${id}/progress`)).text();

  it('takes a sheet in, says how many rows are good, and keeps no file', async () => {
    const response = await send(formOf([...fresh(3), line(900, { level: '九级' })]));
    const batch = await answer<BatchProgress>(response.clone(), 201);
    assert.deepEqual([batch.state, batch.rows, batch.wrong, batch.ready], ['checked', 4, 1, 3]);
    assert.equal(batch.fileName, '成绩.csv');
    assert.match(response.headers.get('location') ?? '', new RegExp(`/institutions/${CODE}/batches/${batch.id}$`));
    assert.deepEqual(await left(), []);
    assert.equal(await world.database.knex('certificates').first('id'), undefined, 'nothing is issued');
  });

  it('makes one batch of a request that is repeated, also when both come at once', async () => {
    const lines = fresh(2);
    const both = await Promise.all([1, 2].map(() => send(formOf(lines), { key: 'same-request-1' })));
    const [one, two] = (await Promise.all(both.map((response) => response.json()))) as BatchProgress[];
    assert.equal(one?.id, two?.id);
    const again = await answer<BatchProgress>(send(formOf(lines), { key: 'same-request-1' }), 200);
    assert.equal(again.id, one?.id);
    assert.equal(await codeOf(send(formOf(fresh(2)), { key: 'same-request-1' }), 422), 'IDEMPOTENCY_KEY_REUSED');
    assert.equal(await codeOf(send(formOf(lines), { key: 'x' }), 400), 'IDEMPOTENCY_KEY_INVALID');
  });

  it('refuses what is no sheet, with what to do, and keeps nothing of it', async () => {
    assert.equal(await codeOf(send('{}', { type: 'application/json' }), 415), 'CONTENT_TYPE');
    const empty = new FormData();
    empty.set('operation', 'issue');
    assert.equal(await codeOf(send(empty), 400), 'FORM_INVALID');
    assert.equal(await codeOf(send(formOf(fresh(1), { operation: 'void-session' })), 422), 'REQUEST_INVALID');
    assert.equal(await codeOf(send(formOf(fresh(1), { colour: 'red' })), 422), 'FIELD_UNKNOWN');
    const unknown = formOf([]);
    unknown.set('file', new Blob(['<html><body>']), 'a.xls');
    assert.equal(await codeOf(send(unknown), 422), 'SHEET_IS_HTML');
    const headers = formOf([]);
    headers.set('file', new Blob(['\ufeff姓名,证件号码,身高,体重,考核方式\r\n张三,1,2,3,4\r\n']), 'a.csv');
    const response = await send(headers);
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
    const { problems } = await answer<Listed>(response, 422);
    assert.ok(problems.length > 3, 'every wrong column is named');
    for (const wrong of ['身高', '体重', '考核日期'])
      assert.ok(
        problems.some(({ text }) => text.includes(wrong)),
        wrong,
      );
    assert.deepEqual(await left(), []);
  });

  it('refuses a file over the limit before it is sent, and one whose length was not told', async () => {
    const announced = await new Promise<string>((resolve) => {
      const socket = connect(world.listener.port, '127.0.0.1');
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${world.secrets.clerk}\r\nIdempotency-Key: too-large-1\r\n` +
          `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 400000000\r\n\r\n`,
      );
      socket.once('data', (data) => {
        socket.destroy();
        resolve(data.toString());
      });
    });
    assert.match(announced, /^HTTP\/1\.1 413 /);
    assert.match(announced, /SHEET_TOO_LARGE/);
    assert.deepEqual(await left(), []);
  });

  it('keeps no file of an upload that is aborted half-way; the others are not harmed', async () => {
    const whole = [uploaded(fresh(2)), uploaded(fresh(2))];
    const socket = connect(world.listener.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${world.secrets.clerk}\r\nIdempotency-Key: aborted-1\r\n` +
        'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n' +
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n姓名,证件号码\r\n',
    );
    for (let i = 0; i < 100 && (await uploads()).length === 0; i++) await sleep(10);
    assert.ok((await uploads()).length > 0, 'it was being taken in');
    socket.destroy();
    assert.deepEqual(
      (await Promise.all(whole)).map(({ ready }) => ready),
      [2, 2],
    );
    assert.deepEqual(await left(), []);
  });

  it('lists wrong cells page by page, each with a sentence in the language asked for, and as a sheet', async () => {
    const wrong = [
      line(901, { level: '九级' }),
      line(902, { idNumber: '510105197001010009' }),
      line(903, { name: '' }),
    ];
    const { id } = await uploaded([...fresh(1), ...wrong]);
    const first = await answer<Listed>(get(`/${id}/problems?limit=2`));
    assert.deepEqual(
      first.problems.map(({ row, letter }) => [row, letter]),
      [
        [3, 'E'],
        [4, 'B'],
      ],
    );
    assert.match(first.problems[0]?.text ?? '', /九级.*(?:请写|请填)/);
    assert.ok(!JSON.stringify(first).includes('510105197001010009'), 'document numbers are masked');
    const rest = await answer<Listed>(get(`/${id}/problems?lang=en&after=${first.next ?? ''}`));
    assert.deepEqual([rest.problems.length, rest.next], [1, undefined]);
    assert.doesNotMatch(rest.problems[0]?.text.replaceAll('姓名', '') ?? '', /\p{Script=Han}/u);
    const sheet = await (await get(`/${id}/problems.csv`)).text();
    assert.equal(sheet.trim().split('\r\n').length, 4);
  });

  it('issues what is confirmed, tells how far it is until the end, and gives results and a signed record', async () => {
    const { id } = await uploaded([
      ...fresh(3),
      line(904, { name: '=HYPERLINK("http://x","y")' }),
      line(905, { level: '九级' }),
    ]);
    assert.equal(await codeOf(act(id, 'confirm', { rows: 'all' }), 409), 'BATCH_HAS_PROBLEMS');
    assert.equal((await get(`/${id}/record`)).status, 409);
    await answer(act(id, 'confirm', { rows: 'good' }));
    const stream = await events(id);
    const states = [...stream.matchAll(/^data: (\{"id".*)$/gm)].map(
      ([, data]) => JSON.parse(data ?? '') as BatchProgress,
    );
    assert.equal(states.at(-1)?.state, 'done');
    assert.match(stream, /event: end\ndata: \{\}\n\n$/);
    const done = await answer<BatchProgress>(get(`/${id}`));
    assert.equal(done.done + done.wrong, 5);
    const { rows } = await answer<{ rows: { row: number; state: string; certificate?: { number: string } }[] }>(
      get(`/${id}/rows`),
    );
    assert.deepEqual([...new Set(rows.map(({ state }) => state))], ['done', 'wrong']);
    const sheet = await (await get(`/${id}/result.csv`)).text();
    for (const { certificate } of rows) if (certificate) assert.ok(sheet.includes(certificate.number));
    assert.doesNotMatch(sheet, /(?:^|,|")[=+@]/m, 'no cell can be taken for a formula');
    assert.equal((await get(`/${id}/result.xlsx`)).headers.get('content-type')?.includes('spreadsheetml'), true);
    const record = await get(`/${id}/record`);
    assert.equal(record.headers.get('content-type'), 'application/jwt');
    assert.equal((await record.text()).split('.').length, 3);
  });

  it('lets clerks start what issues, approvers and officers what takes back; the log says who', async () => {
    const { id } = await uploaded(fresh(2), { operation: 'issue' });
    assert.equal(await codeOf(act(id, 'confirm', { rows: 'all' }, world.secrets.officer), 403), 'ROLE_MISSING');
    await answer(act(id, 'confirm', { rows: 'all' }));
    await events(id);
    const voided = await answer<BatchProgress>(
      world.call(
        'POST',
        `${path}/void-session`,
        { assessmentId: '2026-PJ-000001' },
        { secret: world.secrets.approver },
      ),
      201,
    );
    assert.ok(voided.ready >= 2);
    for (const action of ['confirm', 'pause', 'resume', 'cancel'])
      assert.equal(
        await codeOf(act(voided.id, action, action === 'confirm' ? { rows: 'all' } : undefined), 403),
        'ROLE_MISSING',
        action,
      );
    await answer(act(voided.id, 'confirm', { rows: 'all' }, world.secrets.approver));
    await events(voided.id);
    const revoked = await world.database.knex('certificates').where({ status: 'revoked', status_reason: 'batch-void' });
    assert.equal(revoked.length, voided.ready);
    const audit = (await world.database.knex('audit_log').whereIn('subject', [id, voided.id])) as { action: string }[];
    for (const action of ['batch.upload', 'batch.confirm', 'batch.issue'])
      assert.ok(
        audit.some((entry) => entry.action === action),
        action,
      );
    assert.deepEqual((await verifyAuditChain(world.database.knex)).brokenAt, undefined);
  });

  it('waits for a second person where the institution asks for one', async () => {
    const setting = `/institutions/${CODE}/approval`;
    const { admin, approver, clerk } = world.secrets;
    assert.equal((await world.call('PUT', setting, { requiresApproval: true })).status, 403);
    await answer(world.call('PUT', setting, { requiresApproval: true }, { secret: admin }));
    const { id } = await uploaded(fresh(1), {}, approver);
    const waiting = await answer<BatchProgress>(act(id, 'confirm', { rows: 'all' }, clerk));
    assert.equal(waiting.state, 'waiting-approval');
    assert.equal(await codeOf(act(id, 'approve', undefined, approver), 403), 'APPROVAL_BY_SAME_PERSON');
    const key = { tenant: CODE, roles: ['approver' as const], label: ' Approver ', expiresAt: '2027-06-01T00:00:00Z' };
    const { secret: secondKey } = await world.issuer.service.createApiKey(key, 'test');
    assert.equal(await codeOf(act(id, 'approve', undefined, secondKey), 403), 'APPROVAL_BY_SAME_PERSON');
    assert.equal(await codeOf(act(id, 'approve', undefined, world.secrets.officer), 403), 'ROLE_MISSING');
    const { secret: second } = await world.issuer.service.createApiKey({ ...key, label: 'second' }, 'test');
    await answer(act(id, 'approve', undefined, second));
    assert.match(await events(id), /"state":"done"/);
    await answer(world.call('PUT', setting, { requiresApproval: false }, { secret: world.secrets.host }));
  });

  it('pauses, goes on and cancels', async () => {
    const { id } = await uploaded(fresh(2));
    assert.equal(await codeOf(act(id, 'pause'), 409), 'BATCH_STATE');
    assert.equal(await codeOf(act(id, 'cancel', undefined, world.secrets.officer), 403), 'ROLE_MISSING');
    assert.equal((await answer<BatchProgress>(act(id, 'cancel'))).state, 'cancelled');
    assert.match(await events(id), /"state":"cancelled"/);
    const { batches } = await answer<{ batches: BatchProgress[] }>(get(''));
    assert.ok(batches.some((batch) => batch.id === id && batch.state === 'cancelled'));
  });

  it('writes down who took which lists and files away, and nothing of what they hold', async () => {
    const { id } = await uploaded([...fresh(1), line(907, { level: '九级' })]);
    const files = ['problems', 'problems.csv', 'rows', 'result.csv', 'result.zip'];
    for (const file of files) await (await get(`/${id}/${file}`, world.secrets.auditor)).arrayBuffer();
    const log = (await world.database.knex('audit_log').where({ action: 'batch.read', subject: id })) as {
      detail: string;
      actor: string;
    }[];
    assert.deepEqual(
      log.map(({ detail }) => (JSON.parse(detail) as { what: string }).what),
      files,
    );
    assert.ok(!JSON.stringify(log).includes('九级'));
    assert.equal(await codeOf(get(`/${id}/rows?after=2147483648`), 422), 'REQUEST_INVALID');
    const nul = world.call(
      'POST',
      `${path}/void-session`,
      { assessmentId: 'a\u0000' },
      { secret: world.secrets.approver },
    );
    assert.equal(await codeOf(nul, 422), 'REQUEST_INVALID');
  });

  it('clears and cancels a batch nobody confirms, or approves, within 30 days, and a dry run that died', async () => {
    const { knex } = world.database;
    const [old, fallow, recent, unapproved] = [
      await uploaded(fresh(2)),
      await uploaded(fresh(2)),
      await uploaded(fresh(1)),
      await uploaded(fresh(2)),
    ];
    const now = world.issuer.service.effects.clock().getTime();
    const before = (days: number): string => new Date(now - days * 86_400_000).toISOString();
    await knex('batches')
      .where({ id: old.id })
      .update({ uploaded_at: before(31) });
    await knex('batches')
      .where({ id: fallow.id })
      .update({ state: 'checking', checking_until: before(1) });
    await knex('batches')
      .where({ id: recent.id })
      .update({ uploaded_at: before(29) });
    await knex('batches')
      .where({ id: unapproved.id })
      .update({ state: 'waiting-approval', confirmed_at: before(31) });
    await cancelInterrupted(world.issuer.service.effects);
    for (const [id, code] of [
      [old.id, 'BATCH_EXPIRED'],
      [fallow.id, 'CHECK_INTERRUPTED'],
      [unapproved.id, 'APPROVAL_EXPIRED'],
    ] as const) {
      const { state, skipped, trouble } = (await knex('batches').where({ id }).first()) as Record<string, unknown>;
      assert.deepEqual([state, skipped, trouble], ['cancelled', 2, code]);
      assert.equal(await knex('batch_rows').where({ batch: id }).whereNotNull('draft').first(), undefined);
    }
    assert.equal((await answer<BatchProgress>(get(`/${recent.id}`))).state, 'checked');
    assert.ok(await knex('batch_rows').where({ batch: recent.id }).whereNotNull('draft').first());
  });

  it('refuses a sheet with more wrong cells than anybody would read, and stores nothing of it', async () => {
    const { service } = world.issuer;
    const institution = await service.institutions.get(CODE);
    const wrong = Array.from({ length: 6 }, (_, i) => line(950 + i, { level: '九级' }));
    const file = join(temporary, 'wrong.csv');
    await writeFile(file, csv(wrong));
    const upload = (mostProblems: number) =>
      uploadSheet(
        { institution, actor: 'test', operation: 'issue', file: { path: file, name: 'x.csv' } },
        { effects: service.effects, accreditations: service.accreditations, chunkRows: 2, mostProblems },
      );
    const count = async (): Promise<unknown> => world.database.knex('batches').count().first();
    const before = await count();
    await assert.rejects(
      upload(5),
      (error) => error instanceof SheetError && error.code === 'SHEET_TOO_MANY_PROBLEMS' && error.problems.length === 7,
    );
    assert.deepEqual(await count(), before);
    await upload(6);
    await rm(file);
  });

  it('gives the template of this institution, as XLSX and CSV', async () => {
    const templates = `/institutions/${CODE}/batch-templates`;
    const text = await (await world.call('GET', `${templates}/issue.csv`)).text();
    assert.match(text, /姓名.*证件号码/);
    const sheet = await world.call('GET', `${templates}/revoke.xlsx?lang=en`);
    assert.match(sheet.headers.get('content-disposition') ?? '', /template-revoke\.xlsx/);
    assert.equal(
      Buffer.from(await sheet.arrayBuffer())
        .subarray(0, 2)
        .toString(),
      'PK',
    );
    assert.equal((await world.call('GET', `${templates}/void-session.csv`)).status, 422);
  });

  it('does not let the listeners of one institution take all there is', async () => {
    const { id } = await uploaded(fresh(1));
    const streams: AbortController[] = [];
    const listen = async (): Promise<number> => {
      const left = new AbortController();
      streams.push(left);
      const { status } = await fetch(`${world.listener.url}${path}/${id}/progress`, {
        headers: { authorization: `Bearer ${world.secrets.clerk}` },
        signal: left.signal,
      });
      return status;
    };
    const statuses: number[] = [];
    for (let i = 0; i < 42; i++) statuses.push(await listen());
    assert.deepEqual([statuses.filter((status) => status === 200).length, statuses.at(-1)], [40, 503]);
    for (const stream of streams) stream.abort();
    for (let i = 0; i < 100 && (await listen()) !== 200; i++) await sleep(20);
    streams.at(-1)?.abort();
  });

  it('shows another institution nothing: 404 on every route', async () => {
    const { id } = await uploaded([...fresh(1), line(906, { level: '九级' })]);
    for (const route of world.issuer.app.routes.filter(({ path: at }) => at.includes('batch'))) {
      for (const code of [CODE, EMPLOYER_CODE]) {
        const own: Record<string, string> = { institutionCode: code, batchId: id, operation: 'issue', row: '2' };
        const at = route.path.replaceAll(/:(\w+)/g, (_, name: string) => own[name] ?? 'x');
        if (code === EMPLOYER_CODE && !at.includes(id)) continue;
        const bodies = {
          confirm: { rows: 'good' },
          'send-back': { note: 'x' },
          'same-sheet': { sha256: '0'.repeat(64) },
        };
        const found = Object.entries(bodies).find(([name]) => at.endsWith(name))?.[1];
        const body = route.method === 'post' ? (found ?? {}) : undefined;
        const { status } = await world.call(route.method.toUpperCase(), at, body, { secret: world.secrets.other });
        assert.equal(status, 404, `${route.method} ${at}`);
      }
    }
    assert.equal((await answer<BatchProgress>(get(`/${id}`))).state, 'checked');
  });
});
