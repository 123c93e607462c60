import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { hex } from '@scure/base';
import fc from 'fast-check';
import { NODE_CRYPTO } from '../../server/node-feed-crypto.js';
import { PURE_CRYPTO } from '../../shared/trust/feed-crypto.js';

const CORPUS = '../shared/corpus/01-wycheproof-ed25519.json';
/** The eight points of small order, canonical and not (RFC 8032 §5.1.3; "Taming the many EdDSAs", table 1). */
const SMALL_ORDER = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '0000000000000000000000000000000000000000000000000000000000000000',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map((text) => hex.decode(text));
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const spki = (key: Uint8Array) =>
  createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]),
    format: 'der',
    type: 'spki',
  });

function both(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  const answer = NODE_CRYPTO.checkEd25519(signature, message, publicKey);
  assert.equal(answer, PURE_CRYPTO.checkEd25519(signature, message, publicKey), hex.encode(publicKey));
  return answer;
}

function littleEndian(value: bigint): Uint8Array {
  return hex.decode(value.toString(16).padStart(64, '0')).reverse();
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${hex.encode(bytes.toReversed())}`);
}

describe('primitives of Node for trust data', () => {
  it('answer every Wycheproof vector as the pure ones do, and as expected', function () {
    if (!existsSync(CORPUS)) return this.skip();
    const { cases } = JSON.parse(readFileSync(CORPUS, 'utf8')) as {
      cases: { name: string; input: { publicKeyHex: string; msgHex: string; sigHex: string }; expected: string }[];
    };
    assert.ok(cases.length > 100);
    for (const { name, input, expected } of cases) {
      const answer = both(hex.decode(input.sigHex), hex.decode(input.msgHex), hex.decode(input.publicKeyHex));
      assert.equal(answer, expected === 'accept', name);
    }
  });

  it('refuse every key of small order, although OpenSSL alone accepts a forgery under one', () => {
    let bare = 0;
    for (const key of SMALL_ORDER)
      for (const r of SMALL_ORDER)
        for (let i = 0; i < 4; i++) {
          const message = Uint8Array.of(i);
          const forged = Uint8Array.from([...r, ...new Uint8Array(32)]);
          assert.equal(both(forged, message, key), false);
          if (verify(null, message, spki(key), forged)) bare++;
        }
    assert.ok(bare > 0, 'the guard guards against something');
  });

  it('accept what only the cofactored equation accepts, as the pure check does', () => {
    const torsion = ed25519.Point.fromBytes(SMALL_ORDER[4] ?? new Uint8Array(), true);
    const message = new TextEncoder().encode('torsion');
    const a = 123456789n;
    const publicKey = ed25519.Point.BASE.multiply(a).toBytes();
    const nonce = 987654321n;
    const r = ed25519.Point.BASE.multiply(nonce).add(torsion).toBytes();
    const k = ed25519.Point.Fn.create(fromLittleEndian(sha512(Uint8Array.from([...r, ...publicKey, ...message]))));
    const s = (nonce + k * a) % ORDER;
    const signature = Uint8Array.from([...r, ...littleEndian(s)]);
    assert.equal(verify(null, message, spki(publicKey), signature), false);
    assert.equal(both(signature, message, publicKey), true);
  });

  it('refuse S + L, a changed message, key or signature, and any other length', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const { x = '' } = publicKey.export({ format: 'jwk' });
    const key = new Uint8Array(Buffer.from(x, 'base64url'));
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.nat(63),
        fc.integer({ min: 1, max: 255 }),
        (message, at, flip) => {
          const signature = new Uint8Array(sign(null, message, privateKey));
          assert.equal(both(signature, message, key), true);
          const malleable = Uint8Array.from([
            ...signature.subarray(0, 32),
            ...littleEndian(fromLittleEndian(signature.subarray(32)) + ORDER),
          ]);
          assert.equal(both(malleable, message, key), false);
          const changed = signature.with(at, (signature[at] ?? 0) ^ flip);
          assert.equal(both(changed, message, key), false);
          assert.equal(both(signature, Uint8Array.from([...message, 0]), key), false);
          assert.equal(both(signature, message, key.with(at % 32, (key[at % 32] ?? 0) ^ flip)), false);
          assert.equal(both(signature.subarray(0, at), message, key), false);
          assert.equal(both(signature, message, key.subarray(0, at % 32)), false);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('hash as the pure ones do', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
        assert.deepEqual(new Uint8Array(NODE_CRYPTO.sha256(data)), PURE_CRYPTO.sha256(data));
      }),
    );
  });
});
