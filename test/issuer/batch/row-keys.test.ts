import assert from 'node:assert/strict';
import { letGo } from '../../../issuer/batch/let-go.js';
import { RowKeys } from '../../../issuer/batch/row-keys.js';

const SEPARATOR = '\u001f';

function taken(keys: readonly string[]): RowKeys | undefined {
  return RowKeys.inPlace(Buffer.from(keys.join(SEPARATOR)), { count: keys.length, separator: 0x1f });
}

/** As the database gets them. */
function stored(keys: RowKeys, places: readonly number[]): (string | null)[] {
  const column = keys.column(places);
  if (Array.isArray(column)) return column as (string | null)[];
  const { packed } = column as { packed: { bytes: Uint8Array; width: number }[] };
  return packed.flatMap(({ bytes, width }) =>
    Array.from({ length: bytes.length / width }, (_, i) =>
      Buffer.from(bytes).toString('utf8', i * width, (i + 1) * width),
    ),
  );
}

describe('keys of the rows of a chunk', () => {
  for (const [what, keys] of Object.entries({
    digests: Array.from({ length: 300 }, (_, i) => i.toString(16).padStart(64, 'a')),
    'a single one': ['ab'.repeat(32)],
    'one character each': ['a', 'b', 'c', 'd'],
    'texts of one length in UTF-8': ['张伟', '李娜', 'abcdef', '😀 x'],
  }))
    it(`are the same by place and when they are stored: ${what}`, () => {
      const places = keys.map((_, i) => i);
      for (const packed of [taken(keys), RowKeys.of(keys)]) {
        assert.ok(packed);
        assert.deepEqual(
          places.map((place) => packed.at(place)),
          keys,
        );
        assert.deepEqual(stored(packed, places), keys);
        const some = places.filter((place) => place % 3 !== 1);
        assert.deepEqual(
          stored(packed, some),
          keys.filter((_, i) => i % 3 !== 1),
        );
        assert.equal(packed.at(keys.length), null);
      }
    });

  it('are never taken apart elsewhere than between two of them', () => {
    const pieces = ['', 'a', 'aa', 'aaa', 'a\u001fa', '\u001f', 'a\u001f', '\u001fa', '张'];
    let refused = 0;
    for (const a of pieces)
      for (const b of pieces)
        for (const c of pieces) {
          const keys = [a, b, c];
          const found = taken(keys);
          if (!found) refused++;
          else assert.deepEqual([found.at(0), found.at(1), found.at(2)], keys);
        }
    // Three times `a`, three times `aa`, and any three of `aaa` and 张.
    assert.equal(refused, pieces.length ** 3 - 10);
  });

  it('say where there is none', () => {
    const keys = RowKeys.of(['a', null, 'b']);
    assert.deepEqual([keys.at(0), keys.at(1), keys.at(3)], ['a', null, null]);
    assert.deepEqual(stored(keys, [0, 1, 2]), ['a', null, 'b']);
  });

  it('give back their own memory, and never memory that others have a part in', () => {
    const keys = Array.from({ length: 300 }, (_, i) => String(i).padStart(64, 'a'));
    const joined = new Uint8Array(Buffer.from(keys.join(SEPARATOR)));
    RowKeys.inPlace(joined, { count: keys.length, separator: 0x1f })?.letGo();
    assert.equal(joined.length, 0);
    const large = new Uint8Array(100_000).fill(1);
    const [part, pooled] = [large.subarray(0, 50_000), Buffer.from('short')];
    const shared = new Uint8Array(new SharedArrayBuffer(50_000));
    for (const bytes of [part, pooled, shared]) letGo(bytes);
    assert.deepEqual([part.length, large[99_999], pooled.toString(), shared.length], [50_000, 1, 'short', 50_000]);
  });
});
