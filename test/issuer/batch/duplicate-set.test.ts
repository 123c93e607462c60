import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { DuplicateSet } from '../../../issuer/batch/duplicate-set.js';

const key = (n: number): string => createHash('sha256').update(String(n)).digest('hex');

describe('the set of results seen in a file', function () {
  this.timeout(20_000);
  it('tells the first row of every key, among 100,000', () => {
    const set = new DuplicateSet();
    for (let n = 1; n <= 100_000; n++) assert.equal(set.add(key(n), n), undefined);
    for (let n = 1; n <= 100_000; n += 997) {
      assert.equal(set.add(key(n), 7), n);
      assert.equal(set.get(key(n)), n);
    }
    assert.equal(set.get(key(0)), undefined);
  });

  it('forgets all keys when it is cleared, gives their memory back at once, and can be used again', () => {
    const set = new DuplicateSet();
    const digest = Buffer.alloc(12);
    const add = (n: number): number | undefined => {
      for (let word = 0; word < 3; word++) digest.writeUInt32BE(Math.imul(n, 0x9e3779b1 + 2 * word) >>> 0, word * 4);
      return set.addDigest(digest, 0, n);
    };
    for (let n = 1; n <= 1_000_000; n++) assert.equal(add(n), undefined);
    assert.equal(add(500), 500);
    const full = process.memoryUsage.rss();
    set.clear();
    const givenBack = full - process.memoryUsage.rss();
    assert.ok(givenBack > 20_000_000, `${givenBack} bytes of some 25,000,000`);
    assert.equal(add(500), undefined);
    assert.equal(add(500), 500);
    assert.equal(add(501), undefined);
  });

  it('tells keys apart that differ in one of their 70 bits only, given as hex or as bytes', () => {
    const set = new DuplicateSet();
    const zero = Buffer.alloc(32);
    const keys = [zero];
    for (let bit = 0; bit < 96; bit++) {
      if (bit >= 64 && bit < 90) continue;
      const one = Buffer.from(zero);
      one[bit >> 3] = 0x80 >> (bit & 7);
      keys.push(one);
    }
    assert.equal(keys.length, 71);
    for (const [i, one] of keys.entries())
      assert.equal(i % 2 === 0 ? set.add(one.toString('hex'), i + 2) : set.addDigest(one, 0, i + 2), undefined);
    for (const [i, one] of keys.entries()) assert.equal(set.get(one.toString('hex')), i + 2);
  });
});
