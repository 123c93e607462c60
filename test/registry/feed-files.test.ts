import assert from 'node:assert/strict';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { get } from 'node:http';
import { createSafeFetch } from '../../server/safe-fetch.js';
import { sha256Hex } from '../../shared/trust/digest.js';
import { deltaPath } from '../../shared/trust/feed-delta.js';
import { feedFetcher } from '../../shared/trust/feed-fetch.js';
import type { HeldState } from '../../shared/trust/import-bundle.js';
import { updateTrust, type TrustUpdate } from '../../shared/trust/update-trust.js';
import type { HeldFeed } from '../../shared/trust/verify-feed.js';
import { startRegistry, type RunningRegistry } from './running-registry.js';

describe('registry: static files for clients that update over the network', () => {
  let world: RunningRegistry;
  beforeEach(async () => {
    world = await startRegistry();
    await world.accredit(12);
    await world.publish();
  });
  afterEach(() => world.stop());

  const file = (path: string, slug = 'cq'): string => `${world.url}/authorities/${slug}/registry/${path}`;
  async function update(held?: HeldState): Promise<TrustUpdate & { paths: string[] }> {
    const paths: string[] = [];
    const fetch = createSafeFetch({ allowLoopback: true });
    const update = await updateTrust({
      anchor: world.did('sc'),
      anchorRoot: { digestMultibase: (await world.service.authorities.root('sc')).digestMultibase },
      held,
      fetchFor: feedFetcher((url, options) => {
        paths.push(url.replace(`${world.url}/authorities/`, ''));
        return fetch(url, options);
      }),
      now: world.now.toISOString(),
    });
    return { ...update, paths };
  }
  const partOf = (feed: HeldFeed | undefined, name: string): string =>
    feed?.manifest.parts.find((part) => part.name === name)?.sha256 ?? '';

  it('lets a verifier update its whole trust state by delta, from the last ten publications', async () => {
    const first = await update();
    assert.deepEqual(first.findings, []);
    let newest = first;
    for (let i = 1; i <= 11; i++) {
      if (i === 11) newest = await update(first.state);
      await world.accredit(1);
      await world.publish();
    }
    assert.deepEqual(newest.findings, []);
    assert.equal(newest.paths.filter((path) => path.startsWith('cq/registry/delta/accreditations/')).length, 1);
    assert.equal(
      newest.paths.some((path) => path.startsWith('cq/registry/parts/')),
      false,
    );
    assert.equal(newest.view.feedOf(world.did('cq'))?.accreditations.length, 22);
    const late = await update(first.state);
    assert.equal(late.paths.filter((path) => path.startsWith('cq/registry/parts/')).length, 1);
    assert.equal(late.view.feedOf(world.did('cq'))?.accreditations.length, 23);
    assert.deepEqual(late.findings, []);
  });

  it('serves files named by hash to be kept for ever, by anyone and in any browser', async () => {
    const held = (await update()).state.feeds[world.did('cq')];
    const from = partOf(held, 'accreditations');
    await world.accredit(1);
    await world.publish();
    const to = partOf((await update()).state.feeds[world.did('cq')], 'accreditations');
    for (const path of [`parts/${from}`, deltaPath('accreditations', from, to), 'root/1.json', 'manifest/1.json']) {
      const response = await fetch(file(path));
      assert.equal(response.status, 200, path);
      assert.match(response.headers.get('cache-control') ?? '', /^public, max-age=31536000, immutable$/);
      assert.equal(response.headers.get('access-control-allow-origin'), '*');
      assert.equal(response.headers.get('cross-origin-resource-policy'), 'cross-origin');
      await response.text();
    }
    const freshness = await fetch(file('freshness.json'));
    assert.equal(freshness.headers.get('cache-control'), 'public, max-age=60');
    const etag = freshness.headers.get('etag') ?? '';
    assert.match(etag, /^"/);
    assert.equal((await plainGet(file('freshness.json'), { 'if-none-match': etag })).status, 304);
    for (const path of [
      deltaPath('accreditations', to, from),
      deltaPath('events', from, to),
      `parts/${'0'.repeat(64)}`,
    ]) {
      const missing = await fetch(file(path));
      assert.deepEqual([missing.status, missing.headers.get('cache-control')], [404, 'no-store'], path);
    }
    assert.equal((await fetch(file(deltaPath('nothing', from, to)))).status, 422);
  });

  it('compresses for whoever asks for it; the hash is over the plain bytes', async () => {
    const sha256 = partOf((await update()).state.feeds[world.did('cq')], 'accreditations');
    const plain = await plainGet(file(`parts/${sha256}`), { 'accept-encoding': 'identity' });
    assert.deepEqual([plain.encoding, sha256Hex(plain.body)], [undefined, sha256]);
    const gzip = await plainGet(file(`parts/${sha256}`), { 'accept-encoding': 'gzip' });
    assert.deepEqual([gzip.encoding, sha256Hex(gunzipSync(gzip.body))], ['gzip', sha256]);
    const br = await plainGet(file(`parts/${sha256}`), { 'accept-encoding': 'br' });
    assert.deepEqual([br.encoding, sha256Hex(brotliDecompressSync(br.body))], ['br', sha256]);
    assert.ok(br.body.length < plain.body.length / 4);
    assert.match(br.vary ?? '', /accept-encoding/i);
  });

  it('lists everybody recognised now as one credential, without those suspended since', async () => {
    const address = `${world.url}/authorities/sc/lists/recognised.json`;
    const response = await fetch(address);
    assert.equal(response.headers.get('content-type'), 'application/vc');
    const { type, id } = (await response.json()) as { type: string; id: string };
    assert.equal(type, 'EnvelopedVerifiableCredential');
    const [, payload = ''] = id.replace('data:application/vc+jwt,', '').split('.');
    const list = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    assert.deepEqual(list['type'], ['VerifiableCredential', 'RecognizedEntityCredential']);
    assert.deepEqual([list['id'], list['validUntil']], [address, '2026-11-27T04:00:00Z']);
    assert.deepEqual(
      (list['credentialSubject'] as { id: string }[]).map((subject) => subject.id),
      [world.did('cq')],
    );
    await world.service.statements.add(
      'sc',
      'event',
      { about: world.did('cq'), event: 'suspend', cause: 'administrative' },
      'test',
    );
    assert.equal((await fetch(address)).status, 404);
    assert.equal((await fetch(`${world.url}/authorities/cq/lists/recognised.json`)).status, 404);
  });
});

/** As it comes over the wire: `fetch` would undo the encoding, and ask past every cache. */
function plainGet(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number | undefined; encoding: string | undefined; vary: string | undefined; body: Buffer }> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const { 'content-encoding': encoding, vary } = response.headers;
        resolve({ status: response.statusCode, encoding, vary, body: Buffer.concat(chunks) });
      });
    }).on('error', reject);
  });
}
