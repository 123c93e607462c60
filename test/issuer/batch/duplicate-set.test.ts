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

  it('tells keys apart that differ in one of their 96 bits only', () => {
    const set = new DuplicateSet();
    const zero = '0'.repeat(64);
    const one = `${'0'.repeat(23)}1${'0'.repeat(40)}`;
    assert.equal(set.add(zero, 2), undefined);
    assert.equal(set.add(one, 3), undefined);
    assert.deepEqual([set.get(zero), set.get(one)], [2, 3]);
  });
});
