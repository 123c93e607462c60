import assert from 'node:assert/strict';
import type { AccountEffects } from '../../server/accounts/index.js';
import { HOST_TENANT, ROLES, type Problem, type Role, type ServiceApp } from '../../server/index.js';
import { newPerson, type Browser } from '../accounts/people.js';

/** A running service whose routes are to be walked. */
export interface WalkedService {
  app: ServiceApp;
  /** Address it listens at. */
  url: string;
  /** A tenant that exists, and another one. */
  tenants: { own: string; other: string };
  /** Path parameters that name a tenant, e.g. `institutionCode`. */
  tenantParam: string | readonly string[];
  /** Values of the other path parameters. */
  params?: Record<string, string>;
  makeKey(key: {
    tenant: string;
    roles: readonly Role[];
    label: string;
    expiresAt: string;
  }): Promise<{ secret: string }>;
  /** What accounts stand on, so that the same walk is made by people who are signed in; absent where nobody can. */
  accounts?: AccountEffects;
}

/** `METHOD path` of every route without a key, sorted: tests write this list down, so that a new public route is a decision. */
export function publicRoutes(app: ServiceApp): string[] {
  return app.routes
    .filter(({ access }) => access === 'public')
    .map(nameOf)
    .toSorted();
}

/** What a request is sent with: nothing, the secret of a key, or somebody's session. */
type Sender = string | Browser | undefined;

/**
 * Asks every route that is not public with nothing, with each role alone, with somebody of another tenant and of the host, once with API keys and
 * once as people who are signed in, and asserts 401, 403 (`ROLE_MISSING`), 404 (`NOT_FOUND`), and that the roles it names come through.
 * Routes of whoever is signed in take no API key. Sends no bodies.
 * @returns how many routes were walked, and requests sent
 */
export async function walkRoutes(service: WalkedService): Promise<{ routes: number; requests: number }> {
  const { tenants, tenantParam } = service;
  const senders = [
    await makeSecrets(service),
    ...(service.accounts ? [await makePeople(service, service.accounts)] : []),
  ];
  const wrong = `yz_${'0'.repeat(16)}_${'A'.repeat(43)}`;
  let requests = 0;
  const routes = service.app.routes.filter(({ access }) => access !== 'public');
  for (const route of routes) {
    const ask = async (sender?: Sender) => {
      requests += 1;
      return askRoute(service, route, sender);
    };
    const name = nameOf(route);
    const tenantParams = [tenantParam].flat();
    assert.equal(
      route.tenantParam,
      tenantParams.find((param) => route.path.includes(`:${param}`)),
      name,
    );
    const allowed = route.access;
    if (!Array.isArray(allowed)) {
      const missing = { status: 401, code: 'SESSION_MISSING' };
      assert.deepEqual(await ask(), missing, `${name} without session`);
      assert.deepEqual(await ask(senders[0]?.get(`${HOST_TENANT} admin`)), missing, `${name} with a key`);
      continue;
    }
    const home = route.tenantParam === undefined ? HOST_TENANT : tenants.own;
    assert.deepEqual(await ask(), { status: 401, code: 'API_KEY_MISSING' }, `${name} without key`);
    assert.deepEqual(await ask(wrong), { status: 401, code: 'API_KEY_INVALID' }, `${name} with a wrong key`);
    for (const known of senders) {
      for (const role of ROLES) {
        const { status, code } = await ask(known.get(`${home} ${role}`));
        if (allowed.includes(role)) assert.ok(status !== 401 && code !== 'ROLE_MISSING', `${name} as ${role}: ${code}`);
        else assert.deepEqual({ status, code }, { status: 403, code: 'ROLE_MISSING' }, `${name} as ${role}`);
      }
      const strangers = route.tenantParam === undefined ? [tenants.own, tenants.other] : [tenants.other];
      for (const tenant of strangers)
        assert.deepEqual(await ask(known.get(tenant)), { status: 404, code: 'NOT_FOUND' }, `${name} as ${tenant}`);
    }
  }
  return { routes: routes.length, requests };
}

/** Somebody for each role at the own tenant and of the host, and somebody with all of them at each of both tenants. */
async function makePeople({ tenants, url }: WalkedService, accounts: AccountEffects): Promise<Map<string, Browser>> {
  const people = new Map<string, Browser>();
  const add = async (name: string, tenant: string, roles: readonly Role[]): Promise<void> => {
    const login = `walker-${people.size}`;
    people.set(name, (await newPerson(accounts, url, { login, tenant, roles })).browser);
  };
  for (const tenant of [tenants.own, HOST_TENANT])
    for (const role of ROLES) await add(`${tenant} ${role}`, tenant, [role]);
  for (const tenant of [tenants.own, tenants.other]) await add(tenant, tenant, ROLES);
  return people;
}

async function makeSecrets(service: WalkedService): Promise<Map<string, Sender>> {
  const { tenants } = service;
  const expiresAt = '2036-01-01T00:00:00Z';
  const secrets = new Map<string, Sender>();
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
  sender: Sender,
): Promise<{ status: number; code: string }> {
  const path = route.path.replace(/:([A-Za-z]+)/g, (_, param: string) =>
    param === route.tenantParam ? tenants.own : encodeURIComponent(params[param] ?? 'x'),
  );
  const response = await fetch(url + path, {
    method: route.method.toUpperCase(),
    headers: headersOf(sender),
  });
  const text = await response.text();
  const isProblem = response.headers.get('content-type') === 'application/problem+json';
  return { status: response.status, code: isProblem ? (JSON.parse(text) as Problem).code : '' };
}

function headersOf(sender: Sender): Record<string, string> {
  if (sender === undefined) return {};
  if (typeof sender === 'string') return { authorization: `Bearer ${sender}` };
  return { cookie: sender.cookie ?? '', 'x-csrf-token': sender.csrf ?? '' };
}

function nameOf({ method, path }: { method: string; path: string }): string {
  return `${method.toUpperCase()} ${path}`;
}
