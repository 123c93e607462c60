import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import { z } from 'zod';
import { accountRoutes, invite, sessionPrincipal, type AccountEffects } from '../../server/accounts/index.js';
import {
  createApp,
  defineRoute,
  HOST_TENANT,
  listen,
  readAudit,
  verifyAuditChain,
  type Listener,
} from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { memoryLogger, temporaryDatabase } from '../server/helpers.js';
import { Browser, codeAt, newPerson, PASSWORD, type Person } from './people.js';
import { SoftAuthenticator } from './soft-authenticator.js';

const params = z.strictObject({ tenant: z.string() });
const secret = randomBytes(32);

describeOnEachDatabase('people who sign in', function (kind) {
  this.timeout(60_000);
  const time = { now: new Date('2026-11-22T08:00:00.000Z') };
  const { logger, lines } = memoryLogger();
  let store: Awaited<ReturnType<typeof temporaryDatabase>>;
  let effects: AccountEffects;
  let listener: Listener;
  let admin: Person;
  let logins = 0;

  const later = (milliseconds: number) => (time.now = new Date(time.now.getTime() + milliseconds));
  const person = (roles: Parameters<typeof newPerson>[2]['roles'], tenant = 'sc', name?: string) =>
    newPerson(effects, listener.url, {
      login: `login-${++logins}`,
      roles,
      tenant,
      ...(name === undefined ? {} : { name }),
    });
  /** A code not used before: each goes once, so time moves on. */
  const nextCode = (who: Person) => codeAt(who.secret, later(30_000));
  const signIn = (who: Person, changes: object = {}, browser = new Browser(listener.url)) =>
    browser.call('POST', '/session', { login: who.login, password: PASSWORD, totp: nextCode(who), ...changes });
  const work = (browser: Browser, tenant = 'sc', method = 'GET') => browser.call(method, `/tenants/${tenant}/work`);

  before(async () => {
    store = await temporaryDatabase([], kind);
    const app = createApp({
      name: 'test',
      version: '1',
      logger,
      requestsPerMinute: 100_000,
      authenticate: () => Promise.reject(new YizhengError('API_KEY_MISSING', 'Send an API key.', { status: 401 })),
      authenticateSession: (request, tenant) => sessionPrincipal(effects, request, tenant),
    });
    for (const method of ['get', 'post'] as const)
      defineRoute(app, {
        method,
        path: '/tenants/:tenant/work',
        summary: 'x',
        access: ['clerk'],
        tenantParam: 'tenant',
        params,
        responses: {},
        handler: ({ principal }) => ({ body: { ...principal } }),
      });
    listener = await listen(app, { port: 0 });
    effects = {
      database: store.database,
      keystore: {
        hmac: (purpose, data) =>
          Promise.resolve(Uint8Array.from(createHmac('sha256', secret).update(purpose).update(data).digest())),
      },
      baseUrl: listener.url,
      clock: () => time.now,
      randomBytes: (length) => new Uint8Array(randomBytes(length)),
    };
    accountRoutes(app, effects, {
      path: '/tenants/:tenant',
      param: 'tenant',
      params,
      triesPerMinute: 100_000,
      assertExists: (tenant) =>
        tenant === 'nobody' ? Promise.reject(new YizhengError('NOT_FOUND', 'no', { status: 404 })) : Promise.resolve(),
    });
    admin = await person(['admin'], 'sc', 'Administrator');
  });
  beforeEach(async () => {
    later(60_000);
    await signIn(admin, {}, admin.browser);
  });
  after(async () => {
    await listener.close();
    await store.remove();
  });

  it('come in by an invitation, which is good once and for seven days', async () => {
    const { body } = await admin.browser.call<{ token: string }>('POST', '/tenants/sc/invitations', {
      name: '李娜',
      roles: ['clerk'],
    });
    const guest = new Browser(listener.url);
    const offer = await guest.call('POST', '/invitations/read', { token: body.token });
    assert.deepEqual([offer.body['name'], offer.body['tenant'], offer.body['roles']], ['李娜', 'sc', ['clerk']]);
    const answer = { token: body.token, login: 'Li.Na', password: PASSWORD };
    assert.equal(
      (await guest.call('POST', '/invitations/accept', { ...answer, password: '123456789012' })).body.code,
      'PASSWORD_WEAK',
    );
    assert.equal(
      (await guest.call('POST', '/invitations/accept', { ...answer, password: 'my name is li.na' })).body.code,
      'PASSWORD_WEAK',
    );
    assert.equal(
      (await guest.call('POST', '/invitations/accept', { ...answer, login: '李' })).body.code,
      'LOGIN_INVALID',
    );
    assert.equal(
      (await guest.call('POST', '/invitations/accept', { ...answer, login: admin.login.toUpperCase() })).body.code,
      'LOGIN_TAKEN',
    );
    assert.equal((await guest.call('POST', '/invitations/accept', answer)).status, 201);
    assert.equal(
      (await guest.call('POST', '/invitations/accept', { ...answer, login: 'other' })).body.code,
      'INVITATION_INVALID',
    );
    const late = await invite(effects, { tenant: 'sc', roles: ['clerk'], name: 'x' }, 'test');
    later(7 * 86_400_000);
    assert.equal(
      (await guest.call('POST', '/invitations/read', { token: late.token })).body.code,
      'INVITATION_INVALID',
    );
  });

  it('do nothing before they have a second factor', async () => {
    const { token } = await invite(effects, { tenant: 'sc', roles: ['clerk'], name: '王五' }, 'test');
    const browser = new Browser(listener.url);
    const accepted = await browser.call('POST', '/invitations/accept', { token, login: 'wangwu', password: PASSWORD });
    assert.equal(accepted.body['isComplete'], false);
    assert.equal((await work(browser)).body.code, 'SECOND_FACTOR_NEEDED');
    const { body } = await browser.call<{ secret: string; uri: string }>('POST', '/account/totp');
    assert.match(body.uri, /^otpauth:\/\/totp\//);
    const wrong = await browser.call('POST', '/account/totp/confirm', { code: '000000' });
    assert.equal(wrong.body.code, 'TOTP_WRONG');
    const done = await browser.call<{ recoveryCodes: string[] }>('POST', '/account/totp/confirm', {
      code: codeAt(body.secret, time.now),
    });
    assert.equal(new Set(done.body.recoveryCodes).size, 10);
    assert.equal((await work(browser)).status, 200);
  });

  it('sign in with password and code, and each code goes once', async () => {
    const who = await person(['clerk']);
    const totp = nextCode(who);
    const browser = new Browser(listener.url);
    const first = await signIn(who, { totp }, browser);
    assert.equal(first.status, 200);
    assert.equal(first.body['method'], 'password+totp');
    assert.equal((await signIn(who, { totp })).body.code, 'SIGN_IN_FAILED');
    assert.deepEqual((await work(browser)).body, { keyId: who.id, tenant: 'sc', roles: ['clerk'] });
    assert.equal((await signIn(who, { totp: undefined })).body.code, 'TOTP_REQUIRED');
  });

  it('learn nothing about which part was wrong, and wait after five wrong tries', async () => {
    const who = await person(['clerk']);
    const wrong = await signIn(who, { password: 'wrong password' });
    const unknown = await signIn({ ...who, login: 'nobody-here' });
    assert.deepEqual(
      [wrong.status, wrong.body.code, wrong.body.detail],
      [unknown.status, unknown.body.code, unknown.body.detail],
    );
    for (let tries = 0; tries < 4; tries++) await signIn(who, { totp: '000000' });
    assert.equal((await signIn(who)).body.code, 'SIGN_IN_LOCKED');
    later(61_000);
    assert.equal((await signIn(who)).status, 200);
    for (let tries = 0; tries < 4; tries++)
      assert.equal((await signIn(who, { totp: '000000' })).body.code, 'SIGN_IN_FAILED');
    assert.equal((await signIn(who, { recoveryCode: 'AAAA-AAAA-AAAA-AAAA' })).body.code, 'SIGN_IN_LOCKED');
  });

  it('get a new session at each sign-in, never one they were given (session fixation)', async () => {
    const who = await person(['clerk']);
    const planted = `__Host-yizheng-session-${new URL(listener.url).port}=${'A'.repeat(43)}`;
    const browser = new Browser(listener.url);
    browser.cookie = planted;
    const { cookie } = await signIn(who, {}, browser);
    assert.ok(cookie !== undefined && cookie !== planted);
    const stranger = new Browser(listener.url);
    stranger.cookie = planted;
    assert.equal((await work(stranger)).body.code, 'SESSION_EXPIRED');
    stranger.cookie = `${cookie}; ${planted}`;
    assert.equal((await work(stranger)).status, 401, 'two session cookies are none');
  });

  it('are signed out by themselves after half an hour without work, after twelve hours, and when they say so', async () => {
    const who = await person(['clerk']);
    later(31 * 60_000);
    assert.equal((await work(who.browser)).body.code, 'SESSION_EXPIRED');
    await signIn(who, {}, who.browser);
    for (let hours = 0; hours < 23; hours++) {
      later(29 * 60_000);
      assert.equal((await work(who.browser)).status, 200, `after ${hours} × 29 minutes`);
    }
    later(58 * 60_000);
    assert.equal((await work(who.browser)).body.code, 'SESSION_EXPIRED');
    await signIn(who, {}, who.browser);
    const { cookie } = who.browser;
    assert.equal((await who.browser.call('DELETE', '/session')).status, 204);
    who.browser.cookie = cookie;
    assert.equal((await work(who.browser)).body.code, 'SESSION_EXPIRED');
  });

  it('change nothing from a page of another origin', async () => {
    const who = await person(['clerk']);
    assert.equal((await work(who.browser, 'sc', 'POST')).status, 200);
    const forged = new Browser(listener.url);
    forged.cookie = who.browser.cookie;
    assert.equal((await work(forged, 'sc', 'POST')).body.code, 'CSRF');
    forged.csrf = admin.browser.csrf;
    assert.equal((await work(forged, 'sc', 'POST')).body.code, 'CSRF');
    assert.equal((await forged.call('DELETE', '/session')).body.code, 'CSRF');
    const form = await forged.call('POST', '/session', undefined, { 'content-type': 'text/plain' });
    assert.equal(form.status, 415, 'no form of another page can sign somebody in');
  });

  it('have roles at their tenants only, and lose them at once', async () => {
    const who = await person(['clerk']);
    assert.equal((await work(who.browser, 'cq')).body.code, 'NOT_FOUND');
    assert.equal((await work(admin.browser)).body.code, 'ROLE_MISSING');
    const roles = `/tenants/sc/accounts/${who.id}/roles`;
    assert.equal((await who.browser.call('PUT', roles, { roles: ['admin'] })).body.code, 'ROLE_MISSING');
    assert.equal((await admin.browser.call('PUT', roles, { roles: ['auditor'] })).status, 204);
    assert.equal((await work(who.browser)).body.code, 'ROLE_MISSING');
    assert.equal((await admin.browser.call('PUT', roles, { roles: [] })).status, 204);
    assert.equal((await work(who.browser)).body.code, 'NOT_FOUND');
    const own = `/tenants/sc/accounts/${admin.id}/roles`;
    assert.equal((await admin.browser.call('PUT', own, { roles: ['clerk'] })).body.code, 'OWN_ROLES');
    const host = await person(['clerk'], HOST_TENANT);
    assert.equal((await work(host.browser, 'cq')).status, 200);
  });

  it('are helped by their administrator when everything is lost, but not by the administrator of one of two tenants', async () => {
    const who = await person(['clerk']);
    const reset = `/tenants/sc/accounts/${who.id}/reset`;
    const { body } = await admin.browser.call<{ token: string }>('POST', reset);
    const browser = new Browser(listener.url);
    assert.equal((await browser.call('POST', '/invitations/read', { token: body.token })).body['login'], who.login);
    const next = `${PASSWORD} again`;
    const accepted = await browser.call('POST', '/invitations/accept', {
      token: body.token,
      login: 'ignored',
      password: next,
    });
    assert.equal(accepted.body['isComplete'], false);
    assert.equal((await work(who.browser)).body.code, 'SESSION_EXPIRED');
    assert.equal((await signIn(who)).body.code, 'SIGN_IN_FAILED');
    await store.database.write((transaction) =>
      transaction('account_memberships').insert({ account: who.id, tenant: 'cq', roles: 'clerk' }),
    );
    assert.equal((await admin.browser.call('POST', reset)).body.code, 'ACCOUNT_ELSEWHERE');
    const elsewhere = await person(['clerk'], 'cq');
    assert.equal(
      (await admin.browser.call('POST', `/tenants/sc/accounts/${elsewhere.id}/reset`)).body.code,
      'ACCOUNT_NOT_FOUND',
    );
  });

  it('come back with a recovery code, once, and then set up a new second factor', async () => {
    const who = await person(['clerk']);
    const [code = ''] = who.recoveryCodes;
    const browser = new Browser(listener.url);
    const back = await signIn(who, { totp: undefined, recoveryCode: code.toLowerCase() }, browser);
    assert.deepEqual([back.status, back.body['method'], back.body['isComplete']], [200, 'recovery', false]);
    assert.equal((await work(browser)).body.code, 'SECOND_FACTOR_NEEDED');
    assert.equal((await signIn(who, { totp: undefined, recoveryCode: code })).body.code, 'SIGN_IN_FAILED');
    const alone = await signIn(who, { totp: undefined });
    assert.equal(alone.body.code, 'RECOVERY_NEEDED', 'the password alone opens nothing meanwhile');
  });

  it('leave no door open behind them: other slips for one account, and invitations of who may no longer invite', async () => {
    const who = await person(['clerk']);
    const reset = `/tenants/sc/accounts/${who.id}/reset`;
    const first = await admin.browser.call<{ token: string }>('POST', reset);
    const second = await admin.browser.call<{ token: string }>('POST', reset);
    const next = { login: 'x', password: `${PASSWORD} again` };
    const guest = new Browser(listener.url);
    assert.equal((await guest.call('POST', '/invitations/accept', { token: second.body.token, ...next })).status, 201);
    const left = await guest.call('POST', '/invitations/accept', { token: first.body.token, ...next });
    assert.equal(left.body.code, 'INVITATION_INVALID');
    const deputy = await person(['admin']);
    const { body } = await deputy.browser.call<{ token: string }>('POST', '/tenants/sc/invitations', {
      name: 'myself',
      roles: ['admin'],
    });
    await admin.browser.call('PUT', `/tenants/sc/accounts/${deputy.id}/roles`, { roles: ['clerk'] });
    assert.equal(
      (await guest.call('POST', '/invitations/read', { token: body.token })).body.code,
      'INVITATION_INVALID',
    );
  });

  it('sign in with a passkey instead, and a copy of it is noticed', async () => {
    const who = await person(['clerk']);
    const authenticator = new SoftAuthenticator(listener.url);
    interface Begun<T> {
      challengeId: string;
      options: T;
    }
    const { body: begun } = await who.browser.call<Begun<PublicKeyCredentialCreationOptionsJSON>>(
      'POST',
      '/account/passkey-options',
    );
    const response = authenticator.create(begun.options);
    const answer = { challengeId: begun.challengeId, label: 'phone', response };
    const foreign = { ...answer, response: new SoftAuthenticator('https://evil.example').create(begun.options) };
    assert.equal((await who.browser.call('POST', '/account/passkeys', foreign)).body.code, 'PASSKEY_INVALID');
    assert.equal(
      (await who.browser.call('POST', '/account/passkeys', answer)).body.code,
      'CHALLENGE_INVALID',
      'each goes once',
    );
    const { body: again } = await who.browser.call<Begun<PublicKeyCredentialCreationOptionsJSON>>(
      'POST',
      '/account/passkey-options',
    );
    const added = await who.browser.call('POST', '/account/passkeys', {
      ...answer,
      challengeId: again.challengeId,
      response: authenticator.create(again.options),
    });
    assert.equal(added.status, 201);

    const enter = async (change: (response: ReturnType<SoftAuthenticator['get']>) => unknown = (one) => one) => {
      const browser = new Browser(listener.url);
      const { body } = await browser.call<Begun<PublicKeyCredentialRequestOptionsJSON>>(
        'POST',
        '/session/passkey-options',
      );
      const signed = change(authenticator.get(body.options));
      const result = await browser.call('POST', '/session/passkey', {
        challengeId: body.challengeId,
        response: signed,
      });
      return { browser, result };
    };
    const { browser, result } = await enter();
    assert.deepEqual([result.status, result.body['method']], [200, 'passkey']);
    assert.equal((await work(browser)).status, 200);
    const forged = await enter((one) => ({
      ...one,
      response: { ...one.response, signature: Buffer.from('no').toString('base64url') },
    }));
    assert.equal(forged.result.body.code, 'PASSKEY_INVALID');
    authenticator.counter = 0;
    assert.equal((await enter()).result.body.code, 'PASSKEY_INVALID');

    const { body: known } = await who.browser.call<{ passkeys: { id: string }[] }>('GET', '/account/passkeys');
    assert.equal((await who.browser.call('DELETE', '/account/totp')).status, 204);
    const last = `/account/passkeys/${known.passkeys[0]?.id}`;
    assert.equal((await who.browser.call('DELETE', last)).body.code, 'FACTOR_NEEDED');
    assert.equal((await signIn(who, { totp: undefined })).body.code, 'PASSKEY_REQUIRED');
  });

  it('end other sessions by changing the password', async () => {
    const who = await person(['clerk']);
    const other = new Browser(listener.url);
    await signIn(who, {}, other);
    const next = `${PASSWORD} anew`;
    const wrong = await other.call('POST', '/account/password', { current: 'not it', next });
    assert.equal(wrong.body.code, 'SIGN_IN_FAILED');
    assert.equal((await other.call('POST', '/account/password', { current: PASSWORD, next })).status, 204);
    assert.equal((await work(other)).status, 200);
    assert.equal((await work(who.browser)).body.code, 'SESSION_EXPIRED');
    assert.equal((await signIn(who, { password: next })).status, 200);
  });

  it('are gone at once when their account is ended', async () => {
    const host = await person(['admin'], HOST_TENANT);
    const who = await person(['clerk']);
    assert.equal((await admin.browser.call('DELETE', `/accounts/${who.id}`)).body.code, 'NOT_FOUND');
    assert.equal((await host.browser.call('DELETE', `/accounts/${who.id}`)).status, 204);
    assert.equal((await work(who.browser)).body.code, 'SESSION_EXPIRED');
    assert.equal((await signIn(who)).body.code, 'SIGN_IN_FAILED');
  });

  it('leave what they did to accounts in the audit log, and no secret in it, the database or the log', async () => {
    const who = await person(['clerk']);
    const entries = [
      ...(await readAudit(store.database.knex, { tenant: HOST_TENANT, limit: 1000 })),
      ...(await readAudit(store.database.knex, { tenant: 'sc', limit: 1000 })),
    ];
    const actions = new Set(entries.map(({ action }) => action));
    for (const action of [
      'account.invite',
      'account.accept',
      'account.totp',
      'account.sign-in',
      'account.locked',
      'account.roles',
      'account.reset',
      'account.passkey',
      'account.disable',
    ])
      assert.ok(actions.has(action), action);
    assert.equal((await verifyAuditChain(store.database.knex)).brokenAt, undefined);
    const stored = JSON.stringify(await store.database.knex('accounts').select());
    const token = who.browser.cookie?.split('=')[1] ?? '';
    const sessions = JSON.stringify(await store.database.knex('account_sessions').select());
    for (const hidden of [who.secret, PASSWORD, token, who.recoveryCodes[0] ?? ''])
      for (const place of [stored, sessions, JSON.stringify(entries), lines.join('\n')])
        assert.ok(!place.includes(hidden));
  });
});
