import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { decodeJwt, SignJWT, type JWTPayload } from 'jose';
import { z } from 'zod';
import {
  accountRoutes,
  invite,
  openIdentityProvider,
  sessionPrincipal,
  type AccountEffects,
  type IdentityProvider,
  type IdentityProviderSettings,
} from '../../server/accounts/index.js';
import {
  createApp,
  defineRoute,
  HOST_TENANT,
  listen,
  readAudit,
  type Listener,
  type Role,
} from '../../server/index.js';
import { createSafeFetch } from '../../server/safe-fetch.js';
import { YizhengError } from '../../shared/errors.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { memoryLogger, temporaryDatabase } from '../server/helpers.js';
import { startProvider, type RunningProvider } from './identity-provider.js';
import { Pages, type Said } from './pages.js';
import { codeAt, newPerson, PASSWORD, type Person } from './people.js';

const params = z.strictObject({ tenant: z.string() });
const MINUTE = 60_000;

describeOnEachDatabase('people who sign in at an identity provider', function (kind) {
  this.timeout(60_000);
  const secret = randomBytes(32);
  const { logger, lines } = memoryLogger();
  const time = { ahead: 0 };
  let store: Awaited<ReturnType<typeof temporaryDatabase>>;
  let effects: AccountEffects;
  let listener: Listener;
  let idp: RunningProvider;
  let settings: IdentityProviderSettings;
  let logins = 0;
  let subjects = 0;

  const pages = () => new Pages(listener.url);
  const began = Date.now();
  /** Stands still, so that nothing depends on how fast the machine is; tests move it on. */
  const now = () => new Date(began + time.ahead);
  const later = (milliseconds: number) => void (time.ahead += milliseconds);
  const person = (roles: readonly Role[] = ['clerk'], tenant = 'sc') =>
    newPerson(effects, listener.url, { login: `oidc-${++logins}`, tenant, roles });
  const newSubject = () => `sub-${++subjects}-${randomBytes(4).toString('hex')}`;
  const nextCode = (who: Person) => {
    later(30_000);
    return codeAt(who.secret, now());
  };
  /** Goes to the provider as this person and comes back; not yet finished. */
  async function goAs(subject: string, browser = pages(), more: object = {}, body: object = {}) {
    const begun = await browser.call('POST', '/session/oidc', body);
    assert.equal(begun.status, 200, JSON.stringify(begun.body));
    idp.next = { subject, ...more };
    return { browser, parameters: await idp.visit(begun.body.address ?? '') };
  }
  const finish = (browser: Pages, parameters: Record<string, string>) =>
    browser.call('POST', '/session/oidc/finish', { parameters });
  async function signInAs(subject: string, more: object = { amr: ['pwd', 'mfa'] }) {
    const { browser, parameters } = await goAs(subject, pages(), more);
    return { browser, ...(await finish(browser, parameters)) };
  }
  async function signInWithPassword(who: Person) {
    const browser = pages();
    const { status } = await browser.call('POST', '/session', {
      login: who.login,
      password: PASSWORD,
      totp: nextCode(who),
    });
    assert.equal(status, 200);
    return browser;
  }
  /** The browser somebody set up their second factor in just now. */
  const at = (who: Person) => {
    const browser = pages();
    const [name = '', value = ''] = who.browser.cookie?.split('=') ?? [];
    browser.jar.set(name, value);
    browser.csrf = who.browser.csrf;
    return browser;
  };
  /** Somebody with an account that is linked to this subject. */
  async function linked(subject = newSubject(), roles?: readonly Role[]) {
    const who = await person(roles);
    const browser = at(who);
    const begun = await browser.call('POST', '/account/identity', {});
    assert.equal(begun.status, 200, JSON.stringify(begun.body));
    idp.next = { subject };
    const parameters = await idp.visit(begun.body.address ?? '');
    const done = await browser.call('POST', '/account/identity/finish', { parameters });
    assert.equal(done.status, 204, JSON.stringify(done.body));
    return { who, subject, browser };
  }
  const signWithSecret = (claims: JWTPayload) => {
    const known = 'secret' in settings.credential ? settings.credential.secret : '';
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(known));
  };
  const work = async (browser: Pages) => (await browser.call('GET', '/tenants/sc/work')).status;

  before(async () => {
    store = await temporaryDatabase([], kind);
    idp = await startProvider({ clock: now });
    const app = createApp({
      name: 'test',
      version: '1',
      logger,
      requestsPerMinute: 100_000,
      authenticate: () => Promise.reject(new YizhengError('API_KEY_MISSING', 'Send an API key.', { status: 401 })),
      authenticateSession: (request, tenant) => sessionPrincipal(effects, request, tenant),
    });
    defineRoute(app, {
      method: 'get',
      path: '/tenants/:tenant/work',
      summary: 'x',
      access: ['clerk'],
      tenantParam: 'tenant',
      params,
      responses: {},
      handler: () => ({ body: {} }),
    });
    listener = await listen(app, { port: 0 });
    effects = {
      database: store.database,
      keystore: {
        hmac: (purpose, data) =>
          Promise.resolve(Uint8Array.from(createHmac('sha256', secret).update(purpose).update(data).digest())),
      },
      baseUrl: listener.url.replace('127.0.0.1', 'localhost'),
      clock: now,
      randomBytes: (length) => new Uint8Array(randomBytes(length)),
    };
    settings = idp.settings([`${effects.baseUrl}/sign-in-return`]);
    const provider: IdentityProvider = openIdentityProvider(settings, {
      ...effects,
      fetch: createSafeFetch({ allowLoopback: true, timeoutMs: 60_000 }),
    });
    const tenants = {
      path: '/tenants/:tenant',
      param: 'tenant',
      params,
      triesPerMinute: 100_000,
      assertExists: () => Promise.resolve(),
    };
    accountRoutes(app, effects, tenants, provider);
  });
  beforeEach(() => {
    idp.tamper = undefined;
  });
  after(async () => {
    await listener.close();
    await idp.close();
    await store.remove();
  });

  it('come in where their account is linked and the provider shows a second factor', async () => {
    const { who, subject } = await linked();
    const { browser, status, body, cookies } = await signInAs(subject);
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(
      [body.signedIn?.account.id, body.signedIn?.method, body.signedIn?.isComplete],
      [who.id, 'oidc', true],
    );
    assert.equal(await work(browser), 200);
    const asked = idp.asked();
    assert.deepEqual(
      ['response_type', 'code_challenge_method', 'prompt', 'scope', 'acr_values'].map((name) => asked.get(name)),
      ['code', 'S256', 'login', 'openid', 'urn:example:two'],
    );
    assert.equal(asked.get('redirect_uri'), `${effects.baseUrl}/sign-in-return`);
    assert.equal(idp.clientProof(), 'Basic');
    assert.equal(cookies.length, 2);
    assert.ok(cookies.every((one) => one.startsWith('__Host-') && one.includes('HttpOnly; SameSite=Strict')));
    const acr = await signInAs(subject, { acr: 'urn:example:two' });
    assert.equal(acr.body.signedIn?.method, 'oidc');
  });

  it('get a session nobody knew before, whatever cookie the browser came with', async () => {
    const { subject } = await linked();
    const name = `__Host-yizheng-session-${new URL(effects.baseUrl).port}`;
    const planted = 'A'.repeat(43);
    const { browser, parameters } = await goAs(subject, pages(), { amr: ['mfa'] });
    browser.jar.set(name, planted);
    assert.equal((await finish(browser, parameters)).status, 200);
    assert.notEqual(browser.jar.get(name), planted);
    const first = browser.jar.get(name);
    const again = await goAs(subject, browser, { amr: ['mfa'] });
    assert.equal((await finish(browser, again.parameters)).status, 200);
    assert.notEqual(browser.jar.get(name), first);
  });

  it('type a code of ours where the provider shows no second factor; guessing is counted over every way in', async () => {
    const { who, subject } = await linked();
    const { browser, body } = await signInAs(subject, { amr: ['pwd'] });
    assert.deepEqual(body, { needed: 'totp' });
    assert.equal(await work(browser), 401, 'no session yet');
    const wrong = await browser.call('POST', '/session/oidc/factor', { totp: '000000' });
    assert.equal(wrong.body.code, 'SIGN_IN_FAILED');
    const right = await browser.call('POST', '/session/oidc/factor', { totp: nextCode(who) });
    assert.equal(right.status, 200, JSON.stringify(right.body));
    assert.equal(await work(browser), 200);
    const twice = await browser.call('POST', '/session/oidc/factor', { totp: nextCode(who) });
    assert.equal(twice.body.code, 'OIDC_STATE');

    const codes: (string | undefined)[] = [];
    for (let tries = 0; tries < 6; tries++) {
      const next = await signInAs(subject, {});
      codes.push(
        next.body.code ?? (await next.browser.call('POST', '/session/oidc/factor', { totp: '000000' })).body.code,
      );
    }
    assert.deepEqual(codes, [...Array<string>(4).fill('SIGN_IN_FAILED'), 'SIGN_IN_LOCKED', 'SIGN_IN_LOCKED']);
  });

  it('are locked out by wrong passwords there too, until the wait is over', async () => {
    const { who, subject } = await linked();
    for (let tries = 0; tries < 5; tries++)
      await pages().call('POST', '/session', { login: who.login, password: 'wrong wrong wrong' });
    assert.equal((await signInAs(subject)).body.code, 'SIGN_IN_LOCKED');
    later(2 * MINUTE);
    assert.equal((await signInAs(subject)).status, 200);
  });

  it('come in by their own browser, once, and within ten minutes', async () => {
    const { subject } = await linked();
    const mfa = { amr: ['mfa'] };
    const { browser, parameters } = await goAs(subject, pages(), mfa);
    assert.equal((await finish(pages(), parameters)).body.code, 'OIDC_STATE', 'another browser');
    const stranger = await goAs(subject, pages(), mfa);
    assert.equal((await finish(stranger.browser, parameters)).body.code, 'OIDC_REFUSED', 'the state of somebody else');
    assert.equal((await finish(browser, parameters)).status, 200);
    assert.equal((await finish(browser, parameters)).body.code, 'OIDC_STATE', 'replayed');

    const slow = await goAs(subject, pages(), mfa);
    later(10 * MINUTE + 1);
    assert.equal((await finish(slow.browser, slow.parameters)).body.code, 'OIDC_STATE');
  });

  it('wait at the provider in bounded number; beyond it the others still sign in', async () => {
    const { who } = await linked();
    const expires_at = new Date(now().getTime() + MINUTE).toISOString();
    const waiting = Array.from({ length: 5000 }, (_, i) => ({
      id_sha256: `waiting-${i}`,
      purpose: 'oidc',
      value: '{}',
      expires_at,
    }));
    await store.database.knex.batchInsert('account_challenges', waiting, 100);
    const { status, body } = await pages().call('POST', '/session/oidc', {});
    assert.deepEqual([status, body.code], [503, 'CHALLENGES_WAITING']);
    await signInWithPassword(who);
    later(MINUTE);
    assert.equal((await pages().call('POST', '/session/oidc', {})).status, 200);
  });

  it('are refused with a wrong state, issuer or code, without either, and when the answer is another flow’s', async () => {
    const { subject } = await linked();
    const changes: ((came: Record<string, string>) => Record<string, string>)[] = [
      (came) => ({ ...came, state: `sign-in.${'A'.repeat(43)}` }),
      ({ state: _, ...came }) => came,
      (came) => ({ ...came, iss: 'https://other.example' }),
      ({ iss: _, ...came }) => came,
      (came) => ({ ...came, code: 'A'.repeat(43) }),
      ({ code: _, ...came }) => came,
      (came) => ({ ...came, id_token: 'a.b.c' }),
    ];
    for (const change of changes) {
      const { browser, parameters } = await goAs(subject, pages(), { amr: ['mfa'] });
      const { status, body } = await finish(browser, change(parameters));
      assert.deepEqual([status, body.code], [401, 'OIDC_REFUSED'], change.toString());
      assert.equal(await work(browser), 401);
    }
  });

  it('are refused with an ID token that was altered, forged, old, for somebody else or for another sign-in', async () => {
    const { subject } = await linked();
    const seconds = Math.floor(Date.now() / 1000);
    const hostile: [string, (token: string) => Promise<string>][] = [
      ['another nonce', (token) => idp.sign({ ...decodeJwt(token), nonce: 'x' })],
      ['no nonce', (token) => idp.sign({ ...decodeJwt(token), nonce: undefined })],
      ['another audience', (token) => idp.sign({ ...decodeJwt(token), aud: 'other' })],
      ['two audiences without azp', (token) => idp.sign({ ...decodeJwt(token), aud: ['yizheng-console', 'other'] })],
      ['azp of another', (token) => idp.sign({ ...decodeJwt(token), aud: ['yizheng-console', 'other'], azp: 'other' })],
      ['another issuer', (token) => idp.sign({ ...decodeJwt(token), iss: 'https://other.example' })],
      ['over', (token) => idp.sign({ ...decodeJwt(token), exp: seconds - 600 })],
      ['without exp', (token) => idp.sign({ ...decodeJwt(token), exp: undefined })],
      ['without iat', (token) => idp.sign({ ...decodeJwt(token), iat: undefined })],
      ['without sub', (token) => idp.sign({ ...decodeJwt(token), sub: undefined })],
      ['signed with the client’s secret', (token) => signWithSecret(decodeJwt(token))],
      ['another key', (token) => idp.forge(decodeJwt(token))],
      [
        'another sub under the old signature',
        (token) => {
          const [head = '', , signature = ''] = token.split('.');
          const claims = Buffer.from(JSON.stringify({ ...decodeJwt(token), sub: 'other' })).toString('base64url');
          return Promise.resolve([head, claims, signature].join('.'));
        },
      ],
      [
        'no signature',
        (token) => {
          const head = Buffer.from('{"alg":"none"}').toString('base64url');
          return Promise.resolve(`${head}.${token.split('.')[1] ?? ''}.`);
        },
      ],
    ];
    for (const [what, change] of hostile) {
      idp.tamper = async (answer) => ({ ...answer, id_token: await change(answer.id_token) });
      assert.equal((await signInAs(subject)).body.code, 'OIDC_REFUSED', what);
    }
    idp.tamper = ({ id_token: _, ...answer }) => Promise.resolve(answer);
    assert.equal((await signInAs(subject)).body.code, 'OIDC_REFUSED', 'no ID token');
    idp.tamper = async (answer) => ({
      ...answer,
      id_token: await idp.sign({ ...decodeJwt(answer.id_token), auth_time: now().getTime() / 1000 - 3600 }),
    });
    assert.equal((await signInAs(subject)).body.code, 'OIDC_NOT_FRESH', 'a sign-in of an hour ago');
    idp.tamper = async (answer) => ({
      ...answer,
      id_token: await idp.sign({ ...decodeJwt(answer.id_token), auth_time: now().getTime() / 1000 }),
    });
    assert.equal((await signInAs(subject)).status, 200, 'signed anew by the provider, nothing changed');
  });

  it('are told what to do when they said no, are not linked, or their account was ended', async () => {
    const denied = await goAs(newSubject(), pages(), { denies: true });
    const no = await finish(denied.browser, denied.parameters);
    assert.deepEqual([no.status, no.body.code], [403, 'OIDC_DENIED']);
    assert.doesNotMatch(JSON.stringify(no.body), /script/);
    assert.equal((await signInAs(newSubject())).body.code, 'IDENTITY_NOT_LINKED');
    const accounts = await store.database.knex('accounts').count<{ count: number | string }[]>({ count: '*' });
    const { who, subject } = await linked();
    const host = await person(['admin'], HOST_TENANT);
    assert.equal((await host.browser.call('DELETE', `/accounts/${who.id}`)).status, 204);
    assert.equal((await signInAs(subject)).body.code, 'ACCOUNT_DISABLED');
    const after = await store.database.knex('accounts').count<{ count: number | string }[]>({ count: '*' });
    assert.equal(Number(after[0]?.count), Number(accounts[0]?.count) + 2, 'nobody got an account by coming');
  });

  it('accept an invitation with it, which gives the roles; what the provider lacks is set up here', async () => {
    const admin = await person(['admin']);
    const invitation = async () =>
      (await invite(effects, { tenant: 'sc', roles: ['clerk'], name: '李娜' }, admin.id)).token;
    const accept = async (subject: string, more: object, token: string, login: string) => {
      const { browser, parameters } = await goAs(subject, pages(), more, { invitation: { token, login } });
      return { browser, ...(await finish(browser, parameters)) };
    };
    const [token, other] = [await invitation(), await invitation()];
    const begin = (body: object) => pages().call('POST', '/session/oidc', { invitation: body });
    assert.equal((await begin({ token, login: admin.login })).body.code, 'LOGIN_TAKEN');
    assert.equal((await begin({ token, login: '李' })).body.code, 'LOGIN_INVALID');
    assert.equal((await begin({ token: 'A'.repeat(43), login: 'li-na' })).body.code, 'INVITATION_INVALID');
    const subject = newSubject();
    const come = await accept(subject, { amr: ['mfa'] }, token, `Li.Na-${kind}`);
    assert.deepEqual([come.status, come.body.signedIn?.method], [200, 'oidc'], JSON.stringify(come.body));
    assert.equal(await work(come.browser), 200);
    assert.deepEqual((await come.browser.call('GET', '/account/identity')).body.hasPassword, false);
    assert.equal((await accept(subject, { amr: ['mfa'] }, other, 'somebody-else')).body.code, 'IDENTITY_TAKEN');
    assert.equal((await begin({ token, login: 'li-na-2' })).body.code, 'INVITATION_INVALID', 'used');
    const weaker = await signInAs(subject, { amr: ['pwd'] });
    assert.equal(weaker.body.code, 'PROVIDER_FACTOR_NEEDED', 'a stolen password of the provider opens nothing');
    assert.equal((await come.browser.call('DELETE', '/account/identity')).body.code, 'WAY_IN_NEEDED');

    const alone = await accept(newSubject(), { amr: ['pwd'] }, other, `alone-${kind}`);
    assert.deepEqual([alone.body.signedIn?.method, alone.body.signedIn?.isComplete], ['oidc-alone', false]);
    assert.equal(await work(alone.browser), 403);
    const { body } = await alone.browser.call('POST', '/account/totp');
    const confirmed = await alone.browser.call('POST', '/account/totp/confirm', {
      code: codeAt(body.secret ?? '', now()),
    });
    assert.equal(confirmed.status, 200);
    assert.equal(await work(alone.browser), 200);
  });

  it('link only just after signing in, in the same session, and one identity to one account', async () => {
    const { who, subject, browser } = await linked();
    assert.equal((await browser.call('GET', '/account/identity')).body.identities?.[0]?.issuer, idp.issuer);
    assert.equal((await browser.call('POST', '/account/identity', {})).body.code, 'IDENTITY_ALREADY');
    const other = await person();
    const late = await signInWithPassword(other);
    later(10 * MINUTE + 1);
    assert.equal((await late.call('POST', '/account/identity', {})).body.code, 'FRESH_SIGN_IN_NEEDED');
    const begin = async (person: Person) => {
      const browser = await signInWithPassword(person);
      const begun = await browser.call('POST', '/account/identity', {});
      assert.equal(begun.status, 200, JSON.stringify(begun.body));
      idp.next = { subject };
      return { browser, parameters: await idp.visit(begun.body.address ?? '') };
    };
    const { code: taken } = await begin(other).then(
      async ({ browser, parameters }) => (await browser.call('POST', '/account/identity/finish', { parameters })).body,
    );
    assert.equal(taken, 'IDENTITY_TAKEN');
    const begun = await begin(other);
    const elsewhere = await signInWithPassword(other);
    for (const [name, value] of begun.browser.jar) if (name.includes('provider')) elsewhere.jar.set(name, value);
    const { parameters } = begun;
    assert.equal((await elsewhere.call('POST', '/account/identity/finish', { parameters })).body.code, 'OIDC_STATE');
    assert.equal((await finish(begun.browser, parameters)).body.code, 'OIDC_STATE', 'and it was spent by that');
    const foreign = await begin(other);
    foreign.browser.csrf = undefined;
    const forged = await foreign.browser.call('POST', '/account/identity/finish', { parameters: foreign.parameters });
    assert.equal(forged.body.code, 'CSRF');
    assert.ok(who.id !== other.id);
  });

  it('end their link where another way in stays; administrators end it of those they may help', async () => {
    const { who, subject, browser } = await linked();
    assert.equal((await browser.call('DELETE', '/account/identity')).status, 204);
    assert.equal((await browser.call('DELETE', '/account/identity')).status, 404);
    assert.equal((await signInAs(subject)).body.code, 'IDENTITY_NOT_LINKED');
    const again = await linked();
    const admin = await person(['admin']);
    const list = await admin.browser.call<Said>('GET', '/tenants/sc/accounts');
    const shown = list.body.accounts?.find(({ id }) => id === again.who.id);
    assert.match(shown?.linkedAt ?? '', /^\d{4}-/);
    assert.doesNotMatch(JSON.stringify(list.body), new RegExp(again.subject), 'the subject is not shown');
    const { browser: session } = await signInAs(again.subject);
    const elsewhere = await person(['admin'], 'cq');
    const path = `/accounts/${again.who.id}/identity`;
    assert.equal((await elsewhere.browser.call('DELETE', `/tenants/sc${path}`)).body.code, 'NOT_FOUND');
    assert.equal((await elsewhere.browser.call('DELETE', `/tenants/cq${path}`)).body.code, 'ACCOUNT_NOT_FOUND');
    assert.equal((await admin.browser.call('DELETE', `/tenants/sc${path}`)).status, 204);
    assert.equal(await work(session), 401, 'the session it gave is over');
    assert.equal((await signInAs(again.subject)).body.code, 'IDENTITY_NOT_LINKED');

    const rowsOf = (tenant: string) => readAudit(store.database.knex, { tenant, limit: 1000 });
    const audit = [...(await rowsOf(HOST_TENANT)), ...(await rowsOf('sc'))];
    const of = (action: string) => audit.filter((row) => row.action === action && row.subject === again.who.id);
    assert.equal(of('account.identity-link').length, 1);
    assert.equal(of('account.identity-unlink')[0]?.actor, admin.id);
    assert.ok(!JSON.stringify(audit).includes('sub-'), 'the log holds no subject');
    assert.ok(who.id.startsWith('acct_'));
  });

  it('sign in with passkey or password while the provider is down, and are told so; nothing secret is logged or kept', async () => {
    const { who, subject } = await linked();
    const { browser, parameters } = await goAs(subject, pages(), { amr: ['mfa'] });
    await idp.close();
    const down = await finish(browser, parameters);
    assert.deepEqual([down.status, down.body.code], [502, 'OIDC_UNREACHABLE']);
    later(11 * MINUTE);
    assert.equal((await pages().call('POST', '/session/oidc', {})).body.code, 'OIDC_UNREACHABLE');
    await signInWithPassword(who);
    const kept = JSON.stringify(
      await Promise.all(
        ['account_identities', 'account_sessions', 'account_challenges', 'audit_log'].map((table) =>
          store.database.knex(table).select(),
        ),
      ),
    );
    for (const held of [lines.join(''), kept]) {
      // Header or payload of a token, whole or cut off: random identifiers hold its first letters now and then, but say no member.
      for (const [text] of held.matchAll(/eyJ[\w-]{10,}/g))
        assert.doesNotMatch(Buffer.from(text, 'base64url').toString('latin1'), /^\{"\w+":/, 'a token');
      for (const value of [parameters['code'] ?? 'x', parameters['state'] ?? 'x']) assert.ok(!held.includes(value));
    }
  });
});
