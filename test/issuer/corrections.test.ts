import assert from 'node:assert/strict';
import { buildCredential, readRecord, type CertificateCredential } from '../../shared/certificate/credential.js';
import type { IssuedCertificateAnswer, IssuerKeystore } from '../../issuer/index.js';
import type { Keystore } from '../../keys/keystore.js';
import { readAudit, type Problem } from '../../server/index.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { checkInvariants } from './invariants.js';
import { answer, citizenNumber, CODE, exam, startWorld, type World } from './world.js';

type Issued = Omit<IssuedCertificateAnswer, 'credential'> & { credential: CertificateCredential };

/** Two keys of wallets. */
const KEYS = ['f0PWx', 'Qx9-k'].map((x) => {
  const jwk = { kty: 'EC', crv: 'P-256', x: x.padEnd(43, 'A'), y: x.padEnd(43, 'E') };
  return `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`;
});

describeOnEachDatabase('issuer: corrections', function (kind) {
  this.timeout(60_000);
  const path = `/institutions/${CODE}/certificates`;
  let world: World;
  let serial = 0;
  const issue = (n: number, changes: object = {}, options = {}): Promise<Issued> =>
    answer<Issued>(world.call('POST', path, exam(n, changes), options), 201);
  const codeOf = async (response: Promise<Response>, status: number): Promise<string> =>
    (await answer<Problem>(response, status)).code;
  const change = (issued: Issued, action: string, reason: string) =>
    world.call(
      'POST',
      `${path}/${encodeURIComponent(issued.id)}/status`,
      { action, reason },
      { secret: world.secrets.officer },
    );
  const get = (id: string): Promise<Issued> => answer<Issued>(world.call('GET', `${path}/${encodeURIComponent(id)}`));

  before(async () => {
    world = await startWorld({ kind });
  });
  after(() => world.remove());

  it('does not lift a suspension by a correction (CERTIFICATE_SUSPENDED)', async () => {
    const old = await issue(++serial);
    await answer(change(old, 'suspend', 'investigation'));
    for (const secret of [world.secrets.clerk, world.secrets.approver])
      assert.equal(
        await codeOf(world.call('POST', path, exam(serial, { supersedes: old.id }), { secret }), 409),
        'CERTIFICATE_SUSPENDED',
      );
    assert.equal((await get(old.certificateNumber)).status, 'suspended');
    await answer(change(old, 'reinstate', 'cleared'));
    assert.equal((await issue(serial, { supersedes: old.id })).revision, 2);
  });

  it('keeps kind and occupation of what it corrects', async () => {
    const old = await issue(++serial);
    const refused = (changes: object) =>
      codeOf(world.call('POST', path, exam(serial, { supersedes: old.id, ...changes })), 422);
    assert.equal(
      await refused({ kind: 'occ-qualification', level: { framework: 'cn-occ-qual', value: '3' } }),
      'CORRECTION_OTHER_KIND',
    );
    assert.equal(await refused({ occupation: { code: '6-31-01-03' } }), 'CORRECTION_OTHER_OCCUPATION');
    assert.equal((await get(old.id)).status, 'active');
  });

  it('stays with the same person for a clerk, also when name and last four digits agree', async () => {
    const n = ++serial;
    const old = await issue(n);
    const correct = (holder: object, secret = world.secrets.clerk) =>
      world.call(
        'POST',
        path,
        exam(n, { supersedes: old.id, holder: { ...(exam(n)['holder'] as object), ...holder } }),
        { secret },
      );
    const twin = sameLastFour(citizenNumber(n));
    assert.equal(twin.slice(-4), citizenNumber(n).slice(-4));
    assert.equal(await codeOf(correct({ idNumber: twin }), 403), 'CORRECTION_OTHER_HOLDER');
    assert.equal(await codeOf(correct({ idNumber: citizenNumber(n + 500) }), 403), 'CORRECTION_OTHER_HOLDER');
    const renamed = await answer<Issued>(correct({ name: '张玮', idNumber: citizenNumber(n) }), 201);
    assert.equal(renamed.revision, 2);
  });

  it('lets an approver correct the document number itself, and the audit log names it', async () => {
    const n = ++serial;
    const old = await issue(n);
    const holder = { ...(exam(n)['holder'] as object), idNumber: citizenNumber(n + 500) };
    const body = exam(n, { supersedes: old.id, holder });
    assert.equal(await codeOf(world.call('POST', path, body), 403), 'CORRECTION_OTHER_HOLDER');
    const corrected = await answer<Issued>(world.call('POST', path, body, { secret: world.secrets.approver }), 201);
    const entries = await readAudit(world.database.knex, { tenant: CODE, limit: 1000 });
    const about = entries.filter(({ action }) => action === 'certificate.correct-holder');
    assert.deepEqual(
      about.map(({ subject, detail, actor }) => ({ subject, detail, actor })),
      [{ subject: corrected.id, detail: { supersedes: old.id }, actor: world.secrets.approver.split('_')[1] }],
    );
    assert.ok(!JSON.stringify(entries).includes(citizenNumber(n + 500)));
  });

  it('asks name, document type and last four digits of a credential the client wrote itself', async () => {
    const n = ++serial;
    const old = await issue(n);
    const record = readRecord(old.credential);
    const correction = (holder: object) => {
      const { credentialStatus: _, ...credential } = buildCredential({
        ...record,
        revision: 2,
        supersedes: old.id,
        holder: { ...record.holder, ...holder },
      });
      return credential;
    };
    const send = (credential: object, key: string) =>
      world.call('POST', `/institutions/${CODE}/credentials/issue`, { credential }, { key });
    assert.equal(await codeOf(send(correction({ name: '王芳' }), 'vc-correct-1'), 403), 'CORRECTION_OTHER_HOLDER');
    await answer(send(correction({}), 'vc-correct-2'), 201);
  });

  it('leaves every invariant standing', async () => {
    await checkInvariants(world.database, [], (credential) => world.libraryVerifies(credential));
  });

  it('stays with the same key for a clerk: another one, a first one and none is another holder', async () => {
    const n = ++serial;
    const holder = exam(n)['holder'] as object;
    const correct = (old: Issued, did: string | undefined, secret = world.secrets.clerk) =>
      world.call('POST', path, exam(n, { supersedes: old.id, holder: { ...holder, ...(did && { did }) } }), { secret });
    const free = await issue(n);
    assert.equal(await codeOf(correct(free, KEYS[0]), 403), 'CORRECTION_OTHER_HOLDER');
    const bound = await answer<Issued>(correct(free, KEYS[0], world.secrets.approver), 201);
    assert.equal(await codeOf(correct(bound, KEYS[1]), 403), 'CORRECTION_OTHER_HOLDER');
    assert.equal(await codeOf(correct(bound, undefined), 403), 'CORRECTION_OTHER_HOLDER');
    assert.equal((await answer<Issued>(correct(bound, KEYS[0]), 201)).revision, 3);
    const log = await readAudit(world.database.knex, { tenant: CODE, limit: 1000 });
    const said = log.filter(({ action, subject }) => action === 'certificate.correct-holder' && subject === bound.id);
    assert.equal(said.length, 1);
    await world.issuer.service.institutions.setApproval(CODE, true, 'test');
    assert.equal(await codeOf(correct(bound, KEYS[1], world.secrets.approver), 409), 'APPROVAL_REQUIRED');
    await world.issuer.service.institutions.setApproval(CODE, false, 'test');
  });
});

/** Another valid citizen number with the same last four characters. */
function sameLastFour(number: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  for (let place = 1; place < 9999; place++) {
    const candidate = `${String(510_000 + place)}${number.slice(6)}`;
    const sum = weights.reduce((total, weight, i) => total + weight * Number(candidate[i]), 0);
    if (candidate !== number && '10X98765432'[sum % 11] === number.at(-1)) return candidate;
  }
  throw new Error('no such number');
}

describeOnEachDatabase('issuer: a correction that is reserved and not signed yet', function (kind) {
  this.timeout(60_000);
  const path = `/institutions/${CODE}/certificates`;
  let world: World;
  before(async () => {
    world = await startWorld({ kind });
  });
  after(() => world.remove());

  for (const [n, action, reason, status] of [
    [1, 'revoke', 'fraud', 'revoked'],
    [2, 'suspend', 'investigation', 'suspended'],
  ] as const)
    it(`is given up when what it corrects is ${status} meanwhile (CERTIFICATE_VOID)`, async () => {
      const old = await answer<Issued>(world.call('POST', path, exam(n)), 201);
      await world.reopen((keystore) => brokenSigner(keystore));
      const body = exam(n, { supersedes: old.id });
      const key = `correction-${n}-a`;
      assert.equal((await answer<Problem>(world.call('POST', path, body, { key }), 503)).code, 'SIGNER_FAILED');
      const at = `${path}/${encodeURIComponent(old.id)}`;
      await answer(world.call('POST', `${at}/status`, { action, reason }, { secret: world.secrets.officer }));
      await world.reopen();
      const rows = (await world.database
        .knex('certificates')
        .where({ number: old.certificateNumber })
        .orderBy('revision')) as {
        id: string;
        state: string;
        status: string;
        status_reason: string;
      }[];
      assert.deepEqual(
        rows.map((row) => [row.state, row.status]),
        [
          ['issued', status],
          ['void', 'active'],
        ],
      );
      assert.equal(rows[0]?.status_reason, reason);
      assert.equal((await answer<Problem>(world.call('POST', path, body, { key }), 409)).code, 'CERTIFICATE_VOID');
      assert.equal((await answer<Issued>(world.call('GET', `${path}/${old.certificateNumber}`))).status, status);
      const audit = await readAudit(world.database.knex, { tenant: CODE, limit: 1000 });
      assert.deepEqual(
        audit.filter(({ action: act, subject }) => act === 'certificate.void' && subject === rows[1]?.id).length,
        1,
      );
      await checkInvariants(world.database, [], (credential) => world.libraryVerifies(credential));
    });

  it('is signed by the process that finds it planned anew by another one', async () => {
    let meanwhile: () => Promise<unknown> = () => Promise.resolve();
    await world.reopen((keystore) => brokenSigner(keystore, () => meanwhile()));
    meanwhile = async () => {
      meanwhile = () => Promise.resolve();
      const created = { proof_created: '2026-11-21T08:59:59Z' };
      await world.database.knex('certificates').where({ state: 'reserved' }).update(created);
    };
    const issued = await answer<Issued>(world.call('POST', path, exam(3)), 201);
    assert.equal(issued.credential.proof.created, '2026-11-21T08:59:59Z');
  });
});

/** Custody that cannot sign; or, with `before`, signs after something else happened. */
function brokenSigner(keystore: Keystore, before?: () => Promise<unknown>): IssuerKeystore {
  return {
    refresh: () => keystore.refresh(),
    list: (filter) => keystore.list(filter),
    activeKey: (controller, purpose) => keystore.activeKey(controller, purpose),
    createKey: (request) => keystore.createKey(request),
    createDidKey: (request) => keystore.createDidKey(request),
    hmac: (purpose, data) => keystore.hmac(purpose, data),
    hmacAll: (purpose, data) => keystore.hmacAll(purpose, data),
    hmacPacked: (purpose, texts) => keystore.hmacPacked(purpose, texts),
    sign: (keyId, bytes) => keystore.sign(keyId, bytes),
    signer: (keyId) => {
      const real = keystore.signer(keyId);
      return {
        ...real,
        sign: async (input) => {
          if (!before) throw new Error('signer broken');
          await before();
          return real.sign(input);
        },
      };
    },
  };
}
