import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instant } from '../../shared/trust/time.js';

describe('instants', () => {
  const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
  const text = fc
    .tuple(
      fc.integer({ min: 0, max: 9999 }).map((n) => String(n).padStart(4, '0')),
      two(14),
      two(33),
      two(25),
      two(61),
      two(61),
      fc.oneof(
        fc.constantFrom('Z', '+08:00', '-00:00', '', '.5Z', '+0800', 'z'),
        fc.tuple(two(25), two(61)).map(([h, m]) => `-${h}:${m}`),
      ),
    )
    .map(([y, mo, d, h, mi, s, zone]) => `${y}-${mo}-${d}T${h}:${mi}:${s}${zone}`);

  it('are read exactly as Date.parse reads them, however many were read before', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ maxLength: 26 })), (candidate) => {
        const expected = Date.parse(candidate);
        if (Number.isNaN(expected)) assert.throws(() => instant(candidate), RangeError);
        else assert.equal(instant(candidate), expected);
      }),
      { numRuns: 12_000 },
    );
  });
});
