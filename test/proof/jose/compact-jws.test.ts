import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ed25519 } from '@noble/curves/ed25519.js';
import { base64urlnopad } from '@scure/base';
import fc from 'fast-check';
import * as jose from 'jose';
import { jwkOfPublicKey, type KeyAlgorithm } from '../../../shared/did/multikey.js';
import type { JsonObject } from '../../../shared/json/parse-json.js';
import { publicJwkThumbprint } from '../../../shared/proof/jose/jwk.js';
import { claimsTimeProblem, readClaims } from '../../../shared/proof/jose/jwt-claims.js';
import { signCompactJws } from '../../../shared/proof/jose/sign-compact-jws.js';
import { signatureKeyOfJwk } from '../../../shared/proof/jose/signature-jwk.js';
import { verifyCompactJws } from '../../../shared/proof/jose/verify-compact-jws.js';
import { joseKey, p521Key } from './signers.js';

interface Vectors {
  signatures: { name: string; jwk: object; jws: string; payload: string }[];
  refused: { name: string; jws: string; code: string }[];
  thumbprints: { name: string; jwk: object; thumbprint: string }[];
  signing: { name: string; secret: string; payload: string; jws: string };
}
const vectors = JSON.parse(readFileSync('test/standards/vectors/jose.json', 'utf8')) as Vectors;
const ALGORITHMS: KeyAlgorithm[] = ['Ed25519', 'P-256', 'P-384'];
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const encoded = (value: unknown) => base64urlnopad.encode(new TextEncoder().encode(JSON.stringify(value)));

describe('[JWS §5] compact JWS', () => {
  for (const { name, jwk, jws, payload } of vectors.signatures) {
    it(`[JWS §A] verifies the published example of ${name}, and not with one byte changed`, async () => {
      const options = { typ: [undefined], keyOf: () => signatureKeyOfJwk(jwk) };
      assert.equal(text((await verifyCompactJws(jws, options)).payload), payload);
      const [header, , signature] = jws.split('.');
      const changed = `${header}.${encoded('other')}.${signature}`;
      await assert.rejects(verifyCompactJws(changed, options), { code: 'JOSE_SIGNATURE_INVALID' });
    });
  }

  for (const { name, jws, code } of vectors.refused) {
    it(`[JWS §A] refuses the published example of ${name}`, async () => {
      const { key } = joseKey('Ed25519');
      await assert.rejects(verifyCompactJws(jws, { typ: ['JWT', undefined], keyOf: () => key }), { code });
    });
  }

  it('[JWS §A] signs the published example of RFC 8037 byte for byte', async () => {
    const secret = base64urlnopad.decode(vectors.signing.secret);
    const signed = await signCompactJws(
      { header: {}, payload: vectors.signing.payload },
      { algorithm: 'Ed25519', sign: ({ data }) => Promise.resolve(ed25519.sign(data, secret)) },
    );
    assert.equal(signed, vectors.signing.jws);
  });

  for (const algorithm of ALGORITHMS) {
    it(`[INTEROP jose] what we sign with ${algorithm} the jose library accepts, and the other way round`, async () => {
      const { signer, key } = joseKey(algorithm);
      const ours = await signCompactJws({ header: { typ: 'x+jwt', kid: signer.id }, payload: { a: '证' } }, signer);
      const alg = { Ed25519: 'EdDSA', 'P-256': 'ES256', 'P-384': 'ES384' }[algorithm];
      const jwk = await jose.importJWK({ ...jwkOfPublicKey(key) }, alg);
      const read = await jose.compactVerify(ours, jwk);
      assert.deepEqual(JSON.parse(text(read.payload)), { a: '证' });

      const pair = await jose.generateKeyPair(alg, { extractable: true });
      const theirs = await new jose.CompactSign(new TextEncoder().encode('hello'))
        .setProtectedHeader({ alg, typ: 'x+jwt' })
        .sign(pair.privateKey);
      const publicJwk = await jose.exportJWK(pair.publicKey);
      const verified = await verifyCompactJws(theirs, { typ: 'x+jwt', keyOf: () => signatureKeyOfJwk(publicJwk) });
      assert.equal(text(verified.payload), 'hello');
    });
  }

  it('verifies P-521 signatures of others (ES512)', async () => {
    const { signer, key } = p521Key();
    const jws = await signCompactJws({ header: {}, payload: 'x' }, signer);
    assert.equal((await verifyCompactJws(jws, { typ: [undefined], keyOf: () => key })).key.algorithm, 'P-521');
  });

  it('[JWS §4.1.1] takes the algorithm from the key: another name in the header is refused', async () => {
    const { signer, key } = joseKey('Ed25519');
    const good = await signCompactJws({ header: {}, payload: 'x' }, signer);
    const [, payload, signature] = good.split('.');
    const codes: Record<string, string> = {
      none: 'JOSE_ALG_UNSUPPORTED',
      None: 'JOSE_ALG_UNSUPPORTED',
      HS256: 'JOSE_ALG_UNSUPPORTED',
      RS256: 'JOSE_ALG_UNSUPPORTED',
      ES256: 'JOSE_ALG_MISMATCH',
      ES384: 'JOSE_ALG_MISMATCH',
    };
    for (const [alg, code] of Object.entries(codes))
      await assert.rejects(
        verifyCompactJws(`${encoded({ alg })}.${payload}.${signature}`, { typ: [undefined], keyOf: () => key }),
        { code },
        alg,
      );
  });

  it('[JWS §4.1.3] refuses crit, b64, brought keys and another typ, whatever the signature', async () => {
    const { signer, key } = joseKey('P-256');
    const sign = async (header: JsonObject) => {
      const input = `${encoded({ alg: 'ES256', ...header })}.${encoded('x')}`;
      const signature = await signer.sign({ data: new TextEncoder().encode(input) });
      return `${input}.${base64urlnopad.encode(signature)}`;
    };
    const cases: [JsonObject, string][] = [
      [{ typ: 'a+jwt', crit: ['exp'] }, 'JOSE_CRIT'],
      [{ typ: 'a+jwt', b64: false }, 'JOSE_B64'],
      [{ typ: 'a+jwt', jwk: { ...jwkOfPublicKey(key) } }, 'JOSE_KEY_EMBEDDED'],
      [{ typ: 'a+jwt', jku: 'https://evil.example/keys' }, 'JOSE_KEY_EMBEDDED'],
      [{ typ: 'a+jwt', x5c: ['AAAA'] }, 'JOSE_KEY_EMBEDDED'],
      [{ typ: 'b+jwt' }, 'JOSE_TYP_MISMATCH'],
      [{}, 'JOSE_TYP_MISMATCH'],
      [{ typ: 7 }, 'JOSE_TYP_MISMATCH'],
    ];
    for (const [header, code] of cases)
      await assert.rejects(verifyCompactJws(await sign(header), { typ: 'a+jwt', keyOf: () => key }), { code });
    for (const typ of ['a+jwt', 'A+JWT', 'application/a+jwt'])
      await verifyCompactJws(await sign({ typ }), { typ: 'a+jwt', keyOf: () => key });
    const withKey = await sign({ typ: 'a+jwt', jwk: { ...jwkOfPublicKey(key) } });
    await verifyCompactJws(withKey, { typ: 'a+jwt', keyHeaders: ['jwk'], keyOf: ({ jwk }) => signatureKeyOfJwk(jwk) });
  });

  it('refuses a header with a member twice, an unknown key, a long text and anything but three parts', async () => {
    const { signer, key } = joseKey('Ed25519');
    const good = await signCompactJws({ header: { typ: 'a+jwt' }, payload: 'x' }, signer);
    const [header, payload, signature] = good.split('.') as [string, string, string];
    const twice = base64urlnopad.encode(new TextEncoder().encode('{"alg":"EdDSA","alg":"EdDSA"}'));
    const options = { typ: 'a+jwt', keyOf: () => key };
    const cases: [string, object, string][] = [
      [`${twice}.${payload}.${signature}`, options, 'JOSE_HEADER'],
      [good, { typ: 'a+jwt', keyOf: () => undefined }, 'JOSE_KEY_UNKNOWN'],
      [good, { ...options, maxLength: 20 }, 'JOSE_TOO_LARGE'],
      [`${good}.x`, options, 'JOSE_FORMAT'],
      [`${header}.${payload}`, options, 'JOSE_FORMAT'],
      [`${header}.${payload}.`, options, 'JOSE_FORMAT'],
      [`${header}=.${payload}.${signature}`, options, 'JOSE_FORMAT'],
      [`${good.slice(0, -1)}B`, options, 'JOSE_FORMAT'],
    ];
    for (const [jws, how, code] of cases)
      await assert.rejects(verifyCompactJws(jws, how as typeof options), { code }, code);
    await assert.rejects(signCompactJws({ header: { alg: 'none' }, payload: 'x' }, signer), { code: 'JOSE_HEADER' });
  });

  it('never takes a changed text for signed', async () => {
    const { signer, key } = joseKey('Ed25519');
    const good = await signCompactJws({ header: { typ: 'a+jwt' }, payload: { a: 1 } }, signer);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.constantFrom(...'ABCabc012-_.'), async (at, letter) => {
        const changed = good.slice(0, at) + letter + good.slice(at + 1);
        if (changed !== good) await assert.rejects(verifyCompactJws(changed, { typ: 'a+jwt', keyOf: () => key }), /./);
      }),
      { numRuns: 60 },
    );
  });
});

describe('[JWK §3] keys', () => {
  for (const { name, jwk, thumbprint } of vectors.thumbprints)
    it(`makes the published thumbprint of ${name}`, () => {
      assert.equal(publicJwkThumbprint(jwk), thumbprint);
    });

  it('[INTEROP jose] makes the thumbprint the jose library makes', async () => {
    for (const algorithm of ALGORITHMS) {
      const jwk = jwkOfPublicKey(joseKey(algorithm).key);
      assert.equal(publicJwkThumbprint(jwk), await jose.calculateJwkThumbprint({ ...jwk }));
    }
  });

  it('takes no private key and no point off its curve for a public key', () => {
    const { x, y } = vectors.signatures[1]?.jwk as { x: string; y: string };
    const base = { kty: 'EC', crv: 'P-521', x, y };
    for (const jwk of [
      { ...base, d: 'AA' },
      { ...base, y: x },
      { ...base, y: undefined },
      null,
      { kty: 'oct', k: 'AA' },
    ])
      assert.throws(() => signatureKeyOfJwk(jwk), { code: 'KEY_FORMAT' });
  });
});

describe('[JWT §4.1] claims', () => {
  const claims = (value: string) => readClaims(new TextEncoder().encode(value));
  const at = { now: '2026-11-22T00:00:00Z' };
  const now = Date.parse(at.now) / 1000;

  it('reads one object without members twice, with times that are numbers', () => {
    assert.deepEqual(claims('{"iat":1.5,"a":"证"}'), { iat: 1.5, a: '证' });
    assert.throws(() => claims('{"a":1,"a":2}'), { code: 'JSON_DUPLICATE_KEY' });
    assert.throws(() => claims('[]'), { code: 'JSON_NOT_OBJECT' });
    for (const bad of ['{"exp":"1"}', '{"nbf":-1}', '{"iat":1e15}'])
      assert.throws(() => claims(bad), { code: 'JOSE_CLAIM' });
  });

  it('judges iat and nbf with tolerance and exp without', () => {
    assert.equal(claimsTimeProblem({ iat: now + 299, nbf: now + 299, exp: now + 1 }, at), undefined);
    assert.equal(claimsTimeProblem({ nbf: now + 301 }, at), 'JOSE_NOT_YET_VALID');
    assert.equal(claimsTimeProblem({ exp: now }, at), 'JOSE_EXPIRED');
    assert.equal(claimsTimeProblem({ iat: now - 1000 }, { ...at, maxAgeSeconds: 600 }), 'JOSE_TOO_OLD');
    assert.equal(claimsTimeProblem({}, { ...at, maxAgeSeconds: 600 }), 'JOSE_TOO_OLD');
  });
});
