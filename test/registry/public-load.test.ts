import assert from 'node:assert/strict';
import { limitInFlight } from '../../registry/in-flight.js';
import { SignedOnce } from '../../registry/signed-once.js';
import { startRegistry, type RunningRegistry } from './running-registry.js';

describe('registry: what anyone may ask', () => {
  let registry: RunningRegistry;
  before(async () => {
    registry = await startRegistry();
    await registry.publish();
  });
  after(() => registry.stop());
  const get = async (path: string) => (await fetch(`${registry.url}/authorities${path}`)).text();
  let signatures = 0;
  const counting = async (path: string): Promise<[string, number]> => {
    const { authorities } = registry.service;
    const signerOf = authorities.statementSigner.bind(authorities);
    authorities.statementSigner = (did) => {
      const signer = signerOf(did);
      return { ...signer, sign: (bytes) => (signatures++, signer.sign(bytes)) };
    };
    signatures = 0;
    try {
      return [await get(path), signatures];
    } finally {
      authorities.statementSigner = signerOf;
    }
  };

  for (const path of ['/sc/lists/recognised.json', '/cq/whois.vp'])
    it(`signs ${path} once, however often it is asked for`, async () => {
      const [first, once] = await counting(path);
      assert.equal(once, 1);
      assert.deepEqual(await counting(path), [first, 0]);
    });
  it('signs anew what says something else, or is an hour old', async () => {
    const path = '/sc/lists/recognised.json';
    registry.now = new Date(registry.now.getTime() + 3_600_000);
    assert.equal((await counting(path))[1], 1);
    const once = new SignedOnce<number>();
    let made = 0;
    const make = () => Promise.resolve(++made);
    assert.deepEqual([await once.get('a', ['1'], make), await once.get('a', ['2'], make)], [1, 2]);
    await assert.rejects(once.get('a', ['3'], () => Promise.reject(new Error('no'))));
    assert.equal(await once.get('a', ['3'], make), 3);
  });

  it('answers four questions at once, tells the fifth to come back, and goes on afterwards', async () => {
    const bounded = limitInFlight(4);
    const ends: (() => void)[] = [];
    const four = [1, 2, 3, 4].map((n) => bounded(() => new Promise<number>((resolve) => ends.push(() => { resolve(n); })))); // prettier-ignore
    const busy = { code: 'REGISTRY_BUSY', status: 503 };
    await assert.rejects(
      bounded(() => Promise.resolve(5)),
      busy,
    );
    for (const end of ends) end();
    assert.deepEqual(await Promise.all(four), [1, 2, 3, 4]);
    await assert.rejects(
      bounded(() => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await bounded(() => Promise.resolve(6)), 6);
  });
  it('does so over HTTP, with Retry-After', async () => {
    const body = JSON.stringify({ anchor: registry.did('sc'), qr: 'x', wanted: { kind: 'skill-level' } });
    const ask = () =>
      fetch(`${registry.url}/decision`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const answers = await Promise.all(Array.from({ length: 40 }, ask));
    const busy = answers.filter(({ status }) => status === 503);
    assert.ok(busy.length > 0 && busy.length < 40, `${busy.length} of 40`);
    for (const answer of busy) assert.equal(answer.headers.get('retry-after'), '5');
    assert.notEqual((await ask()).status, 503);
  });
});
