import assert from 'node:assert/strict';
import type { IssuerKeystore, IssuedCertificateAnswer } from '../../issuer/index.js';
import type { Keystore } from '../../keys/keystore.js';
import type { Problem } from '../../server/index.js';
import type { Knex } from 'knex';
import { describeOnEachDatabase, type DatabaseKind } from '../database/fresh-database.js';
import { checkInvariants, type Acknowledged } from './invariants.js';
import { answer, CODE, exam, startWorld, type World } from './world.js';

/** Custody whose n-th signature fails before or after the key was used, or is wrong. */
function failing(keystore: Keystore, at: () => 'before' | 'after' | 'wrong' | 'fine'): IssuerKeystore {
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
          const mode = at();
          if (mode === 'before') throw new Error('signer broken');
          const signature = await real.sign(input);
          if (mode === 'after') throw new Error('signer broken');
          if (mode === 'wrong') signature[10] = (signature[10] ?? 0) ^ 1;
          return signature;
        },
      };
    },
  };
}

/** Makes every such write of a table fail. */
async function injectFault(
  knex: Knex,
  kind: DatabaseKind,
  { when, verb, table }: { when: string; verb: string; table: string },
): Promise<void> {
  if (kind === 'sqlite') {
    await knex.raw(`CREATE TRIGGER fault ${when} ${verb} ON ${table} BEGIN SELECT RAISE(ABORT, 'injected'); END`);
    return;
  }
  await knex.raw(
    `CREATE OR REPLACE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''injected''; END'`,
  );
  await knex.raw(`CREATE TRIGGER fault ${when} ${verb} ON ${table} FOR EACH ROW EXECUTE FUNCTION fault()`);
}

describeOnEachDatabase('issuer: faults', function (kind) {
  this.timeout(120_000);
  const path = `/institutions/${CODE}/certificates`;
  let world: World;
  let serial = 0;
  const verify = (credential: object) => world.libraryVerifies(credential);
  const acknowledged: Acknowledged[] = [];
  const post = async (n: number, key: string): Promise<number> => {
    const response = await world.call('POST', path, exam(n), { key });
    if (response.status === 201) {
      const { id, credential } = (await response.json()) as IssuedCertificateAnswer;
      acknowledged.push({ idempotencyKey: key, id, json: JSON.stringify(credential) });
    } else await response.text();
    return response.status;
  };
  const visible = async (): Promise<number> =>
    (await world.database.knex('certificates').whereNotNull('credential')).length;

  before(async () => {
    world = await startWorld({ kind });
  });
  after(() => world.remove());

  for (const mode of ['before', 'after', 'wrong'] as const)
    it(`a signer that fails (${mode}) leaves nothing visible, and the repeated request completes the same certificate`, async () => {
      let now: 'before' | 'after' | 'wrong' | 'fine' = mode;
      await world.reopen((keystore) => failing(keystore, () => now));
      const key = `signer-${mode}-1`;
      const n = ++serial;
      const seen = await visible();
      const problem = await answer<Problem>(world.call('POST', path, exam(n), { key }), 503);
      assert.equal(problem.code, mode === 'wrong' ? 'SIGNATURE_REJECTED' : 'SIGNER_FAILED');
      assert.equal(await visible(), seen);
      const [reserved] = (await world.database.knex('certificates').where({ state: 'reserved' })) as { id: string }[];
      assert.equal((await world.call('GET', `${path}/${encodeURIComponent(reserved!.id)}`)).status, 404);
      now = 'fine';
      assert.equal(await post(n, key), 201);
      assert.equal(acknowledged.at(-1)?.id, reserved!.id);
      await checkInvariants(world.database, acknowledged, verify);
    });

  it('starts with what it cannot complete: readiness and issuing say so by name, and the next request tries again', async () => {
    let now: 'before' | 'fine' = 'before';
    await world.reopen((keystore) => failing(keystore, () => now));
    const key = 'left-reserved-1';
    const n = ++serial;
    assert.equal(await post(n, key), 503);
    await world.issuer.start();
    const ready = await answer<Problem>(fetch(`${world.listener.url}/health/ready`), 503);
    assert.equal(ready.code, 'RESERVED_NOT_COMPLETED');
    assert.match(ready.detail, /SIGNER_FAILED.*put keystore and signer in order/);
    const refused = await answer<Problem>(world.call('POST', path, exam(++serial), { key: 'after-waiting-1' }), 503);
    assert.equal(refused.code, 'RESERVED_NOT_COMPLETED');
    assert.equal((await world.database.knex('certificates').where({ state: 'reserved' })).length, 1);
    now = 'fine';
    assert.equal(await post(serial, 'after-waiting-1'), 201);
    assert.equal((await fetch(`${world.listener.url}/health/ready`)).status, 200);
    assert.deepEqual(await world.database.knex('certificates').where({ state: 'reserved' }), []);
    assert.equal(await post(n, key), 201);
    await checkInvariants(world.database, acknowledged, verify);
  });

  it('the n-th write to any table fails: nothing half done, the repeated request succeeds', async () => {
    const tables = ['idempotency_keys', 'serials', 'status_lists', 'certificates', 'audit_log', 'audit_head'];
    for (const table of tables)
      for (const verb of ['INSERT', 'UPDATE'])
        for (const when of ['BEFORE', 'AFTER']) {
          const n = ++serial;
          const key = `fault-${table}-${verb}-${when}`;
          await injectFault(world.database.knex, kind, { when, verb, table });
          const status = await post(n, key);
          await world.database.knex.raw(`DROP TRIGGER fault${kind === 'sqlite' ? '' : ` ON ${table}`}`);
          assert.ok(status === 500 || status === 201, `${key}: ${status}`);
          assert.equal(await post(n, key), 201, key);
          await world.issuer.service.issuing.completeReserved();
        }
    await checkInvariants(world.database, acknowledged, verify);
  });

  it('the n-th transaction fails, before and after its effect: no 201 lost, nothing twice', async () => {
    for (let nth = 1; nth <= 2; nth++)
      for (const effect of ['before', 'after'] as const) {
        const { database } = world;
        const write = database.write.bind(database);
        let calls = 0;
        const broken = Object.assign(new Error('disk'), { code: 'SQLITE_FULL' });
        Object.assign(database, {
          write: async (work: Parameters<typeof write>[0]) => {
            const fails = ++calls === nth;
            if (fails && effect === 'before') throw broken;
            const result: unknown = await write(work);
            if (fails) throw broken;
            return result;
          },
        });
        const n = ++serial;
        const key = `transaction-${nth}-${effect}`;
        assert.equal(await post(n, key), 503);
        Object.assign(database, { write });
        assert.equal(await post(n, key), 201);
        await world.issuer.service.issuing.completeReserved();
        await checkInvariants(world.database, acknowledged, verify);
      }
  });

  it('the invariant checks see each violation they are there for', async () => {
    const { knex } = world.database;
    const told = acknowledged.at(-1)!;
    const at = { id: told.id };
    const row = (await knex('certificates').where(at).first()) as Record<string, unknown>;
    const seen = async (code: string) =>
      assert.rejects(checkInvariants(world.database, acknowledged, verify), (error: Error) =>
        error.message.startsWith(code),
      );
    await knex('certificates').where(at).delete();
    await seen('I2');
    await knex('certificates').insert({ ...row, state: 'reserved', credential: null });
    await seen('I2');
    await knex('certificates')
      .where(at)
      .update({ state: 'issued', credential: `${told.json} ` });
    await seen('I2');
    await knex('certificates')
      .where(at)
      .update({ credential: told.json, unsigned: String(row['unsigned']).replace('张', '章') });
    await seen('I3');
    await knex('certificates').where(at).update({ unsigned: row['unsigned'], idempotency_key: 'someone-else' });
    await seen('I5');
    await knex('certificates').where(at).update({ idempotency_key: row['idempotency_key'] });
    await assert.rejects(
      checkInvariants(world.database, acknowledged, () => Promise.resolve(false)),
      /I8/,
    );
    const entry = { action: 'certificate.issue', subject: told.id };
    await knex('audit_log').where(entry).update({ actor: 'nobody' });
    await seen('I6');
    const clerk = row['actor'];
    await knex('audit_log').where(entry).update({ actor: clerk });
    await checkInvariants(world.database, acknowledged, verify);
  });

  it('issues nothing after a disk error until a restart, and says so in readiness', async () => {
    const ioError = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' });
    await assert.rejects(
      world.database.write(() => Promise.reject(ioError)),
      { code: 'STORAGE_FAILED' },
    );
    const problem = await answer<Problem>(world.call('POST', path, exam(++serial)), 503);
    assert.equal(problem.code, 'STORAGE_FAILED');
    assert.equal((await answer<Problem>(fetch(`${world.listener.url}/health/ready`), 503)).code, 'STORAGE_FAILED');
    await world.reopen();
    assert.equal(await post(serial, 'after-restart-1'), 201);
  });

  it('refuses to issue when the clock went back (CLOCK_WENT_BACK)', async () => {
    const { now } = world.time;
    world.time.now = new Date(now.getTime() - 60_000);
    assert.equal((await answer<Problem>(world.call('POST', path, exam(++serial)), 503)).code, 'CLOCK_WENT_BACK');
    world.time.now = now;
  });

  it('a key retired between reserving and signing: the certificate is signed by its successor, or given up', async () => {
    let now: 'before' | 'fine' = 'before';
    await world.reopen((keystore) => failing(keystore, () => now));
    const n = ++serial;
    assert.equal(await post(n, 'key-rotated-1'), 503);
    const did = `did:web:issuer.example:institutions:${CODE}`;
    world.time.now = new Date(world.time.now.getTime() + 5000);
    const { active } = await world.keystore.rotate(did, 'assertion', world.time.now);
    now = 'fine';
    const problem = await answer<Problem>(world.call('POST', path, exam(n), { key: 'key-rotated-1' }), 409);
    assert.equal(problem.code, 'CERTIFICATE_VOID');
    const refused = await answer<Problem>(world.call('POST', path, exam(n), { key: 'key-rotated-2' }), 403);
    assert.equal(refused.code, 'KEY_NOT_VALID_AT_ISSUE');

    const own = structuredClone(world.accreditations[0]!);
    own.signingKeys[0]!.validUntil = active.validFrom;
    own.signingKeys.push({
      id: active.id,
      type: 'Multikey',
      publicKeyMultibase: active.publicKeyMultibase,
      validFrom: active.validFrom,
    });
    const institution = await world.issuer.service.institutions.get(CODE);
    await world.issuer.service.accreditations.import(institution, 'test', await world.publish([own]));
    now = 'before';
    assert.equal(await post(n, 'key-rotated-3'), 503);
    const [reserved] = (await world.database.knex('certificates').where({ state: 'reserved' })) as { key_id: string }[];
    assert.equal(reserved?.key_id, active.id);
    await world.database
      .knex('certificates')
      .where({ state: 'reserved' })
      .update({ key_id: `${did}#key-1` });
    now = 'fine';
    assert.equal(await post(n, 'key-rotated-3'), 201);
    await checkInvariants(world.database, acknowledged, verify);
  });
});
