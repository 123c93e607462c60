import assert from 'node:assert/strict';
import { HOST_TENANT, ROLES, type Problem, type Role, type ServiceApp } from '../../server/index.js';

/** A running service whose routes are to be walked. */
export interface WalkedService {
  app: ServiceApp;
  /** Address it listens at. */
  url: string;
  /** A tenant that exists, and another one. */
  tenants: { own: string; other: string };
  /** Path parameter that names a tenant, e.g. `institutionCode`. */
  tenantParam: string;
  /** Values of the other path parameters. */
  params?: Record<string, string>;
  makeKey(key: {
    tenant: string;
    roles: readonly Role[];
    label: string;
    expiresAt: string;
  }): Promise<{ secret: string }>;
}

/** `METHOD path` of every route without a key, sorted: tests write this list down, so that a new public route is a decision. */
export function publicRoutes(app: ServiceApp): string[] {
  return app.routes
    .filter(({ access }) => access === 'public')
    .map(nameOf)
    .toSorted();
}

/**
 * Asks every route that is not public with no key, with each role alone, with a key of another tenant and of the host, and
 * asserts 401, 403 (`ROLE_MISSING`), 404 (`NOT_FOUND`), and that the roles it names come through. Sends no bodies.
 * @returns how many routes were walked, and requests sent
 */
export async function walkRoutes(service: WalkedService): Promise<{ routes: number; requests: number }> {
  const { tenants, tenantParam } = service;
  const secrets = await makeSecrets(service);
  let requests = 0;
  const routes = service.app.routes.filter(({ access }) => access !== 'public');
  for (const route of routes) {
    const ask = async (secret?: string) => {
      requests += 1;
      return askRoute(service, route, secret);
    };
    const name = nameOf(route);
    assert.equal(route.tenantParam, route.path.includes(`:${tenantParam}`) ? tenantParam : undefined, name);
    const allowed = route.access as readonly string[];
    const home = route.tenantParam === undefined ? HOST_TENANT : tenants.own;
    assert.deepEqual(await ask(), { status: 401, code: 'API_KEY_MISSING' }, `${name} without key`);
    const wrong = `yz_${'0'.repeat(16)}_${'A'.repeat(43)}`;
    assert.deepEqual(await ask(wrong), { status: 401, code: 'API_KEY_INVALID' }, `${name} with a wrong key`);
    for (const role of ROLES) {
      const { status, code } = await ask(secrets.get(`${home} ${role}`));
      if (allowed.includes(role)) assert.ok(status !== 401 && code !== 'ROLE_MISSING', `${name} as ${role}: ${code}`);
      else assert.deepEqual({ status, code }, { status: 403, code: 'ROLE_MISSING' }, `${name} as ${role}`);
    }
    const strangers = route.tenantParam === undefined ? [tenants.own, tenants.other] : [tenants.other];
    for (const tenant of strangers)
      assert.deepEqual(await ask(secrets.get(tenant)), { status: 404, code: 'NOT_FOUND' }, `${name} as ${tenant}`);
  }
  return { routes: routes.length, requests };
}

async function makeSecrets(service: WalkedService): Promise<Map<string, string>> {
  const { tenants } = service;
  const expiresAt = '2036-01-01T00:00:00Z';
  const secrets = new Map<string, string>();
  for (const tenant of [tenants.own, HOST_TENANT])
    for (const role of ROLES) {
      const { secret } = await service.makeKey({ tenant, roles: [role], label: role, expiresAt });
      secrets.set(`${tenant} ${role}`, secret);
    }
  for (const tenant of [tenants.own, tenants.other])
    secrets.set(tenant, (await service.makeKey({ tenant, roles: ROLES, label: 'all', expiresAt })).secret);
  return secrets;
}

async function askRoute(
  { url, tenants, params = {} }: WalkedService,
  route: ServiceApp['routes'][number],
  secret: string | undefined,
): Promise<{ status: number; code: string }> {
  const path = route.path.replace(/:([A-Za-z]+)/g, (_, param: string) =>
    param === route.tenantParam ? tenants.own : encodeURIComponent(params[param] ?? 'x'),
  );
  const response = await fetch(url + path, {
    method: route.method.toUpperCase(),
    headers: secret === undefined ? {} : { authorization: `Bearer ${secret}` },
  });
  const text = await response.text();
  const isProblem = response.headers.get('content-type') === 'application/problem+json';
  return { status: response.status, code: isProblem ? (JSON.parse(text) as Problem).code : '' };
}

function nameOf({ method, path }: { method: string; path: string }): string {
  return `${method.toUpperCase()} ${path}`;
}
