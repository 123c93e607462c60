import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as auth0 from '@auth0/cose';
import { encode, Tagged } from 'cborg';
import fc from 'fast-check';
import { jwkOfPublicKey, type KeyAlgorithm } from '../../../shared/did/multikey.js';
import { readCoseSign1 } from '../../../shared/proof/cose/cose-sign1.js';
import { sigStructure, signCoseSign1 } from '../../../shared/proof/cose/sign-cose-sign1.js';
import { verifyCoseSign1 } from '../../../shared/proof/cose/verify-cose-sign1.js';
import { signatureKeyOfJwk } from '../../../shared/proof/jose/signature-jwk.js';
import { joseKey } from '../jose/signers.js';

interface Vectors {
  signatures: { name: string; jwk: object; cbor: string }[];
  refused: { name: string; cbor: string; code: string }[];
}
const vectors = JSON.parse(readFileSync('test/standards/vectors/cose.json', 'utf8')) as Vectors;
type Header = Map<number, unknown>;
const NONE: Header = new Map();
const header = (entries: [number, unknown][]): Header => new Map(entries);
const TYPES = { typ: 'application/vc+cose', contentType: 'application/vc' };
const PAYLOAD = new TextEncoder().encode('{"a":"证"}');
const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function handMade(protectedHeader: Header, unprotected = NONE) {
  const { signer } = joseKey('P-256');
  const bytes = protectedHeader.size === 0 ? new Uint8Array() : encode(protectedHeader);
  const signature = await signer.sign({ data: sigStructure(bytes, PAYLOAD) });
  return encode(new Tagged(18, [bytes, unprotected, PAYLOAD, signature]));
}

describe('[COSE §4.2] COSE_Sign1', () => {
  const { key } = joseKey('P-256');
  const options = { ...TYPES, keyOf: () => key };

  for (const { name, jwk, cbor } of vectors.signatures)
    it(`[COSE §C.2] verifies the published example ${name}, and not with a byte changed`, async () => {
      const check = { ...TYPES, keyOf: () => signatureKeyOfJwk(jwk) };
      const { payload, kid } = await verifyCoseSign1(bytesOf(cbor), check);
      assert.equal(text(payload), 'This is the content.');
      assert.ok(kid);
      const changed = bytesOf(cbor.replace(/636f6e74656e74/i, '434f4e54454e54'));
      await assert.rejects(verifyCoseSign1(changed, check), { code: 'COSE_SIGNATURE_INVALID' });
    });

  for (const { name, cbor, code } of vectors.refused)
    it(`[COSE §3.1] refuses the published example ${name}`, () => {
      assert.throws(() => readCoseSign1(bytesOf(cbor)), { code });
    });

  for (const algorithm of ['Ed25519', 'P-256', 'P-384'] satisfies KeyAlgorithm[])
    it(`signs and verifies with ${algorithm}, all headers protected`, async () => {
      const { signer, key: own } = joseKey(algorithm);
      const signed = await signCoseSign1({ header: { ...TYPES, kid: signer.id }, payload: PAYLOAD }, signer);
      const message = await verifyCoseSign1(signed, {
        ...TYPES,
        keyOf: ({ kid }) => (kid === signer.id ? own : undefined),
      });
      assert.equal(message.typ, 'application/vc+cose');
      assert.equal(message.contentType, 'application/vc');
      await assert.rejects(verifyCoseSign1(signed, { ...options, typ: 'application/vp+cose' }), {
        code: 'COSE_TYP_MISMATCH',
      });
      await assert.rejects(verifyCoseSign1(signed, { ...TYPES, keyOf: () => undefined }), { code: 'COSE_KEY_UNKNOWN' });
    });

  for (const algorithm of ['P-256', 'P-384'] satisfies KeyAlgorithm[])
    it(`[INTEROP @auth0/cose] what we sign with ${algorithm} that library verifies, and the other way round`, async () => {
      const { signer, key: own } = joseKey(algorithm);
      const alg = algorithm === 'P-256' ? 'ES256' : 'ES384';
      const crypto = globalThis.crypto.subtle;
      const params = { name: 'ECDSA', namedCurve: algorithm };
      const ours = await signCoseSign1({ header: { ...TYPES, kid: signer.id }, payload: PAYLOAD }, signer);
      const publicKey = await crypto.importKey('jwk', { ...jwkOfPublicKey(own) }, params, true, ['verify']);
      await auth0.decode(ours, auth0.Sign1).verify(publicKey);

      const pair = await crypto.generateKey(params, true, ['sign', 'verify']);
      const theirs = await auth0.Sign1.sign(
        new auth0.ProtectedHeaders([[auth0.Headers.Algorithm, auth0.Algorithms[alg]]]),
        new auth0.UnprotectedHeaders([[auth0.Headers.KeyID, new TextEncoder().encode('k')]]),
        PAYLOAD,
        pair.privateKey,
      );
      const jwk = await crypto.exportKey('jwk', pair.publicKey);
      const { kty, crv, x, y } = jwk;
      const read = await verifyCoseSign1(theirs.encode(), {
        ...TYPES,
        keyOf: () => signatureKeyOfJwk({ kty, crv, x, y }),
      });
      assert.equal(text(read.payload), '{"a":"证"}');
      assert.equal(read.kid, 'k');
    });

  it('[COSE §3] refuses unprotected or foreign algorithms, crit, labels twice and wrong types', async () => {
    const cases: [Header, Header, string][] = [
      [NONE, NONE, 'COSE_ALG_UNSUPPORTED'],
      [new Map([[1, -257]]), NONE, 'COSE_ALG_UNSUPPORTED'],
      [new Map([[1, 5]]), NONE, 'COSE_ALG_UNSUPPORTED'],
      [new Map([[1, -8]]), NONE, 'COSE_ALG_MISMATCH'],
      [NONE, new Map([[1, -7]]), 'COSE_HEADER'],
      [header([[1, -7], [2, [1]]]), NONE, 'COSE_CRIT'], // prettier-ignore
      [header([[1, -7], [16, 'very/bad']]), NONE, 'COSE_TYP_MISMATCH'], // prettier-ignore
      [header([[1, -7], [3, 'very/bad']]), NONE, 'COSE_TYP_MISMATCH'], // prettier-ignore
      [header([[1, -7], [16, 4]]), NONE, 'COSE_HEADER'], // prettier-ignore
      [header([[1, -7], [4, 'text']]), NONE, 'COSE_HEADER'], // prettier-ignore
      [header([[1, -7], [4, PAYLOAD]]), new Map([[4, PAYLOAD]]), 'COSE_HEADER'], // prettier-ignore
    ];
    for (const [protectedHeader, unprotected, code] of cases)
      await assert.rejects(verifyCoseSign1(await handMade(protectedHeader, unprotected), options), { code }, code);
    await verifyCoseSign1(await handMade(new Map([[1, -9]])), options);
  });

  it('refuses detached payloads, other messages, text, rests and too many bytes', async () => {
    const signed = await handMade(new Map([[1, -7]]));
    const cases: [Uint8Array, string][] = [
      [encode(new Tagged(18, [encode(new Map([[1, -7]])), NONE, null, PAYLOAD])), 'COSE_FORMAT'],
      [encode(new Tagged(98, [PAYLOAD, NONE, PAYLOAD, PAYLOAD])), 'COSE_FORMAT'],
      [encode([1, 2, 3]), 'COSE_FORMAT'],
      [Uint8Array.of(...signed, 0), 'COSE_FORMAT'],
      [signed.subarray(0, -1), 'COSE_FORMAT'],
      [new Uint8Array(), 'COSE_FORMAT'],
      [new Uint8Array(97 * 1024), 'COSE_TOO_LARGE'],
      [bytesOf('d28443a1012640'), 'COSE_FORMAT'],
      [encode([Uint8Array.of(0xa2, 1, 0x26, 1, 0x26), NONE, PAYLOAD, PAYLOAD]), 'COSE_FORMAT'],
    ];
    for (const [bytes, code] of cases) assert.throws(() => readCoseSign1(bytes), { code }, code);
  });

  it('never takes a changed message for signed', async () => {
    const { signer } = joseKey('P-256');
    const signed = await signCoseSign1({ header: { ...TYPES, kid: signer.id }, payload: PAYLOAD }, signer);
    await fc.assert(
      fc.asyncProperty(fc.nat(signed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Uint8Array.from(signed);
        changed[at] = (changed[at] ?? 0) ^ flip;
        await assert.rejects(verifyCoseSign1(changed, options), /./);
      }),
      { numRuns: 40 },
    );
  });
});
