import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createResponseKeys } from '../../keys/response-keys.js';
import { createShortSealing } from '../../keys/short-sealing.js';
import { openDatabase, readAudit, verifyAuditChain } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import { redirectUriClient } from '../../verifier/openid4vp/client-identifier.js';
import { createDatabaseSessions } from '../../verifier/openid4vp/database-sessions.js';
import { createMemorySessions } from '../../verifier/openid4vp/memory-sessions.js';
import { PresentationRequests } from '../../verifier/openid4vp/presentation-requests.js';
import type {
  PresentationSession,
  SessionOutcome,
  SessionStore,
} from '../../verifier/openid4vp/presentation-session.js';
import { verifierMigrations } from '../../verifier/openid4vp/index.js';
import type { VerifierContext } from '../../verifier/verifier-context.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { temporaryDatabase } from '../server/helpers.js';
import { ThirdPartyHolder, thirdPartyKey } from './third-party-holder.js';
import { didClient, formFor, freePort, newKeystore, startAskingVerifier } from './world.js';

const NOW = new Date('2026-11-20T10:00:00Z');
const later = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);
const custody = { hmac: (purpose: string, data: Uint8Array) => Promise.resolve(Uint8Array.from({ length: 32 }, (_, i) => (purpose.length * 31 + (data[i % data.length] ?? 0) + i) & 255)) }; // prettier-ignore

function session(id: string): PresentationSession {
  return {
    id,
    readerSha256: '0'.repeat(64),
    askedBy: 'guest',
    anchor: 'did:web:sichuan.example',
    request: { kind: 'skill-level', claims: ['name'], formats: ['dc+sd-jwt'] },
    query: { credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: {} }] },
    mode: 'direct_post',
    clientId: 'redirect_uri:x',
    responseUri: 'x',
    nonce: 'n',
    state: 's',
    salt: 'salt',
    createdAt: NOW.toISOString(),
    expiresAt: later(5).toISOString(),
  };
}

const OUTCOME: SessionOutcome = {
  phase: 'refused',
  receivedAt: NOW.toISOString(),
  problems: [{ code: 'NONCE_MISMATCH', at: '张伟' }],
};

function keepsSessions(start: () => { store: SessionStore }): void {
  it('gives a session one answer, also when many come at once, and gives it back where it could not be judged', async () => {
    const { store } = start();
    await store.add(session('a'), NOW);
    const claims = await Promise.all([1, 2, 3, 4].map(() => store.claim('a', NOW)));
    assert.equal(claims.filter(Boolean).length, 1);
    await store.release('a');
    assert.equal(await store.claim('a', NOW), true);
    await store.conclude('a', OUTCOME, NOW);
    assert.equal(await store.claim('a', NOW), false);
    await store.release('a');
    const found = await store.find('a', NOW);
    assert.deepEqual([found?.phase, found?.outcome, found?.session], ['refused', OUTCOME, session('a')]);
  });

  it('forgets a request after five minutes and an answer after fifteen, and at once when it is erased', async () => {
    const { store } = start();
    for (const id of ['b', 'c', 'd']) await store.add(session(id), NOW);
    assert.equal(await store.claim('b', later(5)), false);
    assert.equal(await store.find('b', later(5)), undefined);
    assert.equal(await store.claim('c', later(4)), true);
    await store.conclude('c', OUTCOME, later(4));
    assert.equal((await store.find('c', later(18)))?.phase, 'refused');
    assert.equal(await store.find('c', later(19)), undefined);
    await store.erase('d');
    assert.equal(await store.find('d', NOW), undefined);
  });
}

describe('OpenID4VP sessions in memory', () => {
  keepsSessions(() => ({ store: createMemorySessions() }));

  it('refuses one more than it may hold, and has room again when their time is over', async () => {
    const store = createMemorySessions({ sessions: 2, characters: 1000 });
    await store.add(session('a'), NOW);
    await store.add(session('b'), NOW);
    await assert.rejects(store.add(session('c'), NOW), { code: 'VERIFIER_BUSY' });
    await store.add(session('c'), later(6));
  });
});

describe('an OpenID4VP answer that could not be judged', () => {
  async function answered(failure: Error): Promise<SessionStore> {
    const store = createMemorySessions();
    await store.add(session('a'), NOW);
    const context = {
      clock: () => NOW,
      pool: { run: () => Promise.reject(failure), setTrust: () => undefined, close: () => Promise.resolve() },
    };
    const requests = new PresentationRequests(
      {
        baseUrl: 'https://v.example',
        client: redirectUriClient(),
        sessions: store,
        keys: createResponseKeys(),
        returnOrigins: [],
      },
      context as unknown as VerifierContext,
    );
    const form = new Map([
      ['vp_token', '{"a":["x~"]}'],
      ['state', 's'],
    ]);
    await assert.rejects(requests.receive('a', form), (error) => error === failure);
    return store;
  }

  for (const failure of [
    new TypeError('a fault of ours'),
    new YizhengError('JSON_TOO_DEEP', 'Too deep.', { status: 422 }),
    new YizhengError('VERIFIER_BUSY', 'Busy.', { status: 503 }),
  ])
    it(`leaves the request open for another one: ${failure.message}`, async () => {
      const store = await answered(failure);
      assert.equal((await store.find('a', NOW))?.phase, 'waiting');
      assert.equal(await store.claim('a', NOW), true);
    });

  it('ends the request as refused when it took too long to check, so that whoever asked is told', async () => {
    const verifier = await startAskingVerifier(undefined, { limits: { workers: 1, jsonMs: 1 } });
    try {
      const asked = await verifier.ask({ request: { formats: ['ldp_vc'] }, responseMode: 'direct_post' });
      const key = await thirdPartyKey('ES256', 'key');
      const holder = new ThirdPartyHolder(key, () => new Date());
      const opened = await holder.open(asked.link);
      const presentation = await holder.present('ldp_vc', await formFor('ldp_vc', key.did), opened);
      const { status, body } = await holder.answer(opened, { certificate_ldp_vc: [presentation] });
      assert.deepEqual([status, body.code], [422, 'VERIFICATION_TIMEOUT']);
      const { phase, problems } = await verifier.read(asked);
      assert.deepEqual([phase, problems], ['refused', [{ code: 'VERIFICATION_TIMEOUT' }]]);
    } finally {
      await verifier.stop();
    }
  });
});

describeOnEachDatabase('OpenID4VP sessions in a database', function (kind) {
  this.timeout(60_000);
  let database: Awaited<ReturnType<typeof temporaryDatabase>>;
  beforeEach(async () => void (database = await temporaryDatabase(verifierMigrations, kind)));
  afterEach(() => database.remove());

  describe('one by one', () => {
    keepsSessions(() => ({ store: createDatabaseSessions(database.database, createShortSealing(custody)) }));
  });

  it('stores what a certificate says sealed, erases it, and writes down who asked for what and how it ended, but nothing of anybody', async () => {
    const store = createDatabaseSessions(database.database, createShortSealing(custody));
    await store.add(session('sealed'), NOW);
    await store.claim('sealed', NOW);
    await store.conclude('sealed', OUTCOME, NOW);
    const rows = JSON.stringify(await database.database.knex('presentation_sessions').where({ id: 'sealed' }));
    assert.ok(rows.includes('ciphertext') && !rows.includes('张伟') && !rows.includes('NONCE_MISMATCH'));
    await store.sweep(later(20));
    assert.equal((await database.database.knex('presentation_sessions')).length, 0);
    const audit = await readAudit(database.database.knex, { tenant: '*', limit: 1000 });
    const own = audit.filter(({ subject }) => subject === 'sealed');
    assert.deepEqual(
      own.map(({ action, detail }) => [action, detail]),
      [
        [
          'presentation.request',
          { anchor: 'did:web:sichuan.example', kind: 'skill-level', claims: ['name'], formats: ['dc+sd-jwt'] },
        ],
        ['presentation.answer', { codes: ['NONCE_MISMATCH'] }],
      ],
    );
    assert.equal((await verifyAuditChain(database.database.knex)).brokenAt, undefined);
  });

  it('lets one process take the encrypted answer to a request that another one made @slow', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'yizheng-two-'));
    const port = await freePort();
    const front = `http://localhost:${port}`;
    const keystore = await newKeystore(folder, front);
    const second = await openDatabase({ url: database.url, migrations: verifierMigrations });
    const parts = { keystore, port };
    const a = await startAskingVerifier(() => ({ database: database.database }), parts);
    // The second process listens elsewhere and is known by the same address, as behind one proxy.
    const b = await startAskingVerifier(
      () => ({ database: second, baseUrl: front, client: didClient(front, keystore) }),
      { keystore, port: await freePort() },
    );
    try {
      const asked = await b.ask({ request: { formats: ['dc+sd-jwt'] } });
      const key = await thirdPartyKey('ES256', 'key');
      const holder = new ThirdPartyHolder(key, () => new Date());
      const opened = await holder.open(asked.link);
      const presentation = await holder.present('dc+sd-jwt', await formFor('dc+sd-jwt', key.did), opened, {
        disclose: { name: true },
      });
      assert.equal((await holder.answer(opened, { certificate_dc_sd_jwt: [presentation] })).status, 200);
      for (const process of [a, b])
        assert.equal((await process.read(asked)).presentations?.[0]?.verdict.questions['holder']?.code, 'HOLDER_BOUND');
    } finally {
      await Promise.all([a.stop(), b.stop()]);
      await second.close();
      await rm(folder, { recursive: true });
    }
  });
});

describe('keys of encrypted answers', () => {
  it('are the same for one salt in every process of one keystore, different for every salt, and of one process without a keystore', async () => {
    const [one, same, own, another] = [
      createResponseKeys(custody),
      createResponseKeys(custody),
      createResponseKeys(),
      createResponseKeys(),
    ];
    assert.deepEqual(await one.publicJwk('salt'), await same.publicJwk('salt'));
    const keys = await Promise.all([
      one.publicJwk('salt'),
      one.publicJwk('tlas'),
      own.publicJwk('salt'),
      another.publicJwk('salt'),
    ]);
    assert.equal(new Set(keys.map(({ x }) => x)).size, 4);
  });
});
