import assert from 'node:assert/strict';
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { HmacThread } from '../../keys/hmac-thread.js';
import type { PackedTexts } from '../../keys/custody.js';

const SECRET = randomBytes(32);
const KEY = createSecretKey(SECRET);

/** Texts of all lengths around those of SHA-256's blocks, in memory that threads may share. */
function texts(count: number): PackedTexts & { all: Buffer[] } {
  const all = Array.from({ length: count }, (_, i) => randomBytes((i * 7) % 200));
  const bytes = new Uint8Array(new SharedArrayBuffer(all.reduce((sum, { length }) => sum + length, 9)));
  let end = 0;
  const ends = all.map((text) => {
    bytes.set(text, end);
    return (end += text.length);
  });
  return { all, bytes, ends };
}

function expected({ all }: { all: readonly Buffer[] }): Buffer {
  return Buffer.concat(all.map((text) => createHmac('sha256', SECRET).update(text).digest()));
}

/** Asks for long lists until they are made in the thread. */
async function started(thread: HmacThread): Promise<void> {
  while (!thread.isReady) {
    const some = texts(500);
    assert.deepEqual(Buffer.from(await thread.digests(KEY, some)), expected(some));
    await pause(1);
  }
}

describe('HMACs of long lists', function () {
  this.timeout(60_000);
  before(function () {
    if (availableParallelism() < 2) this.skip();
  });

  it('are those of the texts, wherever they are made, and each list gets its own', async () => {
    const thread = new HmacThread();
    for (let i = 0; i < 10; i++) await thread.digests(KEY, texts(20));
    assert.ok(!thread.isReady);
    await started(thread);
    const lists = [500, 2000, 501, 3, 1500].map(texts);
    const made = await Promise.all(lists.map((list) => thread.digests(KEY, list)));
    for (const [i, list] of lists.entries()) assert.deepEqual(Buffer.from(made[i] ?? []), expected(list));
    assert.ok(thread.isReady);
  });

  it('need no thread any more when none come, and get one again', async () => {
    const thread = new HmacThread();
    for (let i = 0; i < 2; i++) {
      await started(thread);
      while (thread.isReady) await pause(20);
    }
  });

  it('are made where they are asked for when the thread is lost', async () => {
    const thread = new HmacThread();
    await started(thread);
    const good = texts(1000);
    const bad = { bytes: good.bytes, ends: Array.from(good.ends, () => 2 ** 45) };
    const [refused, made] = await Promise.allSettled([thread.digests(KEY, bad), thread.digests(KEY, good)]);
    assert.equal(refused.status, 'rejected');
    assert.deepEqual(Buffer.from(made.status === 'fulfilled' ? made.value : []), expected(good));
    assert.ok(!thread.isReady);
    for (let i = 0; i < 10; i++) assert.deepEqual(Buffer.from(await thread.digests(KEY, good)), expected(good));
    assert.ok(!thread.isReady);
  });
});
