import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { issuerMigrations } from '../../issuer/index.js';
import { Keystore } from '../../keys/keystore.js';
import { appendAudit, openDatabase } from '../../server/index.js';
import { describeOnEachDatabase, freshDatabase, type FreshDatabase } from '../database/fresh-database.js';
import { cli } from './run.js';

const MAIN = fileURLToPath(new URL('../../cli/main.js', import.meta.url));
const PASSPHRASE = 'correct horse battery staple';

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** `yizheng …` as a process; `says` waits for a word on standard output. */
function start(argv: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [MAIN, ...argv], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (out += text));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return {
    output: () => out,
    stop: async () => {
      child.kill('SIGTERM');
      return exited;
    },
    says: async (word: string) => {
      while (!out.includes(word)) {
        if (child.exitCode !== null) assert.fail(`ended with ${child.exitCode}: ${out}`);
        await Promise.race([once(child.stdout, 'data'), exited]);
      }
    },
  };
}

describeOnEachDatabase('yizheng serve', function (kind) {
  this.timeout(60_000);
  let home: string;
  let fresh: FreshDatabase;
  let settings: string[];
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'yizheng-serve-'));
    fresh = await freshDatabase(kind, issuerMigrations);
    await writeFile(join(home, 'passphrase'), PASSPHRASE, { mode: 0o600 });
    await Keystore.create(join(home, 'keys.json'), PASSPHRASE, { now: new Date() });
    await writeFile(join(home, 'database-url'), `${fresh.url}\n`, { mode: 0o600 });
    settings = [
      ...['--keystore', join(home, 'keys.json'), '--passphrase-file', join(home, 'passphrase')],
      ...['--verifier-url', 'https://verify.example', '--database-url-file', join(home, 'database-url')],
    ];
  });
  after(async () => {
    await fresh.remove();
    await rm(home, { recursive: true });
  });

  it('makes the first key of an administrator, with which an institution is set up; stops when told to', async () => {
    const file = join(home, 'admin.key');
    const key = ['admin-key', 'issuer', '--out', file, '--database-url-file', join(home, 'database-url')];
    const made = await cli(key, { home, now: new Date().toISOString() });
    assert.equal(made.code, 0, made.err);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const secret = await readFile(file, 'utf8');
    assert.ok(!`${made.out}${made.err}`.includes(secret));
    const again = await cli(key, { home, now: new Date().toISOString() });
    assert.match(again.err, /FILE_EXISTS/);
    assert.equal(await readFile(file, 'utf8'), secret);

    const port = await freePort();
    const service = start(['serve', 'issuer', '--port', String(port), '--base-url', `http://localhost:${port}`, ...settings]); // prettier-ignore
    await service.says('listening');
    const create = await fetch(`http://localhost:${port}/institutions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        code: 'S000051000001',
        name: '示例技能评价中心',
        authority: { did: 'did:web:hrss.example' },
      }),
    });
    assert.equal(create.status, 201, await create.text());
    assert.equal((await fetch(`http://localhost:${port}/health/ready`)).status, 200);
    assert.equal(await service.stop(), 0, service.output());
    assert.match(service.output(), /stopping/);

    const database = await openDatabase({ url: fresh.url, migrations: issuerMigrations });
    const entries: unknown = await database
      .knex('audit_log')
      .where({ action: 'api-key.create' })
      .select('actor', 'tenant');
    assert.deepEqual(entries, [{ actor: 'operator', tenant: '*' }]);
    assert.deepEqual(await database.knex('api_keys').count({ n: '*' }), [{ n: 1 }], 'the refused key was not kept');
    await database.close();
  });

  // SQLite serves one machine, where the service works on batches itself.
  const onPostgres = kind === 'postgres' ? it : (): void => undefined;
  onPostgres('runs a process that works on batches only, and stops it', async () => {
    const worker = start(['serve', 'issuer-worker', '--threads', '1', ...settings], {
      YIZHENG_BASE_URL: 'http://localhost:8701',
    });
    await worker.says('working');
    assert.equal(await worker.stop(), 0, worker.output());
  });

  it('does not start with a keystore others can read (KEYSTORE_MODE)', async () => {
    await chmod(join(home, 'keys.json'), 0o644);
    const refused = await cli(['serve', 'issuer', '--base-url', 'http://localhost:8701', ...settings], { home });
    assert.match(refused.err, /KEYSTORE_MODE/);
    await chmod(join(home, 'keys.json'), 0o600);
  });

  it('does not start with a clock behind what was written down before (CLOCK_WENT_BACK)', async () => {
    const database = await openDatabase({ url: fresh.url, migrations: issuerMigrations });
    const entry = { tenant: '*', actor: 'test', action: 'test', subject: 'test' };
    await database.write((transaction) => appendAudit(transaction, entry, new Date(Date.now() + 3_600_000)));
    await database.close();
    const now = new Date().toISOString();
    const refused = await cli(['serve', 'issuer', '--base-url', 'http://localhost:8701', ...settings], { home, now });
    assert.match(refused.err, /CLOCK_WENT_BACK/);
  });
});

describe('yizheng serve: settings', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'yizheng-serve-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  it('names every setting that is missing, with flag and variable, at once (SETTING_MISSING)', async () => {
    const { err, code } = await cli(['serve', 'issuer'], { home });
    assert.equal(code, 3);
    for (const name of [
      '--base-url / YIZHENG_BASE_URL',
      '--verifier-url / YIZHENG_VERIFIER_URL',
      '--keystore / YIZHENG_KEYSTORE',
      'DATABASE_URL / --database-url-file',
      '--passphrase-file / YIZHENG_PASSPHRASE_FILE',
    ])
      assert.ok(err.includes(name), `${name} is not in: ${err}`);
    assert.match(
      (await cli(['serve', 'verifier'], { home })).err,
      /--anchors \/ YIZHENG_ANCHORS, --data \/ YIZHENG_DATA/,
    );
  });

  it('names the setting that is wrong (SETTING_INVALID)', async () => {
    const argv = ['serve', 'registry', '--base-url', 'http://registry.example', '--keystore', 'k', '--passphrase-file', 'p']; // prettier-ignore
    const { err } = await cli(argv, { home, environment: { DATABASE_URL: 'sqlite:x' } });
    assert.match(err, /--base-url.*SETTING_INVALID/);
  });

  it('takes no database address as an argument, and none from a file others can read (DATABASE_URL_FILE)', async () => {
    assert.match((await cli(['serve', 'registry', '--database-url', 'sqlite:x'], { home })).err, /unknown option/);
    const file = join(home, 'url');
    await writeFile(file, 'sqlite:x', { mode: 0o644 });
    const argv = ['admin-key', 'registry', '--out', join(home, 'key'), '--database-url-file', file];
    assert.match((await cli(argv, { home })).err, /DATABASE_URL_FILE/);
  });

  it('says nothing of the password of a database it cannot reach', async () => {
    const port = await freePort();
    for (const [address, code] of [
      [`postgres://yizheng:s3cret-word@127.0.0.1:${port}/x`, 'STORAGE_UNREACHABLE'],
      ['postgres://yizheng:s3cret-word@127.0.0.1:port/x', 'DATABASE_URL'],
      ['postgres://yizheng:s3cret-word@127.0.0.1/x?schema=Robert;drop', 'DATABASE_URL'],
    ] as const) {
      const { out, err } = await cli(['admin-key', 'issuer', '--out', join(home, 'key'), '--json'], {
        home,
        environment: { DATABASE_URL: address },
      });
      assert.ok(out.includes(code), out);
      assert.ok(!`${out}${err}`.includes('s3cret-word'));
    }
  });
});
