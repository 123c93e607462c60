import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { CERTIFICATE_KINDS } from '../../shared/certificate/kind.js';
import { BASE_URL, CODE } from '../issuer/world.js';
import {
  AUTHORIZATION_SERVER_METADATA,
  CREDENTIAL_ISSUER_METADATA,
  CREDENTIAL_OFFER,
  JWT_VC_ISSUER_METADATA,
  TYPE_METADATA,
} from './metadata-schemas.js';
import { ISSUER, startWalletWorld, type WalletWorld } from './wallet-world.js';

interface Configuration {
  format: string;
  vct?: string;
  credential_metadata: { display: { name: string; locale: string }[] };
}

describe('what a credential issuer publishes', function () {
  this.timeout(60_000);
  let world: WalletWorld;
  before(async () => {
    world = await startWalletWorld();
  });
  after(() => world.remove());

  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const assertValid = (schema: object, value: unknown): void => {
    const validate = ajv.compile(schema);
    assert.ok(validate(value), ajv.errorsText(validate.errors));
  };
  const get = async <T>(address: string): Promise<T> => {
    const response = await world.reach(address);
    assert.equal(response.status, 200, address);
    assert.equal(response.headers.get('content-type'), 'application/json');
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    return (await response.json()) as T;
  };
  const wellKnown = (name: string): string => `${BASE_URL}/.well-known/${name}/institutions/${CODE}`;

  it('[OID4VCI §12.2.4] Credential Issuer Metadata, between host and path, with every kind in every format', async () => {
    const metadata = await get<{
      credential_issuer: string;
      credential_configurations_supported: Record<string, Configuration>;
    }>(wellKnown('openid-credential-issuer'));
    assertValid(CREDENTIAL_ISSUER_METADATA, metadata);
    const draft13 = { x: { format: 'ldp_vc', display: [{ name: 'x' }], credential_definition: { type: ['x'] } } };
    assert.throws(() =>
      assertValid(CREDENTIAL_ISSUER_METADATA, { ...metadata, credential_configurations_supported: draft13 }),
    );
    assert.equal(metadata.credential_issuer, ISSUER);
    const configurations = Object.values(metadata.credential_configurations_supported);
    assert.equal(configurations.length, 4 * CERTIFICATE_KINDS.length);
    for (const { credential_metadata } of configurations)
      assert.deepEqual(
        credential_metadata.display.map(({ locale }) => locale),
        ['zh-CN', 'en'],
      );
    assert.equal((await world.reach(`${ISSUER}/.well-known/openid-credential-issuer`)).status, 404);
    assert.equal((await world.reach(wellKnown('openid-credential-issuer').replace(CODE, 'S000051000009'))).status, 404);
  });

  it('[OID4VCI §12.3] Authorization Server Metadata that lets a wallet come without a name', async () => {
    const metadata = await get<{ issuer: string }>(wellKnown('oauth-authorization-server'));
    assertValid(AUTHORIZATION_SERVER_METADATA, metadata);
    assert.equal(metadata.issuer, ISSUER);
  });

  it('[SD-JWT-VC §4] JWT VC Issuer Metadata and the Type Metadata behind every vct', async () => {
    assertValid(JWT_VC_ISSUER_METADATA, await get(wellKnown('jwt-vc-issuer')));
    const { credential_configurations_supported: supported } = await get<{
      credential_configurations_supported: Record<string, Configuration>;
    }>(wellKnown('openid-credential-issuer'));
    const types = Object.values(supported).flatMap(({ vct }) => vct ?? []);
    assert.equal(types.length, CERTIFICATE_KINDS.length);
    for (const vct of types) {
      const metadata = await get<{ vct: string }>(vct);
      assertValid(TYPE_METADATA, metadata);
      assert.equal(metadata.vct, vct);
    }
  });

  it('[OID4VCI §4.1] Credential Offers, with and without transaction code', async () => {
    const certificate = await world.issue(1);
    const withCode = await world.offer(certificate);
    assertValid(CREDENTIAL_OFFER, withCode.offer);
    const without = await world.offer(certificate, { txCode: false });
    assertValid(CREDENTIAL_OFFER, without.offer);
    assert.ok(!JSON.stringify(without.offer).includes('tx_code'));
    assert.ok(Date.parse(without.expiresAt) - world.time.now.getTime() <= 600_000);
    const reference = new URL(withCode.uri).searchParams.get('credential_offer_uri') ?? '';
    const response = await world.reach(reference);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.deepEqual(await response.json(), withCode.offer);
    const other = `${reference.slice(0, -1)}${reference.endsWith('A') ? 'B' : 'A'}`;
    assert.equal((await world.reach(other)).status, 404);
  });

  it('lets wallets that are web pages ask: preflights of every endpoint are answered', async () => {
    for (const endpoint of ['token', 'nonce', 'credential', 'deferred-credential', 'notification']) {
      const response = await world.reach(`${ISSUER}/openid4vci/${endpoint}`, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://wallet.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,dpop',
        },
      });
      assert.equal(response.status, 204);
      assert.equal(response.headers.get('access-control-allow-origin'), '*');
      assert.equal(response.headers.get('access-control-allow-methods'), 'POST');
      assert.match(response.headers.get('access-control-allow-headers') ?? '', /Authorization, Content-Type, DPoP/);
      assert.equal(response.headers.get('access-control-allow-credentials'), null);
    }
  });

  it('[OID4VCI §7] nonces that never repeat', async () => {
    const nonces = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const response = await world.reach(`${ISSUER}/openid4vci/nonce`, { method: 'POST' });
      assert.equal(response.headers.get('cache-control'), 'no-store');
      nonces.add(((await response.json()) as { c_nonce: string }).c_nonce);
    }
    assert.equal(nonces.size, 20);
  });
});
