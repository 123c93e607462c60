import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SDJwtInstance } from '@sd-jwt/core';
import { digest, generateSalt } from '@sd-jwt/crypto-nodejs';
import fc from 'fast-check';
import type { JsonObject } from '../../../shared/json/parse-json.js';
import { signatureKeyOfJwk } from '../../../shared/proof/jose/signature-jwk.js';
import { verifyCompactJws } from '../../../shared/proof/jose/verify-compact-jws.js';
import { issueSdJwt } from '../../../shared/proof/sd-jwt/issue-sd-jwt.js';
import { openSdJwt, sdDigest, type ClaimPath } from '../../../shared/proof/sd-jwt/open-sd-jwt.js';
import { joseKey } from './signers.js';

const CLAIMS: JsonObject = {
  iss: 'https://issuer.example',
  name: '张伟',
  address: { street: '1', city: '珠海', code: { part: 7 } },
  nationalities: ['CN', 'MO', { of: 'x' }],
};
const PATHS: ClaimPath[] = [
  ['name'],
  ['address'],
  ['address', 'street'],
  ['address', 'code', 'part'],
  ['nationalities', 0],
  ['nationalities', 2, 'of'],
];
const random = (length: number) => randomBytes(length);

const opened = (payload: JsonObject, disclosures: readonly string[]) =>
  openSdJwt(`${encoded({ alg: 'ES256' })}.${encoded(payload)}.AA~${disclosures.map((text) => `${text}~`).join('')}`);
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const disclosureOf = (...parts: unknown[]) => ({ text: encoded(parts), digest: sdDigest(encoded(parts)) });

describe('[SD-JWT §4.2] claims a holder may leave out', () => {
  const { signer } = joseKey('P-256');
  const issue = (claims: JsonObject, disclosable: ClaimPath[]) =>
    issueSdJwt({ claims, disclosable, header: { typ: 'x' } }, { signer, randomBytes: random });

  it('come back with their disclosures, also inside one another and in arrays, and stay away without', async () => {
    const text = await issue(CLAIMS, PATHS);
    assert.deepEqual(openSdJwt(text).claims, CLAIMS);
    const [jwt = ''] = text.split('~');
    assert.deepEqual(openSdJwt(`${jwt}~`).claims, { iss: 'https://issuer.example', nationalities: ['MO', {}] });
    assert.doesNotMatch(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString(), /张伟|珠海|"CN"|street|"part"/);
  });

  it('[SD-JWT §9.3] have salts of 128 bits, each once', async () => {
    const names = [...'abcdefgh'];
    const text = await issue(Object.fromEntries(names.map((name) => [name, 1])), names.map((name) => [name])); // prettier-ignore
    const salts = text.split('~').slice(1, -1).map((one) => (JSON.parse(Buffer.from(one, 'base64url').toString()) as string[])[0] ?? ''); // prettier-ignore
    assert.equal(new Set(salts).size, 8);
    assert.ok(salts.every((salt) => Buffer.from(salt, 'base64url').length === 16));
  });

  it('any choice of disclosures shows exactly the chosen claims', async () => {
    const claims = { a: 1, b: '二', c: [3], d: { x: 4 }, e: null };
    const names = Object.keys(claims);
    const [jwt = '', ...disclosures] = (await issue(claims, names.map((name) => [name]))).split('~').slice(0, -1); // prettier-ignore
    const nameOf = (text: string) => (JSON.parse(Buffer.from(text, 'base64url').toString()) as string[])[1] ?? '';
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...names)), (chosen) => {
        const shown = disclosures.filter((text) => chosen.includes(nameOf(text)));
        const expected = Object.fromEntries(Object.entries(claims).filter(([name]) => chosen.includes(name)));
        assert.deepEqual(openSdJwt([jwt, ...shown, ''].join('~')).claims, expected);
      }),
      { numRuns: 40 },
    );
  });
});

describe('[SD-JWT §7.1] reading an SD-JWT', () => {
  it('refuses what the section says must be refused', () => {
    const name = disclosureOf('salt', 'name', '张伟');
    const admin = disclosureOf('salt', 'admin', true);
    const element = disclosureOf('salt', 1);
    const iss = disclosureOf('salt', 'iss', 'https://evil.example');
    const reserved = disclosureOf('salt', '_sd', []);
    const long = disclosureOf('salt', 'a', 1, 2);
    const noSalt = disclosureOf(1, 'a', 1);
    const signed = { iss: 'x', _sd: [name.digest] };
    const cases: [JsonObject, string[], string][] = [
      [signed, [name.text, admin.text], 'SD_JWT_UNREFERENCED'],
      [signed, [name.text, name.text], 'SD_JWT_DUPLICATE'],
      [{ _sd: [admin.digest, admin.digest] }, [], 'SD_JWT_DUPLICATE'],
      [{ _sd: [admin.digest], a: { _sd: [admin.digest] } }, [admin.text], 'SD_JWT_DUPLICATE'],
      [{ iss: 'x', _sd: [iss.digest] }, [iss.text], 'SD_JWT_DISCLOSURE'],
      [{ _sd: [element.digest] }, [element.text], 'SD_JWT_DISCLOSURE'],
      [{ a: [{ '...': admin.digest }] }, [admin.text], 'SD_JWT_DISCLOSURE'],
      [{ a: [{ '...': admin.digest, b: 1 }] }, [], 'SD_JWT_DISCLOSURE'],
      [{ _sd: [reserved.digest] }, [reserved.text], 'SD_JWT_DISCLOSURE'],
      [{ _sd: [long.digest] }, [long.text], 'SD_JWT_DISCLOSURE'],
      [{ _sd: [noSalt.digest] }, [noSalt.text], 'SD_JWT_DISCLOSURE'],
      [{ _sd: 'x' }, [], 'SD_JWT_DISCLOSURE'],
      [{ _sd: [1] }, [], 'SD_JWT_DISCLOSURE'],
      [signed, ['!'], 'SD_JWT_DISCLOSURE'],
      [{ ...signed, _sd_alg: 'sha-512' }, [name.text], 'SD_JWT_HASH_ALG'],
    ];
    for (const [payload, shown, code] of cases) assert.throws(() => opened(payload, shown), { code });
    assert.deepEqual(opened(signed, [name.text]).claims, { iss: 'x', name: '张伟' });
  });
});

interface Example {
  name: string;
  issuance: string;
  verified: JsonObject;
}
const published = JSON.parse(readFileSync('test/standards/vectors/sd-jwt.json', 'utf8')) as {
  issuerJwk: object;
  holderJwk: object;
  disclosures: { text: string; digest: string }[];
  examples: Example[];
  presentation: { text: string; keyBinding: string };
};

describe('[SD-JWT §5] published examples of RFC 9901', () => {
  for (const { text, digest: expected } of published.disclosures)
    it(`[SD-JWT §4.2.3] makes the published digest ${expected.slice(0, 8)}…`, () => {
      assert.equal(sdDigest(text), expected);
    });

  for (const { name, issuance, verified } of published.examples)
    it(`verifies ${name} and shows the published claims`, async () => {
      const { jwt, claims } = openSdJwt(issuance);
      await verifyCompactJws(jwt, { typ: 'example+sd-jwt', keyOf: () => signatureKeyOfJwk(published.issuerJwk) });
      assert.deepEqual(claims, verified);
    });

  it('[SD-JWT §4.3] finds the published key binding over exactly what is presented', async () => {
    const { text, keyBinding } = published.presentation;
    const { presented, keyBindingJwt, claims } = openSdJwt(`${text}${keyBinding}`);
    assert.equal(keyBindingJwt, keyBinding);
    assert.deepEqual(claims['nationalities'], ['US']);
    const holder = () => signatureKeyOfJwk(published.holderJwk);
    const { payload } = await verifyCompactJws(keyBinding, { typ: 'kb+jwt', keyOf: holder });
    assert.equal((JSON.parse(Buffer.from(payload).toString()) as JsonObject)['sd_hash'], sdDigest(presented));
  });
});

describe('[INTEROP @sd-jwt/core] selective disclosure', () => {
  const { signer, key } = joseKey('P-256');
  const library = new SDJwtInstance({
    hasher: digest,
    saltGenerator: generateSalt,
    hashAlg: 'sha-256',
    signAlg: 'ES256',
    signer: async (text: string) =>
      Buffer.from(await signer.sign({ data: new TextEncoder().encode(text) })).toString('base64url'),
    verifier: (text: string, signature: string) =>
      verifyCompactJws(`${text}.${signature}`, { typ: ['x', undefined], keyOf: () => key }).then(
        () => true,
        () => false,
      ),
  });

  it('[SD-JWT §6] what we make the library verifies, and what it makes we read', async () => {
    const ours = await issueSdJwt(
      { claims: CLAIMS, disclosable: PATHS, header: { typ: 'x' } },
      { signer, randomBytes: random },
    );
    assert.deepEqual((await library.verify(ours)).payload, CLAIMS);
    const theirs = await library.issue(CLAIMS, { _sd: ['name', 'address'], nationalities: { _sd: [0] } } as never);
    const { jwt, claims } = openSdJwt(theirs);
    await verifyCompactJws(jwt, { typ: ['sd-jwt', undefined], keyOf: () => key });
    assert.deepEqual(claims, CLAIMS);
  });
});
