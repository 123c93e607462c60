import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { accountRoutes, sessionPrincipal, type AccountEffects } from '../../server/accounts/index.js';
import { createApp, listen, readAudit, HOST_TENANT, type Listener } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { memoryLogger, temporaryDatabase } from '../server/helpers.js';
import { Browser, codeAt, newPerson, PASSWORD, type Person } from './people.js';

/** Tries that are looked at before the next one has to wait. */
const FREE_TRIES = 5;
const MANY = 50;

describeOnEachDatabase('many tries at once', function (kind) {
  this.timeout(60_000);
  const secret = randomBytes(32);
  const time = { now: new Date('2026-11-22T08:00:00.000Z') };
  let store: Awaited<ReturnType<typeof temporaryDatabase>>;
  let effects: AccountEffects;
  let listener: Listener;
  let who: Person;

  const later = (milliseconds: number) => (time.now = new Date(time.now.getTime() + milliseconds));
  const tryWith = async (typed: object): Promise<string> => {
    const { status, body } = await new Browser(listener.url).call('POST', '/session', { login: who.login, ...typed });
    return status === 200 ? 'in' : (body.code ?? '');
  };
  const tries = (typed: (i: number) => object) => [...Array(MANY).keys()].map((i) => tryWith(typed(i)));
  const count = (codes: readonly string[], code: string) => codes.filter((one) => one === code).length;

  before(async () => {
    store = await temporaryDatabase([], kind);
    const app = createApp({
      name: 'test',
      version: '1',
      logger: memoryLogger().logger,
      requestsPerMinute: 100_000,
      authenticateSession: (request, tenant) => sessionPrincipal(effects, request, tenant),
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
      params: z.strictObject({ tenant: z.string() }),
      triesPerMinute: 100_000,
      assertExists: () => Promise.resolve(),
    });
    who = await newPerson(effects, listener.url, { login: 'guessed-at', tenant: 'sc', roles: ['clerk'] });
  });
  beforeEach(() => later(3 * 3600_000));
  after(async () => {
    await listener.close();
    await store.remove();
  });

  it('fifty wrong passwords sent together are five tries', async () => {
    const codes = await Promise.all(tries((i) => ({ password: `not the password ${i}` })));
    assert.deepEqual([count(codes, 'SIGN_IN_FAILED'), count(codes, 'SIGN_IN_LOCKED')], [4, MANY - 4]);
    const log = await readAudit(store.database.knex, { tenant: HOST_TENANT, limit: 1000 });
    assert.equal(log.filter(({ action, subject }) => action === 'account.locked' && subject === who.id).length, 1);
    assert.equal(await tryWith({ password: PASSWORD }), 'SIGN_IN_LOCKED');
  });

  it('fifty codes sent together with the right password are five tries too', async () => {
    const near = [-30_000, 0, 30_000].map((ms) => codeAt(who.secret, new Date(time.now.getTime() + ms)));
    const wrong = [...Array(MANY + near.length).keys()].map((i) => String(i).padStart(6, '0'));
    const guesses = wrong.filter((code) => !near.includes(code));
    const codes = await Promise.all(tries((i) => ({ password: PASSWORD, totp: guesses[i] })));
    assert.deepEqual([count(codes, 'SIGN_IN_FAILED'), count(codes, 'SIGN_IN_LOCKED')], [4, MANY - 4]);
    const late = { password: PASSWORD, totp: codeAt(who.secret, time.now) };
    assert.equal(await tryWith(late), 'SIGN_IN_LOCKED');
    later(61_000);
    assert.equal(await tryWith({ ...late, totp: codeAt(who.secret, time.now) }), 'in');
  });

  it('nobody is told that a password is right before the try is counted', async () => {
    const { database } = effects;
    effects.database = {
      knex: database.knex,
      write: () => Promise.reject(new YizhengError('STORAGE_BUSY', 'Busy.', { status: 503 })),
      check: () => database.check(),
      close: () => database.close(),
    };
    assert.equal(await tryWith({ password: PASSWORD }), 'STORAGE_BUSY');
    effects.database = database;
  });

  it('whoever is only asked for the code has used up nothing', async () => {
    for (let times = 0; times <= FREE_TRIES; times++)
      assert.equal(await tryWith({ password: PASSWORD }), 'TOTP_REQUIRED');
    assert.equal(await tryWith({ password: PASSWORD, totp: codeAt(who.secret, time.now) }), 'in');
  });

  it('after the wait too: typing the right password first and the code then begins no new wait', async () => {
    for (let times = 0; times < FREE_TRIES; times++) await tryWith({ password: `not the password ${times}` });
    assert.equal(await tryWith({ password: PASSWORD }), 'SIGN_IN_LOCKED');
    later(61_000);
    assert.equal(await tryWith({ password: PASSWORD }), 'TOTP_REQUIRED');
    assert.equal(await tryWith({ password: PASSWORD, totp: codeAt(who.secret, time.now) }), 'in');
  });

  it('the present password is not guessed at in somebody’s open session either', async () => {
    assert.equal(await tryWith({ password: PASSWORD, totp: codeAt(who.secret, later(31_000)) }), 'in');
    const { browser } = who;
    const signedIn = await browser.call('POST', '/session', {
      login: who.login,
      password: PASSWORD,
      totp: codeAt(who.secret, later(31_000)),
    });
    assert.equal(signedIn.status, 200);
    const guess = (current: string) => browser.call('POST', '/account/password', { current, next: `${PASSWORD} anew` });
    const answers = await Promise.all([...Array(MANY).keys()].map((i) => guess(`no ${i}`)));
    assert.equal(answers.filter(({ body }) => body.code === 'SIGN_IN_FAILED').length, FREE_TRIES);
    assert.equal((await guess(PASSWORD)).body.code, 'SIGN_IN_LOCKED');
    later(61_000);
    assert.equal((await guess(PASSWORD)).status, 204);
  });
});
