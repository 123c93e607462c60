import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { HmacKey } from '../../keys/hmac-key.js';

describe('HMACs of packed texts', () => {
  it('are those of node:crypto, for keys of any length and texts of any', () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    const long = fc.uint8Array({ minLength: 900, maxLength: 3000, size: 'max' });
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.array(fc.oneof(bytes, bytes, long), { maxLength: 12 }),
        (secret, texts) => {
          const ends: number[] = [];
          for (const { length } of texts) ends.push((ends.at(-1) ?? 0) + length);
          const key = new HmacKey(secret);
          const packed = { bytes: Buffer.concat([...texts, Buffer.from('not looked at')]), ends };
          const expected = Buffer.concat(texts.map((text) => createHmac('sha256', secret).update(text).digest()));
          assert.deepEqual(key.digests(packed), expected);
          assert.deepEqual(key.digests(packed), expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are no longer those of the key once it is cleared', () => {
    const key = new HmacKey(Buffer.alloc(32, 7));
    const texts = { bytes: Buffer.from('text'), ends: [4] };
    const before = key.digests(texts);
    key.clear();
    assert.notDeepEqual(key.digests(texts), before);
  });

  it('takes no key that would have to be hashed first', () => {
    assert.throws(() => new HmacKey(new Uint8Array(65)), RangeError);
  });
});
