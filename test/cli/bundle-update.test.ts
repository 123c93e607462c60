import assert from 'node:assert/strict';
import { join } from 'node:path';
import { startRegistry, type RunningRegistry } from '../registry/running-registry.js';
import { cli } from './run.js';

describe('yizheng bundle update and export, with a real registry', () => {
  let world: RunningRegistry;
  let root: string;
  before(async () => {
    world = await startRegistry();
    await world.accredit(12);
    await world.publish();
    root = (await world.service.authorities.root('sc')).digestMultibase;
  });
  after(() => world.stop());

  const run = async (...argv: string[]) => {
    const { code, out } = await cli([...argv, '--json'], { home: world.home, now: world.now.toISOString() });
    return { code, answer: JSON.parse(out) as Record<string, unknown> & { feeds: { sequence: number }[] } };
  };
  const anchor = (): string[] => ['--anchor', world.did('sc'), '--state', join(world.home, 'state.json')];

  it('takes everything the first time, then only what changed, and writes it to a stick for a device without network', async () => {
    const unpinned = await run('bundle', 'update', ...anchor());
    assert.equal((unpinned.answer as { error?: { code: string } }).error?.code, 'FEED_UNPINNED');
    assert.notEqual(unpinned.code, 0);

    const first = await run('bundle', 'update', ...anchor(), '--anchor-root', root);
    assert.deepEqual([first.code, first.answer['updated'], first.answer['findings']], [0, true, []]);
    await world.accredit(1);
    await world.publish();
    const second = await run('bundle', 'update', ...anchor());
    assert.equal(second.code, 0);
    assert.deepEqual(second.answer.feeds.map(({ sequence }) => sequence), [2, 1]); // prettier-ignore
    assert.ok(Number(second.answer['bytesFetched']) < Number(first.answer['bytesFetched']) / 2);

    const file = join(world.home, 'stick.json');
    const exported = await run('bundle', 'export', ...anchor(), '--out', file);
    assert.deepEqual([exported.code, exported.answer.feeds as unknown], [0, [world.did('sc'), world.did('cq')]]);
    const other = ['--anchor', world.did('sc'), '--anchor-root', root, '--state', join(world.home, 'other.json')];
    const verified = await run('bundle', 'verify', file, ...other);
    assert.deepEqual([verified.code, verified.answer['verified']], [0, true]);
  });

  it('keeps what is held, and says so, when the authority cannot be reached', async () => {
    await run('bundle', 'update', ...anchor(), '--anchor-root', root);
    world.now = new Date('2026-12-05T04:00:00Z');
    const frozen = await run('bundle', 'update', ...anchor());
    assert.deepEqual([frozen.code, frozen.answer['updated']], [1, false]);
    assert.deepEqual(
      (frozen.answer['findings'] as { code: string }[]).map(({ code }) => code),
      ['FEED_NOT_FRESH', 'FEED_NOT_FRESH'],
    );
    assert.equal(frozen.answer.feeds.length, 2);
    const nothing = await run('bundle', 'export', '--anchor', world.did('cq'), '--out', join(world.home, 'x.json'));
    assert.equal((nothing.answer as { error?: { code: string } }).error?.code, 'TRUST_DATA_MISSING');
  });
});
