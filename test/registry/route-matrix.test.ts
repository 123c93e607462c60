import assert from 'node:assert/strict';
import { newPerson } from '../accounts/people.js';
import { publicRoutes, walkRoutes } from '../server/route-matrix.js';
import { startRegistry, type RunningRegistry } from './running-registry.js';

describe('registry: who may use which route', function () {
  this.timeout(240_000);
  let registry: RunningRegistry;
  before(async () => {
    registry = await startRegistry();
  });
  after(() => registry.stop());

  it('only these routes need no key', () => {
    assert.deepEqual(publicRoutes(registry.app), [
      'GET /authorities',
      'GET /authorities/:slug',
      'GET /authorities/:slug/bundle.json',
      'GET /authorities/:slug/did.json',
      'GET /authorities/:slug/lists/recognised.json',
      'GET /authorities/:slug/registry/delta/:part/:from-:to.json',
      'GET /authorities/:slug/registry/freshness.json',
      'GET /authorities/:slug/registry/manifest/:sequence.json',
      'GET /authorities/:slug/registry/parts/:sha256',
      'GET /authorities/:slug/registry/root/:version.json',
      'GET /authorities/:slug/statements/:id',
      'GET /authorities/:slug/whois.vp',
      'POST /authorization',
      'POST /decision',
      'POST /invitations/accept',
      'POST /invitations/read',
      'POST /recognition',
      'POST /session',
      'POST /session/oidc',
      'POST /session/oidc/factor',
      'POST /session/oidc/finish',
      'POST /session/passkey',
      'POST /session/passkey-options',
    ]);
  });

  it('every other route refuses no key, wrong role and other tenant, and takes the roles it names', async () => {
    const { routes } = await walkRoutes({
      app: registry.app,
      url: registry.url,
      tenants: { own: 'sc', other: 'cq' },
      tenantParam: 'slug',
      makeKey: (key) => registry.service.createApiKey(key, 'test'),
      accounts: registry.accounts,
    });
    assert.equal(routes, registry.app.routes.filter(({ access }) => access !== 'public').length);
    assert.ok(routes >= 12);
  });

  it('somebody signed in here is not signed out by a service at another port of the same machine', async () => {
    const { browser } = await newPerson(registry.accounts, registry.url, {
      login: 'two-ports',
      tenant: 'sc',
      roles: ['officer'],
    });
    const name = `__Host-yizheng-session-${new URL(registry.url).port}=`;
    assert.ok(browser.cookie?.startsWith(name), browser.cookie);
    browser.cookie = `${browser.cookie}; __Host-yizheng-session-1=${'A'.repeat(43)}`;
    assert.equal((await browser.call('GET', '/authorities/sc/statements')).status, 200);
  });
});
