import assert from 'node:assert/strict';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384 } from '@noble/curves/nist.js';
import { base58 } from '@scure/base';
import { decodeMultikey, encodeMultikey, jwkOfPublicKey, publicKeyOfJwk } from '../../shared/did/multikey.js';

describe('[CID §2.2.2] Multikey', () => {
  it('writes and reads Ed25519 (z6Mk…), P-256 (zDn…) and P-384 (z82…), as Multikey and as JWK', () => {
    const secret = new Uint8Array(32).fill(3);
    for (const [algorithm, bytes, start] of [
      ['Ed25519', ed25519.getPublicKey(secret), 'z6Mk'],
      ['P-256', p256.getPublicKey(secret), 'zDn'],
      ['P-384', p384.getPublicKey(new Uint8Array(48).fill(3)), 'z82'],
    ] as const) {
      const text = encodeMultikey({ algorithm, bytes });
      assert.ok(text.startsWith(start));
      assert.deepEqual(decodeMultikey(text), { algorithm, bytes });
      assert.deepEqual(publicKeyOfJwk(jwkOfPublicKey({ algorithm, bytes })), { algorithm, bytes });
    }
  });

  const multibase = (...bytes: number[]) => `z${base58.encode(Uint8Array.from(bytes))}`;
  const bad: [string, string][] = [
    ['an unknown key type', multibase(0xe7, 0x01, ...new Array<number>(33).fill(2))],
    ['a short key', multibase(0xed, 0x01, ...new Array<number>(31).fill(2))],
    ['a point off the curve', multibase(0x80, 0x24, 2, ...new Array<number>(32).fill(0xff))],
    ['a P-384 point off the curve', multibase(0x81, 0x24, 2, ...new Array<number>(48).fill(0xff))],
    ['a P-256 key that says P-384', multibase(0x81, 0x24, ...p256.getPublicKey(new Uint8Array(32).fill(3)))],
    ['a non-canonical Ed25519 point', multibase(0xed, 0x01, ...new Array<number>(32).fill(0xff))],
    ['another base', 'uAbc'],
    ['a forbidden character', `z6Mk0${'a'.repeat(43)}`],
    ['nothing', ''],
  ];
  for (const [name, text] of bad)
    it(`refuses ${name}`, () => assert.throws(() => decodeMultikey(text), { code: 'KEY_FORMAT' }));
});
