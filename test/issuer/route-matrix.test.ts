import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createApp, createLogger, defineRoute, listen } from '../../server/index.js';
import { publicRoutes, walkRoutes, type WalkedService } from '../server/route-matrix.js';
import { CODE, EMPLOYER_CODE, startWorld, type World } from './world.js';

describe('issuer: who may use which route', function () {
  this.timeout(600_000);
  let world: World;
  let walked: WalkedService;
  before(async () => {
    world = await startWorld();
    walked = {
      app: world.issuer.app,
      url: world.listener.url,
      tenants: { own: CODE, other: EMPLOYER_CODE },
      tenantParam: ['institutionCode', 'vcApiTenant'],
      params: {
        certificateId: 'not-issued',
        keyId: '0'.repeat(16),
        keyName: 'key-1',
        ceremonyId: `kc_${'0'.repeat(24)}`,
      },
      makeKey: (key) => world.issuer.service.createApiKey(key, 'test'),
      accounts: {
        database: world.database,
        keystore: world.keystore,
        baseUrl: world.listener.url,
        clock: () => world.time.now,
        randomBytes: (length) => new Uint8Array(randomBytes(length)),
      },
    };
  });
  after(() => world.remove());

  it('only these routes need no key', () => {
    assert.deepEqual(publicRoutes(world.issuer.app), [
      'GET /.well-known/did.json',
      'GET /.well-known/jwt-vc-issuer/institutions/:institutionCode',
      'GET /.well-known/oauth-authorization-server/institutions/:institutionCode',
      'GET /.well-known/openid-credential-issuer/institutions/:institutionCode',
      'GET /credential-types/v1/:kind',
      'GET /institutions/:institutionCode',
      'GET /institutions/:institutionCode/did.json',
      'GET /institutions/:institutionCode/openid4vci/credential-offers/:handle',
      'GET /institutions/:institutionCode/status',
      'GET /institutions/:institutionCode/status/:purpose/:list',
      'GET /institutions/:institutionCode/status/tokens/:list',
      'GET /vc-api/:vcApiTenant/did.json',
      'GET /vc-api/:vcApiTenant/status/:purpose/:list',
      'POST /institutions/:institutionCode/openid4vci/credential',
      'POST /institutions/:institutionCode/openid4vci/deferred-credential',
      'POST /institutions/:institutionCode/openid4vci/nonce',
      'POST /institutions/:institutionCode/openid4vci/notification',
      'POST /institutions/:institutionCode/openid4vci/token',
      'POST /invitations/accept',
      'POST /invitations/read',
      'POST /session',
      'POST /session/oidc',
      'POST /session/oidc/factor',
      'POST /session/oidc/finish',
      'POST /session/passkey',
      'POST /session/passkey-options',
    ]);
  });

  it('every other route refuses no key, wrong role and other tenant, and takes the roles it names @slow', async () => {
    const { routes } = await walkRoutes(walked);
    assert.equal(routes, world.issuer.app.routes.length - publicRoutes(world.issuer.app).length);
    assert.ok(routes >= 14);
  });

  it('the walk notices a route that lets too many in', async () => {
    const principal = { keyId: 'k', tenant: CODE, roles: ['clerk'] as const };
    const open = createApp({
      name: 'open',
      version: '1',
      logger: createLogger({ name: 'open', level: 'silent' }),
      authenticate: () => Promise.resolve(principal),
    });
    const handler = () => ({ body: {} });
    const path = '/institutions/:institutionCode/open';
    defineRoute(open, {
      method: 'get',
      path,
      summary: 'x',
      access: ['clerk'],
      tenantParam: 'institutionCode',
      responses: {},
      handler,
    });
    const listener = await listen(open, { port: 0 });
    try {
      const { accounts: _, ...withoutPeople } = walked;
      await assert.rejects(walkRoutes({ ...withoutPeople, app: open, url: listener.url }), /without key/);
    } finally {
      await listener.close();
    }
  });
});
