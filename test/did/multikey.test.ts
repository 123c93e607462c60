import assert from 'node:assert/strict';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { base58 } from '@scure/base';
import { decodeMultikey, encodeMultikey } from '../../shared/did/multikey.js';

describe('Multikey', () => {
  it('writes and reads Ed25519 (z6Mk…) and P-256 (zDn…)', () => {
    const secret = new Uint8Array(32).fill(3);
    for (const [algorithm, bytes, start] of [
      ['Ed25519', ed25519.getPublicKey(secret), 'z6Mk'],
      ['P-256', p256.getPublicKey(secret), 'zDn'],
    ] as const) {
      const text = encodeMultikey({ algorithm, bytes });
      assert.ok(text.startsWith(start));
      assert.deepEqual(decodeMultikey(text), { algorithm, bytes });
    }
  });

  const multibase = (...bytes: number[]) => `z${base58.encode(Uint8Array.from(bytes))}`;
  const bad: [string, string][] = [
    ['an unknown key type', multibase(0xe7, 0x01, ...new Array<number>(33).fill(2))],
    ['a short key', multibase(0xed, 0x01, ...new Array<number>(31).fill(2))],
    ['a point off the curve', multibase(0x80, 0x24, 2, ...new Array<number>(32).fill(0xff))],
    ['a non-canonical Ed25519 point', multibase(0xed, 0x01, ...new Array<number>(32).fill(0xff))],
    ['another base', 'uAbc'],
    ['a forbidden character', `z6Mk0${'a'.repeat(43)}`],
    ['nothing', ''],
  ];
  for (const [name, text] of bad)
    it(`refuses ${name}`, () => assert.throws(() => decodeMultikey(text), { code: 'KEY_FORMAT' }));
});
