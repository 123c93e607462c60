import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issuerMigrations } from '../../issuer/index.js';
import { Keystore } from '../../keys/keystore.js';
import { openDatabase, readAudit } from '../../server/index.js';
import { answer, BASE_URL, CODE, exam, PASSPHRASE, startWorld, type World } from '../issuer/world.js';
import { cli, type CliRun } from './run.js';

const NEW = 'https://new.example';
const NOW = '2026-11-21T09:00:01Z';

describe('yizheng tenant', function () {
  this.timeout(120_000);
  let world: World;
  let home: string;
  let id: string;
  const hosts: Record<'old' | 'new', string[]> = { old: [], new: [] };
  const run = (host: 'old' | 'new', ...argv: string[]): Promise<CliRun> =>
    cli(['tenant', ...argv, ...hosts[host], '--lang', 'en'], { home, now: NOW });
  const file = (name: string): string => join(home, name);
  const status = async (): Promise<number> => (await world.call('GET', `/institutions/${CODE}/certificates`)).status;

  before(async () => {
    world = await startWorld();
    home = await mkdtemp(join(tmpdir(), 'yizheng-tenant-'));
    ({ id } = await answer<{ id: string }>(world.call('POST', `/institutions/${CODE}/certificates`, exam(1)), 201));
    const secret = async (name: string, text: string): Promise<string> => {
      await writeFile(file(name), text, { mode: 0o600 });
      return file(name);
    };
    const passphrase = await secret('passphrase', PASSPHRASE);
    await secret('way', 'a passphrase for the way');
    await Keystore.create(file('new.json'), PASSPHRASE, { now: NOW });
    const settings = async (baseUrl: string, keystore: string, database: string): Promise<string[]> => [
      ...['--base-url', baseUrl, '--keystore', keystore, '--passphrase-file', passphrase],
      ...['--database-url-file', await secret(`url-${keystore.length}`, database)],
    ];
    hosts.old = await settings(BASE_URL, join(world.folder, 'keys.json'), world.databaseUrl);
    hosts.new = await settings(NEW, file('new.json'), `sqlite:${file('new.sqlite')}`);
  });
  after(async () => {
    await world.remove();
    await rm(home, { recursive: true });
  });

  const exporting = (out: string): Promise<CliRun> =>
    run('old', 'export', '--institution', CODE, '--out', file(out), '--transfer-passphrase-file', file('way'));

  it('lets the running service stand still at once, and go on again when it is said that no archive is used', async () => {
    const { code, out } = await exporting('first');
    assert.equal(code, 0, out);
    assert.match(out, /1 certificates/);
    assert.equal((await stat(file('first'))).mode & 0o777, 0o700);
    assert.equal(await status(), 409);
    assert.equal((await run('old', 'reopen', '--institution', CODE)).code, 3, 'not without saying so');
    assert.equal((await run('old', 'reopen', '--institution', CODE, '--archive-not-used')).code, 0);
    assert.equal(await status(), 200);
  });

  it('moves an institution: export, import, close, erase', async () => {
    assert.equal((await exporting('archive')).code, 0);
    const importing = (receipt: string, name = 'archive'): Promise<CliRun> =>
      run('new', 'import', file(name), '--transfer-passphrase-file', file('way'), '--receipt', file(receipt));
    const arrived = await importing('receipt');
    assert.equal(arrived.code, 0, arrived.err);
    assert.match(arrived.out, /https:\/\/issuer\.example\/institutions\/\w+, which is not this service/);
    assert.match(arrived.out, /forward to https:\/\/new\.example\/institutions/);
    assert.match((await importing('receipt-again')).out, /taken in before/);
    assert.equal(await readFile(file('receipt'), 'utf8'), await readFile(file('receipt-again'), 'utf8'));
    assert.match((await importing('receipt-first', 'first')).err, /TENANT_EXISTS|is here already/);

    const closing = await run('old', 'close', '--institution', CODE, '--receipt', file('receipt'));
    assert.equal(closing.code, 0, closing.err);
    const gone = await world.call('GET', `/institutions/${CODE}/did.json`);
    assert.equal(gone.status, 410);
    assert.match(await gone.text(), /https:\/\/new\.example/, 'and says where it is');
    assert.equal((await run('old', 'erase', '--institution', CODE, '--confirm', 'S000')).code, 3);
    const erased = await run('old', 'erase', '--institution', CODE, '--confirm', CODE, '--json');
    assert.equal(erased.code, 0, erased.err);
    assert.equal((JSON.parse(erased.out) as { erased: { certificates: number } }).erased.certificates, 1);

    const database = await openDatabase({ url: `sqlite:${file('new.sqlite')}`, migrations: issuerMigrations });
    try {
      assert.deepEqual(await database.knex('certificates').pluck('id'), [id]);
      const entries = await readAudit(database.knex, { tenant: CODE });
      assert.deepEqual([entries.at(-1)?.action, entries.at(-1)?.actor], ['tenant.import', 'operator']);
    } finally {
      await database.close();
    }
    const acts = (await readAudit(world.database.knex, { tenant: CODE })).map(({ action }) => action);
    assert.deepEqual(
      acts.filter((action) => action.startsWith('tenant.')),
      ['freeze', 'export', 'reopen', 'freeze', 'export', 'close', 'erase'].map((act) => `tenant.${act}`),
    );
  });
});
