import assert from 'node:assert/strict';
import { readBundle } from '../../shared/trust/bundle.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { FeedServer } from '../trust/feed-server.js';
import { sampleFeed, type SampleFeed } from './sample-bundle.js';
import { startVerifier, type RunningVerifier } from './service.js';

describe('verifier: trust data over the network', () => {
  let running: RunningVerifier | undefined;
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });
  const base = `https://${AUTHORITY.slice('did:web:'.length)}/registry/`;

  async function start() {
    const server = new FeedServer();
    const serve = ({ bundle }: SampleFeed) => {
      const files = readBundle(bundle).feeds[AUTHORITY];
      assert.ok(files);
      server.serve(files);
    };
    const first = await sampleFeed();
    serve(first);
    running = await startVerifier({
      anchors: [{ did: AUTHORITY, root: first.pin, online: true }],
      fetch: async (url, { maxBytes }) => {
        assert.ok(url.startsWith(base), url);
        const body = await server.fetch(url.slice(base.length), maxBytes);
        return body ? { status: 200, body } : { status: 404, body: new Uint8Array() };
      },
    });
    return { server, serve, running };
  }

  it('starts from the pinned root alone, and fetches what changed at each refresh', async () => {
    const { server, serve, running: verifier } = await start();
    assert.equal(verifier.trust.viewOf(AUTHORITY).dataAsOf, '2026-11-20T09:00:00Z');
    assert.equal((await fetch(`${verifier.url}/health/ready`)).status, 200);
    server.paths();
    assert.deepEqual(await verifier.refresh(), {});
    assert.deepEqual(server.paths(), ['root/2.json', 'freshness.json']);
    serve(await sampleFeed(AUTHORITY, { sequence: 5, issuedAt: '2026-11-20T09:30:00Z', revoked: 0 }));
    assert.deepEqual(await verifier.refresh(), {});
    assert.equal(verifier.trust.viewOf(AUTHORITY).dataAsOf, '2026-11-20T09:30:00Z');
  });

  it('names a feed that was refused, and works on with what it holds', async () => {
    const { server, serve, running: verifier } = await start();
    serve(await sampleFeed(AUTHORITY, { issuedAt: '2026-11-20T08:00:00Z' }));
    assert.deepEqual(await verifier.refresh(), { [AUTHORITY]: 'FEED_ROLLBACK' });
    server.breaksAfter = 0;
    assert.deepEqual(await verifier.refresh(), { [AUTHORITY]: 'FEED_UNREACHABLE' });
    assert.equal(verifier.trust.viewOf(AUTHORITY).dataAsOf, '2026-11-20T09:00:00Z');
  });
});
