import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FEATURES, type Feature } from '../../cli/jose/features.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { cli } from './run.js';

interface Vectors {
  keys: Record<string, object>;
  verify: { name: string; key: string; feature: Feature; text: string; expected: string }[];
}
const vectors = JSON.parse(readFileSync('test/standards/vectors/vc-jose-cose.json', 'utf8')) as Vectors;
const ISSUER = 'https://example.issuer/vc-jose-cose';
const CONTEXT = ['https://www.w3.org/ns/credentials/v2', 'https://www.w3.org/ns/credentials/examples/v2'];
const CREDENTIAL: JsonObject = {
  '@context': CONTEXT,
  type: ['VerifiableCredential', 'EmploymentCredential'],
  issuer: ISSUER,
  validFrom: '2024-01-01T00:00:00Z',
  validUntil: '2026-01-01T00:00:00Z',
  badExtension: { huh: 'what?' },
  credentialSubject: { id: 'did:example:1', address: { street: 'A', city: 'B' }, phones: [{ n: '1' }, { n: '2' }] },
};
const PRESENTATION: JsonObject = {
  '@context': CONTEXT,
  type: 'VerifiablePresentation',
  holder: ISSUER,
  verifiableCredential: [
    {
      '@context': 'https://www.w3.org/ns/credentials/v2',
      type: 'EnvelopedVerifiableCredential',
      id: 'data:application/vc+jwt,eyJhbGciOiJFUzI1NiJ9.e30.AA',
    },
  ],
};

describe('[VC-JOSE-COSE §3] yizheng jose', () => {
  let home: string;
  before(() => (home = mkdtempSync(join(tmpdir(), 'jose-'))));
  after(() => rmSync(home, { recursive: true }));

  const write = (name: string, content: string | object) => {
    const file = join(home, name);
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };
  const run = async (
    action: 'issue' | 'verify',
    feature: Feature,
    content: string | object,
    key: object,
    ...more: string[]
  ) => {
    const output = join(home, 'output.json');
    const [input, keyFile] = [write('input', content), write('key.json', key)];
    const options = ['--input', input, '--key', keyFile, '--feature', feature, '--output', output];
    const { code, err } = await cli(['jose', action, ...options, ...more], { home });
    const result = JSON.parse(readFileSync(output, 'utf8')) as { result: string; data: string; notes?: string[] };
    return { code, err, ...result };
  };
  const keyPair = (curve: 'ed25519' | 'P-256' | 'P-384' | 'P-521') => {
    const { privateKey } =
      curve === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: curve });
    const secretKeyJwk = privateKey.export({ format: 'jwk' });
    const { d: _, ...publicKeyJwk } = secretKeyJwk;
    return { id: `${ISSUER}#key-1`, type: 'JsonWebKey', controller: ISSUER, publicKeyJwk, secretKeyJwk };
  };

  for (const { name, key, feature, text, expected } of vectors.verify)
    it(`answers ${expected} for the public suite's ${name}`, async () => {
      const { result, data, code } = await run('verify', feature, `${text}\n`, vectors.keys[key] ?? {});
      assert.equal(result, expected === 'success' ? 'success' : 'failure', data);
      assert.equal(code, expected === 'success' ? 0 : 1);
      if (expected !== 'success') assert.match(data, new RegExp(`^${expected}: `));
    });

  for (const feature of Object.keys(FEATURES) as Feature[])
    for (const curve of ['ed25519', 'P-256', 'P-384', 'P-521'] as const)
      it(`secures and verifies ${feature} with ${curve}`, async () => {
        const key = keyPair(curve);
        const document = feature.startsWith('credential') ? CREDENTIAL : PRESENTATION;
        const issued = await run('issue', feature, document, key);
        assert.equal(issued.result, 'success', issued.data);
        const verified = await run('verify', feature, issued.data, { ...key, secretKeyJwk: undefined });
        assert.equal(verified.result, 'success', verified.data);
        assert.deepEqual(JSON.parse(verified.data), document);
        const other = await run('verify', feature, issued.data, { ...keyPair(curve), secretKeyJwk: undefined });
        assert.match(other.data, /^(?:JOSE|COSE)_SIGNATURE_INVALID: /);
      });

  it('[VC-JOSE-COSE §3.2] lets a holder leave out what --disclosures names', async () => {
    const key = keyPair('P-256');
    const paths = ['credentialSubject.address.street', 'credentialSubject.phones[0]'];
    for (const disclosures of [paths.join(','), JSON.stringify(paths)]) {
      const { data } = await run('issue', 'credential_sdjwt', CREDENTIAL, key, '--disclosures', disclosures);
      assert.equal(data.split('~').length, 4);
      const bare = await run('verify', 'credential_sdjwt', `${data.split('~')[0]}~`, key);
      const subject = { id: 'did:example:1', address: { city: 'B' }, phones: [{ n: '2' }] };
      assert.deepEqual((JSON.parse(bare.data) as JsonObject)['credentialSubject'], subject);
    }
    const bad = await run('issue', 'credential_sdjwt', CREDENTIAL, key, '--disclosures', 'a..b');
    assert.match(bad.data, /^OPTION_INVALID/);
  });

  it('tells of times, and judges them when it is asked with --at', async () => {
    const key = keyPair('ed25519');
    const { data } = await run('issue', 'credential_jose', CREDENTIAL, key);
    const told = await run('verify', 'credential_jose', data, key);
    assert.deepEqual([told.result, told.notes], ['success', ['CREDENTIAL_EXPIRED']]);
    const judged = await run('verify', 'credential_jose', data, key, '--at', '2026-11-21T00:00:00Z');
    assert.deepEqual([judged.result, judged.data], ['failure', 'CREDENTIAL_EXPIRED']);
    const then = await run('verify', 'credential_jose', data, key, '--at', '2025-11-21T00:00:00Z');
    assert.deepEqual([then.result, then.notes], ['success', undefined]);
  });

  it('writes down a failure for whatever cannot be secured or read', async () => {
    const key = keyPair('P-256');
    const { issuer: _, ...nobody } = CREDENTIAL;
    const expect = async (found: Promise<{ data: string; code: number }>, code: RegExp) => {
      const { data, code: exit } = await found;
      assert.match(data, code);
      assert.equal(exit, 1);
    };
    await expect(run('issue', 'credential_jose', nobody, key), /^CREDENTIAL_SCHEMA/);
    await expect(run('issue', 'credential_jose', '{"a":1,"a":2}', key), /^JSON_DUPLICATE_KEY/);
    await expect(run('issue', 'credential_jose', { ...CREDENTIAL, vc: {} }, key), /^SECURED_VC_CLAIM/);
    await expect(run('issue', 'presentation_jose', CREDENTIAL, key), /^PRESENTATION_SCHEMA/);
    await expect(run('issue', 'credential_jose', CREDENTIAL, { ...key, secretKeyJwk: undefined }), /^KEY_FILE_PUBLIC/);
    await expect(run('verify', 'credential_jose', 'x', { a: 1 }), /^KEY_FILE_FORMAT/);
    await expect(run('verify', 'credential_jose', JSON.stringify(CREDENTIAL), key), /^JOSE_FORMAT/);
    const { data } = await run('issue', 'credential_jose', CREDENTIAL, key);
    await expect(run('verify', 'credential_jose', data, { ...key, id: 'https://other.example#k' }), /^KEY_ID_MISMATCH/);
  });

  it('is a usage error without its options, and refuses features nobody knows', async () => {
    const { code } = await cli(['jose', 'issue', '--input', 'x'], { home });
    assert.equal(code, 3);
    const options = ['--input', 'x', '--key', 'x', '--output', join(home, 'o'), '--feature', 'credential_xml'];
    const { code: unknown, err } = await cli(['jose', 'verify', ...options], { home });
    assert.equal(unknown, 3);
    assert.match(err, /OPTION_INVALID/);
  });
});
