import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { authenticateApiKey, createApiKey } from '../../server/index.js';
import { verifierMigrations } from '../../verifier/openid4vp/index.js';
import { temporaryDatabase } from '../server/helpers.js';
import { publicRoutes, walkRoutes } from '../server/route-matrix.js';
import { startAskingVerifier, type AskingVerifier } from './world.js';

describe('OpenID4VP: who may use which route', function () {
  this.timeout(60_000);
  let verifier: AskingVerifier;
  let storage: Awaited<ReturnType<typeof temporaryDatabase>>;
  before(async () => {
    storage = await temporaryDatabase(verifierMigrations);
    const { knex } = storage.database;
    verifier = await startAskingVerifier(() => ({ database: storage.database }), {
      authenticate: (authorization) => authenticateApiKey(knex, authorization, new Date()),
    });
  });
  after(async () => {
    await verifier.stop();
    await storage.remove();
  });

  it('only these of them need no key', () => {
    assert.deepEqual(
      publicRoutes(verifier.app).filter((route) => /openid4vp|did\.json/.test(route)),
      [
        'DELETE /openid4vp/requests/:id',
        'GET /.well-known/did.json',
        'GET /openid4vp',
        'GET /openid4vp/request/:id',
        'GET /openid4vp/requests/:id',
        'POST /openid4vp/guest-requests',
        'POST /openid4vp/request/:id',
        'POST /openid4vp/response/:id',
      ],
    );
  });

  it('every other route of the verifier refuses no key and the wrong role, and takes the roles it names', async () => {
    const { routes } = await walkRoutes({
      app: verifier.app,
      url: verifier.url,
      tenants: { own: 'a', other: 'b' },
      tenantParam: 'none',
      makeKey: (key) =>
        storage.database.write((transaction) => createApiKey(transaction, key, { randomBytes, now: new Date() })),
    });
    assert.equal(routes, 2);
  });

  it('who may ask only with a key finds no way for guests', async () => {
    const strict = await startAskingVerifier(() => ({ guests: { allowed: false } }));
    try {
      assert.ok(!strict.app.routes.some(({ path }) => path === '/openid4vp/guest-requests'));
      assert.equal((await strict.tryToAsk({ request: {} })).status, 404);
      const offer = (await (await fetch(`${strict.url}/openid4vp`)).json()) as { guests: boolean };
      assert.equal(offer.guests, false);
    } finally {
      await strict.stop();
    }
  });
});
