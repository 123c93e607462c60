import { strict as assert } from 'node:assert';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTrustStore, type TrustStore } from '../../verifier/trust-store.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { NOW, sampleFeed, STRANGER, type SampleFeed } from './sample-bundle.js';
import { startVerifier, type RunningVerifier } from './service.js';

describe('verifier: trust data', () => {
  let directory: string;
  let home: SampleFeed;
  let running: RunningVerifier | undefined;

  before(async () => {
    home = await sampleFeed();
  });
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'yizheng-trust-'));
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await rm(directory, { recursive: true });
  });

  const open = (): Promise<TrustStore> =>
    openTrustStore({ anchors: [{ did: AUTHORITY, root: home.pin }], directory, clock: () => new Date(NOW) });

  it('keeps what it accepted across a restart, in a file only its owner can read', async () => {
    const store = await open();
    assert.equal(store.viewOf(AUTHORITY).dataAsOf, null);
    await store.importBundle(AUTHORITY, home.bundle);
    const again = await open();
    assert.equal(again.viewOf(AUTHORITY).dataAsOf, '2026-11-20T09:00:00Z');
    assert.equal(again.viewOf(AUTHORITY).authorityName(AUTHORITY), '示例省人力资源和社会保障厅');
    const [file, ...others] = await readdir(directory);
    assert.deepEqual(others, []);
    assert.equal((await stat(join(directory, file ?? ''))).mode & 0o777, 0o600);
  });

  it('leaves nothing half-written behind when its file cannot be replaced, and believes nothing it could not keep', async () => {
    const store = await open();
    await store.importBundle(AUTHORITY, home.bundle);
    const [file = ''] = await readdir(directory);
    await rm(join(directory, file));
    await mkdir(join(directory, file, 'in-the-way'), { recursive: true });
    const newer = await sampleFeed(AUTHORITY, { sequence: 5, issuedAt: '2026-11-20T09:30:00Z' });
    await assert.rejects(store.importBundle(AUTHORITY, newer.bundle));
    assert.deepEqual(await readdir(directory), [file]);
    assert.equal(store.viewOf(AUTHORITY).dataAsOf, '2026-11-20T09:00:00Z');
  });

  it('refuses an old bundle after a newer one, also after a restart, and changes nothing', async () => {
    const store = await open();
    await store.importBundle(
      AUTHORITY,
      (await sampleFeed(AUTHORITY, { sequence: 5, issuedAt: '2026-11-20T09:30:00Z' })).bundle,
    );
    for (const held of [store, await open()]) {
      await assert.rejects(held.importBundle(AUTHORITY, home.bundle), { code: 'BUNDLE_ROLLBACK' });
      assert.equal(held.viewOf(AUTHORITY).dataAsOf, '2026-11-20T09:30:00Z');
    }
  });

  it('refuses a bundle signed by other keys than those the pinned root names', async () => {
    const store = await open();
    await assert.rejects(store.importBundle(AUTHORITY, (await sampleFeed(AUTHORITY, { keyByte: 99 })).bundle), {
      code: 'BUNDLE_ROOT_UNKNOWN',
    });
    const forged = JSON.parse(new TextDecoder().decode(home.bundle)) as {
      feeds: Record<string, { freshness: unknown }>;
    };
    const other = JSON.parse(
      new TextDecoder().decode((await sampleFeed(AUTHORITY, { keyByte: 99, issuedAt: '2026-11-20T09:45:00Z' })).bundle),
    ) as typeof forged;
    forged.feeds[AUTHORITY]!.freshness = other.feeds[AUTHORITY]!.freshness;
    await assert.rejects(store.importBundle(AUTHORITY, new TextEncoder().encode(JSON.stringify(forged))), {
      code: 'BUNDLE_SIGNATURE_INVALID',
    });
    assert.equal(store.viewOf(AUTHORITY).dataAsOf, null);
  });

  it('does not start on a file that is not what it wrote', async () => {
    const store = await open();
    await store.importBundle(AUTHORITY, home.bundle);
    const [file = ''] = await readdir(directory);
    const text = await readFile(join(directory, file), 'utf8');
    await writeFile(join(directory, file), text.slice(0, text.length >> 1));
    await assert.rejects(open(), { code: 'STATE_DAMAGED' });
  });

  it('counts nothing that could not be stored', async function () {
    if (process.getuid?.() === 0) {
      const store = await open();
      await rm(directory, { recursive: true });
      await assert.rejects(store.importBundle(AUTHORITY, home.bundle), { code: 'ENOENT' });
      assert.equal(store.viewOf(AUTHORITY).dataAsOf, null);
      directory = await mkdtemp(join(tmpdir(), 'yizheng-trust-'));
      return;
    }
    const store = await open();
    await chmod(directory, 0o500);
    await assert.rejects(store.importBundle(AUTHORITY, home.bundle), { code: 'EACCES' });
    assert.equal(store.viewOf(AUTHORITY).dataAsOf, null);
    await chmod(directory, 0o700);
  });

  it('reads bundles at the start from a file or an address, and keeps what it has when the next is bad', async () => {
    const file = join(directory, 'bundle.json');
    await writeFile(file, home.bundle);
    const stranger = await sampleFeed(STRANGER, { keyByte: 32 });
    const asked: string[] = [];
    running = await startVerifier({
      directory,
      anchors: [
        { did: AUTHORITY, root: home.pin, bundle: file },
        { did: STRANGER, root: stranger.pin, bundle: 'https://registry.example/bundle.json' },
      ],
      fetch: (url) => {
        asked.push(url);
        return Promise.resolve({ status: 200, body: stranger.bundle });
      },
    });
    assert.deepEqual(asked, ['https://registry.example/bundle.json']);
    const { anchors } = (await (await fetch(`${running.url}/trust`)).json()) as {
      anchors: { anchor: string; dataAsOf: string; freshness: string; name: string }[];
    };
    assert.deepEqual(
      anchors.map(({ anchor, dataAsOf, freshness }) => [anchor, dataAsOf, freshness]),
      [
        [AUTHORITY, '2026-11-20T09:00:00Z', 'fresh'],
        [STRANGER, '2026-11-20T09:00:00Z', 'fresh'],
      ],
    );
    await writeFile(file, 'not a bundle');
    assert.deepEqual(await running.refresh(), { [AUTHORITY]: 'JSON_SYNTAX' });
    assert.equal(running.trust.viewOf(AUTHORITY).dataAsOf, '2026-11-20T09:00:00Z');
  });

  it('takes a newer bundle from an officer only', async () => {
    running = await startVerifier({ directory });
    const { url } = running;
    const post = (authorization: string | undefined, body: Uint8Array, query = ''): Promise<Response> =>
      fetch(`${url}/bundle${query}`, {
        method: 'POST',
        body: Buffer.from(body),
        headers: { 'Content-Type': 'application/json', ...(authorization && { authorization }) },
      });
    assert.equal((await post(undefined, home.bundle)).status, 401);
    assert.equal((await post('Bearer nobody', home.bundle)).status, 401);
    assert.equal((await post('Bearer clerk', home.bundle)).status, 403);
    assert.equal(running.trust.viewOf(AUTHORITY).dataAsOf, null);
    const accepted = await post('Bearer officer', home.bundle);
    assert.equal(accepted.status, 200);
    assert.equal(((await accepted.json()) as { dataAsOf: string }).dataAsOf, '2026-11-20T09:00:00Z');
    const wrong = await post('Bearer officer', home.bundle, `?anchor=${STRANGER}`);
    assert.equal(wrong.status, 400);
    assert.equal(((await wrong.json()) as { code: string }).code, 'BUNDLE_ANCHOR_MISSING');
  });
});
