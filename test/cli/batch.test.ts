import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openPromise } from 'yauzl';
import type { Terminal } from '../../cli/terminal.js';
import { line, people, sheetFile } from '../issuer/batch/sheets.js';
import { AUTHORITY, CODE, startWorld, type World } from '../issuer/world.js';
import { cli, type CliRun } from './run.js';
import { sampleBundle } from './sample-bundle.js';

interface Answer {
  batch: { id: string; state: string; rows: number; wrong: number; done: number };
  problems: { row: number; letter?: string; code: string }[];
  files: string[];
}

/** A terminal with a person at it who gives these answers. */
function person(answers: string[], interrupts: (() => void)[] = []): Terminal & { asked: string[]; lines: string[] } {
  const asked: string[] = [];
  const lines: string[] = [];
  return {
    asked,
    lines,
    canAsk: true,
    isLive: true,
    ask: (question) => {
      asked.push(question);
      return Promise.resolve(answers.shift() ?? '');
    },
    overwrite: (text) => void lines.push(text),
    onInterrupt: (listener) => {
      interrupts.push(listener);
      return () => undefined;
    },
  };
}

describe('yizheng batch, with a real issuer', function () {
  this.timeout(60_000);
  let world: World;
  let home: string;
  let clerk: string[];
  let approver: string[];
  let next = 1;

  before(async () => {
    world = await startWorld();
    home = world.folder;
    const access = async (role: 'clerk' | 'approver'): Promise<string[]> => {
      const file = join(home, `${role}.key`);
      await writeFile(file, world.secrets[role], { mode: 0o600 });
      return ['--issuer', `${world.listener.url}/institutions/${CODE}`, '--key-file', file];
    };
    clerk = await access('clerk');
    approver = await access('approver');
  });
  after(() => world.remove());

  const nobody = person([]);
  const run = (argv: string[], terminal: Terminal = { ...nobody, canAsk: false, isLive: false }): Promise<CliRun> =>
    cli(['batch', ...argv, ...(argv.includes('--issuer') ? [] : clerk)], { home, terminal });
  const json = async (argv: string[], terminal?: Terminal): Promise<Answer & { code: number }> => {
    const { code, out, err } = await run([...argv, '--json'], terminal);
    try {
      return { code, ...(JSON.parse(out) as Answer) };
    } catch {
      throw new Error(out + err);
    }
  };
  const sheet = (name: string, lines: readonly string[]): Promise<string> =>
    sheetFile(join(home, `${name}.csv`), lines);
  const fresh = (count: number): string[] => people(count, (next += count) - count);

  it('writes the template of the institution', async () => {
    const file = join(home, 'template.xlsx');
    const { code, out } = await run(['template', '--out', file]);
    assert.equal(code, 0);
    assert.ok(out.includes(file));
    assert.equal((await readFile(file)).subarray(0, 2).toString(), 'PK');
    assert.equal((await run(['template', 'revoke', '--out', join(home, 'revoke.csv')])).code, 0);
    assert.equal((await run(['template', '--out', 'template.pdf'])).code, 3);
    assert.equal((await run(['template', 'void-session', '--out', file])).code, 3);
  });

  it('checks a sheet and names every wrong cell by row and column, in Chinese and in English', async () => {
    const file = await sheet('wrong', [...fresh(2), line(900, { level: '九级' }), line(901, { idNumber: '123' })]);
    const chinese = await run(['check', file]);
    assert.equal(chinese.code, 1);
    assert.match(chinese.out, /共 4 行,2 行可以签发,2 行有问题/);
    assert.match(chinese.out, /^\s+4 {2}E {5}.*九级/m);
    assert.match(chinese.out, /^\s+5 {2}B /m);
    assert.match(chinese.out, /yizheng batch confirm [0-9a-f]{24} --good-rows/);
    const english = await run(['check', file, '--lang', 'en']);
    assert.match(english.out, /Checked: 4 rows, 2 can be used \(issue\), 2 are wrong/);
    const out = join(home, 'checked');
    const found = await json(['check', file, '--out', out]);
    assert.deepEqual(
      [found.code, found.batch.state, found.problems.map(({ row, letter }) => `${letter ?? ''}${row}`)],
      [1, 'checked', ['E4', 'B5']],
    );
    assert.deepEqual(found.files, [join(out, found.batch.id, 'problems.xlsx')]);
    assert.equal((await run(['check', await sheet('good', fresh(1))])).code, 0);
    assert.equal(await world.database.knex('certificates').first('id'), undefined);
  });

  it('does all in one go: checks, issues, fetches results whose PDFs an employer accepts', async () => {
    const out = join(home, 'out');
    const file = await sheet('run', fresh(3));
    const done = await json(['run', file, '--out', out, '--yes', '--files', 'pdf,qr', '--to', '2']);
    assert.deepEqual([done.code, done.batch.state, done.batch.done], [0, 'done', 3]);
    const folder = join(out, done.batch.id);
    assert.deepEqual((await readdir(folder)).toSorted(), ['batch-record.jwt', 'certificates.zip', 'result.xlsx']);
    for (const name of await readdir(folder)) assert.equal((await stat(join(folder, name))).mode & 0o077, 0);

    const content = { authority: AUTHORITY, accreditations: world.accreditations, statusLists: await statusLists() };
    const bundle = await sampleBundle({ sequence: 1, issuedAt: '2026-11-21T09:00:01Z', content });
    const bundleFile = join(home, 'bundle.json');
    await writeFile(bundleFile, bundle.text);
    const trust = ['--bundle', bundleFile, '--anchor', AUTHORITY, '--anchor-root', bundle.rootDigest];
    let pdfs = 0;
    const zip = await openPromise(join(folder, 'certificates.zip'), { autoClose: false });
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith('.pdf')) continue;
      const parts: Buffer[] = [];
      for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer);
      const pdf = join(home, `${pdfs++}.pdf`);
      await writeFile(pdf, Buffer.concat(parts));
      const verdict = await cli(['verify', pdf, ...trust], { home, now: '2026-11-21T09:00:10Z' });
      assert.equal(verdict.code, 0, verdict.out + verdict.err);
    }
    zip.close();
    assert.equal(pdfs, 1);
  });

  const statusLists = async (): Promise<{ url: string; credential: string }[]> => {
    const { service } = world.issuer;
    const institution = await service.institutions.get(CODE);
    const lists = [];
    for (const purpose of ['revocation', 'suspension'] as const) {
      const credential = await service.statusLists.current(institution, purpose, 1);
      lists.push({ url: (JSON.parse(credential) as { id: string }).id, credential });
    }
    return lists;
  };

  it('asks the person, and issues nothing without a yes', async () => {
    const out = join(home, 'asked');
    const good = await sheet('ask', fresh(2));
    const no = person(['n']);
    assert.equal((await run(['run', good, '--out', out, '--files', 'none'], no)).code, 1);
    assert.match(no.asked[0] ?? '', /签发这 2 行/);
    const yes = person(['y']);
    const issued = await run(['run', good, '--out', out, '--files', 'none'], yes);
    assert.equal(issued.code, 0, issued.out + issued.err);
    assert.match(issued.out, /✔ 办完:签发 2 \/ 2 行/);
    assert.ok(yes.lines.length > 0, 'progress is shown in one line');
    const mixed = await sheet('mixed', [...fresh(2), line(902, { level: '九级' })]);
    const some = person(['y']);
    const partly = await run(['run', mixed, '--out', out, '--files', 'none'], some);
    assert.match(some.asked[0] ?? '', /只签发没有问题的 2 行/);
    assert.equal(partly.code, 1, 'a row was left out');
    assert.match(partly.out, /1 行有问题、没有办/);
  });

  it('needs --yes or --good-rows where nobody can be asked; --yes issues nothing while a cell is wrong', async () => {
    const out = join(home, 'unattended');
    const mixed = await sheet('unattended', [...fresh(1), line(903, { level: '九级' })]);
    const asked = await run(['run', mixed, '--out', out]);
    assert.deepEqual([asked.code, asked.err.includes('CONFIRMATION_NEEDED')], [3, true]);
    const refused = await json(['run', mixed, '--out', out, '--yes']);
    assert.deepEqual([refused.code, refused.batch.state], [1, 'checked']);
    const good = await json(['run', mixed, '--out', out, '--good-rows', '--files', 'none']);
    assert.deepEqual([good.code, good.batch.state, good.batch.done], [1, 'done', 1]);
  });

  it('leaves at Ctrl-C without stopping the batch, and says how to come back', async () => {
    const interrupts: (() => void)[] = [];
    const terminal = person(['y'], interrupts);
    const { worker } = world.issuer.service;
    await worker.stop();
    terminal.overwrite = () => interrupts.forEach((interrupt) => interrupt());
    const left = await run(['run', await sheet('left', fresh(2)), '--out', join(home, 'left')], terminal);
    assert.equal(left.code, 2);
    const [, id = ''] = /yizheng batch watch ([0-9a-f]{24})/.exec(left.out) ?? [];
    worker.start();
    const watched = await run(['watch', id]);
    assert.equal(watched.code, 0, watched.err);
    assert.match(watched.err, /处理完 2 行:成功 2,未办成 0/);
    const fetched = await json(['results', id, '--out', join(home, 'left'), '--files', 'qr']);
    assert.deepEqual([fetched.code, fetched.files.length], [0, 3]);
    const impatient = person([], interrupts);
    impatient.onInterrupt = (listener) => {
      listener();
      return () => undefined;
    };
    const stopped = await run(['results', id, '--out', join(home, 'stopped'), '--files', 'qr'], impatient);
    assert.match(stopped.out, new RegExp(`batch results ${id}`));
    assert.deepEqual((await readdir(join(home, 'stopped', id))).toSorted(), ['batch-record.jwt', 'result.xlsx']);
    const checked = await json(['check', await sheet('idle', fresh(1))]);
    const idle = await run(['watch', checked.batch.id]);
    assert.deepEqual([idle.code, idle.out.includes('batch confirm')], [2, true], 'nothing would ever happen');
    assert.match((await run(['list'])).out, new RegExp(`${id} {2}2026-11-\\d\\d \\d\\d:\\d\\d \\+08:00 .*处理完 2 行`));
  });

  it('tells the second person what to do, and approves', async () => {
    await world.issuer.service.institutions.setApproval(CODE, true, 'test');
    const submitted = await run(['run', await sheet('second', fresh(1)), '--out', home, '--yes']);
    assert.equal(submitted.code, 2);
    const [, id = ''] = /yizheng batch approve ([0-9a-f]{24})/.exec(submitted.out) ?? [];
    assert.equal((await run(['approve', id, ...approver])).code, 0);
    assert.equal((await run(['watch', id])).code, 0);
    await world.issuer.service.institutions.setApproval(CODE, false, 'test');
  });

  it('voids a whole session and revokes by a sheet, by somebody who may', async () => {
    const id = '2026-PJ-000777';
    const lines = [801, 802].map((n) => line(n, { assessment: id }));
    await run(['run', await sheet('session', lines), '--out', home, '--yes', '--files', 'none']);
    const asked = person(['y']);
    assert.equal((await run(['void-session', id, ...clerk], asked)).code, 1, 'a clerk may not');
    const voided = await run(['void-session', id, ...approver], asked);
    assert.equal(voided.code, 0, voided.err);
    assert.match(asked.asked[0] ?? '', /考核 2026-PJ-000777 有 2 张有效证书[^]*S\d{21} 张伟80[12]\n[^]*不能恢复/);
    assert.match(voided.out, /✔ 办完:整场作废 2 \/ 2 行/);
    assert.match((await run(['list', ...approver])).out, /整场作废.*考核 2026-PJ-000777/);
    const [first] = (await world.database.knex('certificates').where({ status: 'active' })) as { number: string }[];
    const revoke = await sheetFile(join(home, 'revoke-these.csv'), [first?.number ?? ''], '证书编号');
    const revoked = await run(['revoke', revoke, '--reason', 'fraud', '--out', home, '--yes', ...approver]);
    assert.equal(revoked.code, 0, revoked.out + revoked.err);
    const after = (await world.database.knex('certificates').where({ number: first?.number }).first()) as {
      status: string;
      status_reason: string;
    };
    assert.deepEqual([after.status, after.status_reason], ['revoked', 'fraud']);
  });

  it('asks with number and name before it revokes for ever, and a no cancels the batch', async () => {
    await run(['run', await sheet('forever', fresh(2)), '--out', home, '--yes', '--files', 'none']);
    const rows = (await world.database
      .knex('certificates')
      .where({ status: 'active' })
      .orderBy('issued_at', 'desc')
      .limit(2)) as { number: string; credential: string }[];
    const [one, other] = rows.map(({ number }) => number);
    const file = await sheetFile(join(home, 'forever-revoke.csv'), [one ?? '', other ?? ''], '证书编号');
    const wanted = ['--reason', 'error', '--out', home, ...approver];
    const no = person(['n']);
    const refused = await run(['revoke', file, ...wanted], no);
    assert.equal(refused.code, 1);
    assert.match(no.asked[0] ?? '', /将撤销 2 张证书[^]*不能恢复/);
    assert.ok(no.asked[0]?.includes(`${one ?? ''} 张伟`), no.asked[0]);
    assert.match(refused.out, /这一批已取消/);
    assert.doesNotMatch(refused.out, /confirm/);
    const stateOf = async (batch: { id: string } | { file_name: string }): Promise<string> => {
      const { state } = (await world.database.knex('batches').where(batch).first()) as { state: string };
      return state;
    };
    assert.equal(await stateOf({ file_name: 'forever-revoke.csv' }), 'cancelled');
    assert.equal(
      (await run(['revoke', file, '--reason', 'investigation', '--out', home, '--yes', ...approver])).code,
      3,
    );

    const check = async (): Promise<string> => {
      const { service } = world.issuer;
      const sheetOf = { path: file, name: 'x.csv' };
      const { id } = await service.batches.upload({
        institution: CODE,
        actor: 'test',
        operation: 'revoke',
        reason: 'error',
        file: sheetOf,
      });
      return id;
    };
    const first = await check();
    assert.match((await run(['confirm', first, ...approver])).err, /CONFIRMATION_NEEDED/);
    const doubtful = person(['n']);
    assert.equal((await run(['confirm', first, ...approver], doubtful)).code, 1);
    assert.match(doubtful.asked[0] ?? '', /将撤销 2 张证书[^]*不能恢复/);
    assert.equal(await stateOf({ id: first }), 'cancelled');
    const second = await check();
    const done = await run(['confirm', second, '--yes', ...approver]);
    assert.equal(done.code, 0, done.err);
    assert.match(done.out, /✔ 办完:撤销 2 \/ 2 行/);
    const results = await fetch(`${approver[1] ?? ''}/batches/${second}/result.csv`, {
      headers: { authorization: `Bearer ${world.secrets.approver}` },
    });
    assert.match(
      await results.text(),
      new RegExp(`2,张伟\\d+,${one ?? ''},已撤销,信息有误,"2026-11-\\d\\d [\\d:]{8}",`),
    );
    const none = await run(['revoke', file, '--reason', 'error', '--out', home, ...approver], person([]));
    assert.doesNotMatch(none.out, /只办理没有问题的行/);
  });

  it('counts rows that were issued before as such, names their certificates, and offers no good rows where there are none', async () => {
    const again = await sheet('again', fresh(1));
    await run(['run', again, '--out', home, '--yes', '--files', 'none']);
    const repeated = await run(['run', again, '--out', home], person([]));
    assert.equal(repeated.code, 0);
    assert.match(repeated.err, /共 1 行,0 行可以签发,1 行此前已发证/);
    const [, batch = ''] = /batch results ([0-9a-f]{24})/.exec(repeated.out) ?? [];
    const { out } = await run(['results', batch, '--out', home]);
    assert.match(out, /result\.xlsx/);
    const rows = await world.issuer.service.batches.rows(CODE, batch);
    assert.match(rows[0]?.certificate?.number ?? '', /^S\d{21}$/);
    assert.equal((await run(['same-sheet', batch, again])).code, 0);
    assert.equal((await run(['same-sheet', batch, await sheet('other', fresh(1))])).code, 1);
    assert.doesNotMatch(repeated.out, /--good-rows/);
    const template = await run(['template', 'revoke', '--out', join(home, 'r.csv')]);
    assert.match(template.out, /填好后撤销/);
  });

  it('says in the language of the person what is wrong with a file as a whole', async () => {
    const file = join(home, 'page.xls');
    await writeFile(file, '<html><table>');
    const refused = await run(['check', file]);
    assert.equal(refused.code, 3);
    assert.match(refused.err, /这其实是网页.*\[SHEET_IS_HTML\]/);
    assert.match((await run(['check', file, '--lang', 'en'])).err, /^[^\p{Script=Han}]+\[SHEET_IS_HTML\]/mu);
    assert.match((await run(['check', join(home, 'nowhere.csv')])).err, /FILE_NOT_FOUND/);
    assert.equal((await run(['watch', 'x'])).code, 3);
  });
});
