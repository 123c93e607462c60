import assert from 'node:assert/strict';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { createBitstring, getBit, setBit } from '../../shared/status/bitstring.js';
import { decodeBitstring, encodeBitstring } from '../../shared/status/encode-bitstring.js';
import { pickUnusedIndex } from '../../shared/status/pick-unused-index.js';

const ENTRIES = 131_072;
const encode = (bytes: Uint8Array) => `u${Buffer.from(bytes).toString('base64url')}`;

describe('[BSL §3.3] bitstring', () => {
  it('counts from the left-most bit', () => {
    const bits = createBitstring(ENTRIES);
    setBit(bits, 0, true);
    setBit(bits, 9, true);
    assert.deepEqual([...bits.slice(0, 3)], [0x80, 0x40, 0]);
    setBit(bits, 0, false);
    assert.deepEqual([getBit(bits, 0), getBit(bits, 9), getBit(bits, ENTRIES - 1)], [false, true, false]);
  });

  it('reads back exactly the bits that were set, through any gzip reader', () =>
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: ENTRIES - 1 }), { maxLength: 200 }), (indices) => {
        const bits = createBitstring(ENTRIES);
        for (const index of indices) setBit(bits, index, true);
        const encoded = encodeBitstring(bits);
        assert.equal(encoded, encodeBitstring(bits));
        assert.deepEqual(new Uint8Array(gunzipSync(Buffer.from(encoded.slice(1), 'base64url'))), bits);
        const read = decodeBitstring(encoded, ENTRIES);
        assert.deepEqual(read, bits);
        assert.ok(indices.every((index) => getBit(read, index)));
      }),
      { numRuns: 30 },
    ));

  it('carries incompressible bits and lists of 16,777,216 entries', () => {
    let state = 1;
    const noise = createBitstring(ENTRIES).map(() => (state = (state * 48_271) % 2_147_483_647) & 0xff);
    assert.deepEqual(decodeBitstring(encodeBitstring(noise), ENTRIES), noise);
    const large = createBitstring(16_777_216);
    setBit(large, 16_777_215, true);
    assert.deepEqual(decodeBitstring(encodeBitstring(large), 16_777_216), large);
  });

  for (const entries of [131_071, 131_064, 0, -8, 131_073, NaN])
    it(`makes no list of ${entries} entries`, () =>
      assert.throws(() => createBitstring(entries), { code: 'STATUS_LIST_LENGTH' }));

  for (const index of [ENTRIES, -1, 0.5, NaN])
    it(`has no entry ${index}`, () =>
      assert.throws(() => getBit(createBitstring(ENTRIES), index), { code: 'STATUS_INDEX_OUT_OF_RANGE' }));

  const full = new Uint8Array(gzipSync(new Uint8Array(ENTRIES / 8)));
  const bad: [string, string, string][] = [
    ['a list one byte short', encode(gzipSync(new Uint8Array(ENTRIES / 8 - 1))), 'STATUS_LIST_LENGTH'],
    ['a list one byte long', encode(gzipSync(new Uint8Array(ENTRIES / 8 + 1))), 'STATUS_LIST_LENGTH'],
    ['two gzip members', encode(Uint8Array.from([...full, ...full])), 'STATUS_LIST_LENGTH'],
    ['a truncated list', encode(full.slice(0, -20)), 'STATUS_LIST_ENCODING'],
    [
      'a list behind a file name of 100 KB',
      encode(
        Uint8Array.from([
          ...full.slice(0, 3),
          8,
          ...full.slice(4, 10),
          ...new Uint8Array(100_000).fill(65),
          0,
          ...full.slice(10),
        ]),
      ),
      'STATUS_LIST_LENGTH',
    ],
    ['an empty list', 'u', 'STATUS_LIST_LENGTH'],
    ['no gzip', encode(new Uint8Array(40).fill(7)), 'STATUS_LIST_ENCODING'],
    [
      'a broken deflate stream',
      encode(Uint8Array.from([...full.slice(0, 10), ...new Uint8Array(40).fill(0xff)])),
      'STATUS_LIST_ENCODING',
    ],
    ['no multibase', Buffer.from(full).toString('base64url'), 'STATUS_LIST_ENCODING'],
    ['padding', `${encode(full)}=`, 'STATUS_LIST_ENCODING'],
    ['blanks', `u ${encode(full).slice(1)}`, 'STATUS_LIST_ENCODING'],
  ];
  for (const [name, encoded, code] of bad)
    it(`refuses ${name}`, () => assert.throws(() => decodeBitstring(encoded, ENTRIES), { code }));

  it('stops a bomb after a moment, without its gigabyte', () => {
    const bomb = encode(gzipSync(new Uint8Array(256 * 1024 * 1024), { level: 1 }));
    const before = process.memoryUsage().arrayBuffers;
    const started = performance.now();
    assert.throws(() => decodeBitstring(bomb, 16_777_216), { code: 'STATUS_LIST_LENGTH' });
    assert.ok(performance.now() - started < 500);
    assert.ok(process.memoryUsage().arrayBuffers - before < 64 * 1024 * 1024);
  });
});

describe('pickUnusedIndex', () => {
  const random = (seed: number) => {
    let state = seed;
    return (length: number) => new Uint8Array(length).map(() => (state = (state * 48_271) % 2_147_483_647) & 0xff);
  };

  it('never gives an index twice, until the list is full', () => {
    const taken = new Set<number>();
    const randomBytes = random(42);
    for (let i = 0; i < 1000; i++)
      taken.add(pickUnusedIndex(1000, { isTaken: (index) => taken.has(index), randomBytes }));
    assert.equal(taken.size, 1000);
    assert.throws(() => pickUnusedIndex(1000, { isTaken: (index) => taken.has(index), randomBytes }), {
      code: 'STATUS_LIST_FULL',
    });
  });

  it('gives every entry about the same chance', () => {
    const counts = new Array<number>(8).fill(0);
    const randomBytes = random(7);
    for (let i = 0; i < 8000; i++) {
      const index = pickUnusedIndex(8, { isTaken: () => false, randomBytes });
      counts[index] = (counts[index] ?? 0) + 1;
    }
    assert.ok(
      counts.every((count) => count > 850 && count < 1150),
      counts.join(),
    );
  });

  it('draws again rather than favour low indices', () => {
    const draws = [Uint8Array.of(255, 255, 255, 255), Uint8Array.of(0, 0, 0, 5)];
    assert.equal(pickUnusedIndex(100, { isTaken: () => false, randomBytes: () => draws.shift()! }), 5);
    assert.equal(draws.length, 0);
  });
});
