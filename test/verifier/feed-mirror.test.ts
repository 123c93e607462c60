import assert from 'node:assert/strict';
import { applyDelta, deltaPath } from '../../shared/trust/feed-delta.js';
import { importBundle, type HeldState } from '../../shared/trust/import-bundle.js';
import { updateTrust } from '../../shared/trust/update-trust.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { NOW, sampleFeed, STRANGER } from './sample-bundle.js';
import { startInformedVerifier, type RunningVerifier } from './service.js';

describe('verifier: what it hands on to devices that verify by themselves', () => {
  let verifier: RunningVerifier;
  before(async () => {
    verifier = await startInformedVerifier();
  });
  after(() => verifier.stop());

  const get = (authority: string, path: string): Promise<Response> =>
    fetch(`${verifier.url}/trust/feeds/${encodeURIComponent(authority)}/${path}`);
  const fetchFor = (authority: string) => async (path: string) => {
    const response = await get(authority, path);
    return response.status === 404 ? undefined : new Uint8Array(await response.arrayBuffer());
  };

  it('offers its anchors with the root each is pinned to, and each bundle as it was verified', async () => {
    const { pin } = await sampleFeed();
    const { anchors, hosts } = (await (await fetch(`${verifier.url}/trust`)).json()) as {
      anchors: { anchor: string; rootDigest: string }[];
      hosts: string[];
    };
    assert.deepEqual(hosts, ['verify.example']);
    assert.equal(anchors.find(({ anchor }) => anchor === AUTHORITY)?.rootDigest, pin.digestMultibase);
    const bundle = await fetch(`${verifier.url}/trust/bundle?anchor=${AUTHORITY}`);
    const imported = importBundle(await bundle.text(), { anchor: AUTHORITY, anchorRoot: pin, now: NOW });
    assert.equal(imported.view.dataAsOf, '2026-11-20T09:00:00Z');
    assert.equal((await fetch(`${verifier.url}/trust/bundle?anchor=did:web:nobody.example`)).status, 422);
  });

  it('lets a device update itself from it alone, fetching only the parts that changed', async () => {
    const { pin } = await sampleFeed();
    const start = { anchor: AUTHORITY, anchorRoot: pin, fetchFor, now: NOW };
    const first = await updateTrust(start);
    const held: HeldState = first.state;
    await verifier.trust.importBundle(AUTHORITY, (await sampleFeed(AUTHORITY, { sequence: 3, issuedAt: '2026-11-20T09:30:00Z', revoked: 5 })).bundle); // prettier-ignore
    const asked: string[] = [];
    const second = await updateTrust({
      ...start,
      held,
      fetchFor: (authority) => (path) => {
        asked.push(path);
        return fetchFor(authority)(path);
      },
    });
    assert.equal(second.view.dataAsOf, '2026-11-20T09:30:00Z');
    assert.deepEqual(second.findings.map(({ code }) => code), []); // prettier-ignore
    assert.equal(asked.filter((path) => path.startsWith('parts/')).length, 1);

    const sha256 = (state: HeldState): string =>
      state.feeds[AUTHORITY]?.manifest.parts.find(({ name }) => name === 'status')?.sha256 ?? '';
    const [from, to] = [sha256(held), sha256(second.state)];
    const delta = await get(AUTHORITY, deltaPath('status', from, to));
    assert.equal(delta.status, 200);
    const part = second.state.feeds[AUTHORITY]?.manifest.parts.find(({ name }) => name === 'status');
    assert.ok(part);
    const text = applyDelta(held.feeds[AUTHORITY]?.parts[from] ?? '', new Uint8Array(await delta.arrayBuffer()), part as Parameters<typeof applyDelta>[2]); // prettier-ignore
    assert.equal(text, second.state.feeds[AUTHORITY]?.parts[to]);
  });

  it('has nothing else at those addresses', async () => {
    const none = ['0'.repeat(64), 'f'.repeat(64)];
    for (const [authority, path] of [
      ['did:web:nobody.example', 'freshness.json'],
      [STRANGER, 'root/2.json'],
      [STRANGER, 'root/1.json/x'],
      [STRANGER, '..%2f..%2fpackage.json'],
      [STRANGER, `parts/${none[0] ?? ''}`],
      [STRANGER, `delta/status/${none.join('-')}.json`],
      [STRANGER, 'manifest/2.json'],
    ] as const)
      assert.equal((await get(authority, path)).status, 404, path);
    assert.equal((await get(STRANGER, 'root/1.json')).status, 200);
  });
});
