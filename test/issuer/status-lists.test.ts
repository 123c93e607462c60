import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli } from '../cli/run.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { answer, BASE_URL, CODE, exam, PASSPHRASE, startWorld, type World } from './world.js';

describeOnEachDatabase('issuer: status lists at scale', function (kind) {
  this.timeout(60_000);
  let world: World;
  let statements: string[];
  const ids: string[] = [];
  const issue = async (n: number): Promise<string> => {
    const { id } = await answer<{ id: string }>(world.call('POST', `/institutions/${CODE}/certificates`, exam(n)), 201);
    return id;
  };
  const revoke = (id: string) =>
    world.issuer.service.changeStatus(CODE, id, 'test', { action: 'revoke', reason: 'error' });
  const refresh = async () => {
    const { institutions, statusLists } = world.issuer.service;
    const known = await institutions.list();
    statements = [];
    await statusLists.refresh(known);
    // Without what the batch worker asks meanwhile.
    return statements.filter((sql) => sql.includes('status_'));
  };
  const signed = async () => (await world.database.knex('audit_log').where({ action: 'status-list.sign' })).length;
  before(async () => {
    world = await startWorld({ kind });
    world.database.knex.on('query', ({ sql }: { sql: string }) => void statements.push(sql));
    statements = [];
    for (let n = 1; n <= 3; n++) ids.push(await issue(n));
    // A second list of the institution, as when the first is half full.
    await world.database.knex('status_lists').where({ institution: CODE }).update({ used: 65_536 });
    ids.push(await issue(4));
    await refresh();
  });
  after(() => world.remove());

  it('asks two questions, whatever is held, when nothing changed', async () => {
    assert.deepEqual(await world.issuer.service.statusLists.due(), []);
    assert.equal((await refresh()).length, 2);
  });

  it('signs one list when one certificate of it is revoked, and every list of both purposes after a day', async () => {
    const before = await signed();
    await revoke(ids[0]!);
    assert.deepEqual(await world.issuer.service.statusLists.due(), [
      { institution: CODE, list: 1, purpose: 'revocation' },
    ]);
    await refresh();
    assert.equal((await signed()) - before, 1);
    world.time.now = new Date(world.time.now.getTime() + 86_400_000);
    assert.equal((await world.issuer.service.statusLists.due()).length, 4);
    await refresh();
    assert.equal((await signed()) - before, 5);
    assert.deepEqual(await world.issuer.service.statusLists.due(), []);
  });

  it('reads the changed entries of a list by an index that holds nothing else', async () => {
    const sql = `select list_index from certificates
      where institution = '${CODE}' and list = 1 and status = 'revoked' and status <> 'active'`;
    const { knex } = world.database;
    let plan: string;
    if (kind === 'sqlite') plan = JSON.stringify(await knex.raw(`explain query plan ${sql}`));
    else
      plan = await knex.transaction(async (transaction) => {
        // A table of four rows is read through whatever index it has.
        await transaction.raw('set local enable_seqscan = off');
        await transaction.raw('set local enable_bitmapscan = off');
        return JSON.stringify((await transaction.raw<{ rows: object[] }>(`explain ${sql}`)).rows);
      });
    assert.match(plan, /certificates_changed/);
  });

  it('writes the signed lists as files at the paths of their addresses, and then only those that changed', async () => {
    const home = await mkdtemp(join(tmpdir(), 'yizheng-export-'));
    const out = join(home, 'public');
    await writeFile(join(home, 'passphrase'), PASSPHRASE, { mode: 0o600 });
    await chmod(join(world.folder, 'keys.json'), 0o600);
    const run = async (): Promise<{ written: string[]; lists: number; overdue: number }> => {
      const done = await cli(
        [
          ...['status', 'export', '--json', '--out', out, '--base-url', BASE_URL],
          ...['--keystore', join(world.folder, 'keys.json'), '--passphrase-file', join(home, 'passphrase')],
        ],
        { home, now: world.time.now.toISOString(), environment: { DATABASE_URL: world.databaseUrl } },
      );
      assert.equal(done.code, 0, done.err);
      return JSON.parse(done.out) as { written: string[]; lists: number; overdue: number };
    };
    const all = await run();
    assert.deepEqual([all.written.length, all.lists, all.overdue], [4, 4, 0]);
    const path = `institutions/${CODE}/status/revocation/1`;
    assert.ok(all.written.includes(path));
    const served = await world.call('GET', `/${path}`);
    assert.equal(await readFile(join(out, path), 'utf8'), await served.text());

    const untouched = join(out, `institutions/${CODE}/status/revocation/2`);
    await utimes(untouched, 1, 1);
    const taken = `institutions/${CODE}/status/suspension/2`;
    await rm(join(out, taken));
    await revoke(ids[1]!);
    assert.deepEqual((await run()).written, [path, taken]);
    assert.equal((await stat(untouched)).mtimeMs, 1000, 'what did not change is left alone');
    assert.equal(await readFile(join(out, path), 'utf8'), await (await world.call('GET', `/${path}`)).text());
    assert.deepEqual(await readdir(join(out, `institutions/${CODE}/status/revocation`)), ['1', '2']);
    await rm(home, { recursive: true });
  });
});
