import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK } from 'jose';
import { identityProviderOf } from '../../cli/serve/identity-provider.js';
import { readPemSigner } from '../../keys/pem-signer.js';
import { openIdentityProvider, type IdentityProviderSettings } from '../../server/accounts/index.js';
import { createSafeFetch } from '../../server/safe-fetch.js';
import { errorCode } from '../../shared/errors.js';
import { startProvider } from './identity-provider.js';

describe('the identity provider, as an operator sets it up', function () {
  this.timeout(60_000);
  const secret = 'a secret of some length';
  const good: IdentityProviderSettings = {
    issuer: 'https://id.example',
    clientId: 'console',
    credential: { secret },
    name: { 'zh-CN': '统一认证', en: 'ID' },
    algorithms: ['ES256'],
    secondFactor: { acr: [], amr: ['mfa'] },
  };
  const base = { clock: () => new Date(), randomBytes: (length: number) => new Uint8Array(randomBytes(length)) };
  const open = (changes: Partial<IdentityProviderSettings>, baseUrl = 'https://issuer.example') =>
    openIdentityProvider(
      { ...good, ...changes },
      { ...base, baseUrl, fetch: createSafeFetch({ allowLoopback: baseUrl.includes('localhost'), timeoutMs: 60_000 }) },
    );
  const codeOf = async (work: () => unknown): Promise<string> => {
    try {
      await work();
      return '';
    } catch (error) {
      return errorCode(error);
    }
  };
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yizheng-oidc-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('is refused at the start when it could not work or would not be safe', async () => {
    assert.equal(await codeOf(() => open({})), '');
    const wrong: Partial<IdentityProviderSettings>[] = [
      { issuer: 'http://id.example' },
      { issuer: 'http://localhost:1' },
      { issuer: 'https://id.example/?x=1' },
      { issuer: 'id.example' },
      { clientId: '' },
      { credential: { secret: 'short' } },
      { name: { 'zh-CN': '', en: 'ID' } },
      { algorithms: [] },
      { algorithms: ['ES256', 'HS256'] },
      { algorithms: ['none'] },
      { secondFactor: { acr: ['two words'], amr: [] } },
    ];
    for (const changes of wrong)
      assert.equal(await codeOf(() => open(changes)), 'OIDC_CONFIGURATION', JSON.stringify(changes));
    assert.equal(await codeOf(() => open({ issuer: 'http://localhost:1' }, 'http://localhost:8701')), '');
  });

  it('is read from settings, its secret from a file of its owner only', async () => {
    const file = join(folder, 'secret');
    await writeFile(file, `${secret}\n`, { mode: 0o600 });
    const baseUrl = 'https://issuer.example';
    const oidc = { baseUrl, oidcIssuer: good.issuer, oidcClientId: 'console', oidcName: '统一认证', oidcNameEn: 'ID' };
    assert.equal(await identityProviderOf({ baseUrl }), undefined);
    assert.deepEqual(
      await identityProviderOf({ ...oidc, oidcClientSecretFile: file, oidcAlgorithms: ['ES256'], oidcAmr: ['mfa'] }),
      good,
    );
    assert.equal(await codeOf(() => identityProviderOf({ baseUrl, oidcAmr: ['mfa'] })), 'SETTING_MISSING');
    assert.equal(await codeOf(() => identityProviderOf(oidc)), 'SETTING_INVALID');
    const both = { ...oidc, oidcClientSecretFile: file, oidcClientKeyFile: file };
    assert.equal(await codeOf(() => identityProviderOf(both)), 'SETTING_INVALID');
    const missing = { ...oidc, oidcClientSecretFile: join(folder, 'none') };
    assert.equal(await codeOf(() => identityProviderOf(missing)), 'OIDC_SECRET_FILE');
    const wrong = { ...oidc, oidcIssuer: 'http://id.example', oidcClientSecretFile: file };
    assert.equal(await codeOf(() => identityProviderOf(wrong)), 'OIDC_CONFIGURATION');
    await chmod(file, 0o644);
    assert.equal(await codeOf(() => identityProviderOf({ ...oidc, oidcClientSecretFile: file })), 'OIDC_SECRET_FILE');
    assert.equal(await codeOf(() => identityProviderOf({ ...oidc, oidcClientKeyFile: file })), 'KEY_FILE');
  });

  it('may know the service by a key, which stays in keys/, instead of a secret', async () => {
    const pair = generateKeyPairSync('ed25519');
    const file = join(folder, 'key.pem');
    await writeFile(file, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'client', use: 'sig', alg: 'EdDSA' };
    const idp = await startProvider({ clientKey: jwk });
    try {
      const baseUrl = 'http://localhost:8701';
      const credential = { signer: await readPemSigner(file, 'oidc-client'), keyId: 'client' };
      const settings = idp.settings([`${baseUrl}/sign-in-return`], { credential });
      const provider = open(settings, baseUrl);
      const asked = {
        state: 's'.repeat(43),
        nonce: 'n'.repeat(43),
        verifier: 'v'.repeat(43),
        begunAt: new Date().toISOString(),
      };
      idp.next = { subject: 'li-na', amr: ['mfa'] };
      const came = await idp.visit(await provider.address(asked, 'zh-CN'));
      const found = { issuer: idp.issuer, subject: 'li-na', hasSecondFactor: true };
      assert.deepEqual(await provider.redeem(came, asked), found);
      assert.equal(idp.clientProof(), 'assertion');
      const picky = open({ ...settings, algorithms: ['PS256'] }, baseUrl);
      assert.equal(await codeOf(() => picky.address(asked, 'en')), 'OIDC_REFUSED', 'it signs with ES256');
      const other = open({ ...settings, issuer: `${idp.issuer}/` }, baseUrl);
      assert.equal(await codeOf(() => other.address(asked, 'en')), 'OIDC_REFUSED', 'another identifier');
    } finally {
      await idp.close();
    }
  });

  it('is never asked inside: an address that is not public is not reached', async () => {
    const fetch = createSafeFetch({ resolve: () => Promise.resolve([{ address: '10.0.0.5', family: 4 }]) });
    const provider = openIdentityProvider(good, { ...base, baseUrl: 'https://issuer.example', fetch });
    const asked = { state: 's', nonce: 'n', verifier: 'v'.repeat(43), begunAt: new Date().toISOString() };
    assert.equal(await codeOf(() => provider.address(asked, 'en')), 'OIDC_UNREACHABLE');
  });
});
