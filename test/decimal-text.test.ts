import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { decimalText } from '../shared/decimal-text.js';

describe('the text of an integer', () => {
  it('is what String makes of it, around every thousand and at random', () => {
    const around = [0, 1, 9, 10, 99, 100, 999, 1000, 1001, 9_999, 10_000, 100_000, 131_071, 999_999, 1e6, 1e9 - 1, 1e9];
    const large = [2 ** 31, 2 ** 32 - 1, 1e12 + 7, 1e15, Number.MAX_SAFE_INTEGER];
    const random = Array.from({ length: 100_000 }, (_, i) => randomInt(10 ** (1 + (i % 14))));
    for (const value of [...around, ...large, ...random]) assert.equal(decimalText(value), String(value));
  });

  it('is that of String also for what is no such integer', () => {
    for (const value of [-0, -1, -1234, 0.5, 1234.5, 1e21, 2 ** 53, NaN, Infinity, -Infinity])
      assert.equal(decimalText(value), String(value));
  });
});
