import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BatchProgress } from '../../../issuer/batch/index.js';
import type { StoredChunk } from '../../../issuer/batch/batch-tables.js';
import type { ReservedPlace } from '../../../issuer/batch/reservation.js';
import { parseExamResult, type IssuerKeystore } from '../../../issuer/index.js';
import type { Keystore } from '../../../keys/keystore.js';
import type { Database } from '../../../server/index.js';
import { YizhengError } from '../../../shared/errors.js';
import { describeOnEachDatabase } from '../../database/fresh-database.js';
import { CODE, exam, startWorld, type World } from '../world.js';
import { checkBatchInvariants } from './batch-invariants.js';
import { line, people, sheetFile, uniqueCitizen } from './sheets.js';

const CLERK = 'clerk-1';
const BATCHES = { chunkRows: 20, threads: 1, pollMs: 30, retryMs: 20, leaseMs: 500 };

/** Custody whose signatures fail, are wrong, or are fine. */
function failing(keystore: Keystore, at: () => 'fails' | 'wrong' | 'fine'): IssuerKeystore {
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
          if (at() === 'fails') throw new Error('token removed');
          const signature = await real.sign(input);
          if (at() === 'wrong') signature[10] = (signature[10] ?? 0) ^ 1;
          return signature;
        },
      };
    },
  };
}

describeOnEachDatabase('batches: faults', function (kind) {
  this.timeout(120_000);
  let world: World;
  let next = 1;
  const batches = () => world.issuer.service.batches;
  const upload = async (count: number): Promise<string> => {
    const path = await sheetFile(join(world.folder, `sheet-${next}.csv`), people(count, next));
    next += count;
    const { id } = await batches().upload({
      institution: CODE,
      actor: CLERK,
      operation: 'issue',
      file: { path, name: 'sheet.csv' },
    });
    return id;
  };
  const start = async (count: number): Promise<string> => {
    const id = await upload(count);
    await batches().confirm(CODE, id, { actor: CLERK, rows: 'all' });
    return id;
  };
  const until = async (id: string, wanted: (progress: BatchProgress) => boolean): Promise<BatchProgress> => {
    for (let waited = 0; waited < 1500; waited++) {
      const progress = await batches().get(CODE, id);
      if (wanted(progress)) return progress;
      await pause(20);
    }
    throw new Error(JSON.stringify(await batches().get(CODE, id)));
  };
  /** As `until`, without the growing delay between attempts. */
  const untilHurried = async (id: string, wanted: (progress: BatchProgress) => boolean): Promise<BatchProgress> => {
    const { knex } = world.database;
    const hurrying = setInterval(() => {
      void knex('batches')
        .where({ id })
        .whereNotNull('retry_at')
        .update({ retry_at: null })
        .catch(() => undefined);
    }, 50);
    return until(id, wanted).finally(() => clearInterval(hurrying));
  };
  const isDone = ({ state }: BatchProgress): boolean => state === 'done';
  const open = (id: string) => world.database.knex<StoredChunk>('batch_chunks').where({ batch: id, state: 'reserved' });

  before(async () => {
    world = await startWorld({ kind, batches: BATCHES, now: new Date() });
    setInterval(() => (world.time.now = new Date()), 10).unref();
  });
  afterEach(() => checkBatchInvariants(world, { sample: 1 }));
  after(() => world.remove());

  it('a signer that fails is tried again and again, and the batch says so; nothing reserved is lost', async () => {
    let now: 'fails' | 'fine' = 'fails';
    await world.reopen((keystore) => failing(keystore, () => now));
    const id = await start(50);
    const progress = await until(id, ({ trouble }) => trouble?.retryAt !== undefined);
    assert.deepEqual([progress.state, progress.trouble?.code], ['running', 'SIGNER_FAILED']);
    const reserved = await open(id);
    assert.ok(reserved.length > 0);
    now = 'fine';
    const done = await until(id, isDone);
    assert.deepEqual([done.done, done.trouble], [50, undefined]);
    const reserves = (await world.database
      .knex('audit_log')
      .where({ action: 'batch.reserve', subject: id })) as unknown[];
    assert.equal(reserves.length, 3, 'each chunk was reserved once');
  });

  it('a signer that signs wrongly stops the batch until a person looked; nothing wrong is stored', async () => {
    let now: 'wrong' | 'fine' = 'wrong';
    await world.reopen((keystore) => failing(keystore, () => now));
    const id = await start(50);
    const progress = await until(id, ({ state }) => state === 'paused');
    assert.equal(progress.trouble?.code, 'SIGNATURE_REJECTED');
    assert.deepEqual(await world.database.knex('certificates').where('idempotency_key', 'like', `batch/${id}/%`), []);
    now = 'fine';
    await batches().resume(CODE, id, { actor: CLERK });
    assert.equal((await until(id, isDone)).done, 50);
    await world.reopen();
  });

  it('a single issue sees what a chunk reserved and has not stored: results and numbers', async () => {
    let now: 'fails' | 'fine' = 'fails';
    await world.reopen((keystore) => failing(keystore, () => now));
    const first = next;
    const id = await start(5);
    await until(id, ({ trouble }) => trouble?.code === 'SIGNER_FAILED');
    const { rows } = JSON.parse((await open(id))[0]?.reservation ?? '{}') as { rows: [number, string][] };
    const { institutions, issuing } = world.issuer.service;
    const institution = await institutions.get(CODE);
    const single = (changes: object) =>
      issuing.issueExamResult(
        { institution, actor: CLERK, idempotencyKey: `single-${++next}` },
        parseExamResult({ ...exam(first), ...changes }),
      );
    const assessment = { ...(exam(1)['assessment'] as object), id: '2026-PJ-000001' };
    const holder = { name: `张伟${first}`, idType: 'resident-identity-card', idNumber: uniqueCitizen(first) };
    await assert.rejects(single({ holder, assessment }), { code: 'CERTIFICATE_DUPLICATE', at: `batch:${id}:2` });
    await assert.rejects(single({ certificateNumber: rows[3]?.[1] }), { code: 'NUMBER_TAKEN' });
    now = 'fine';
    assert.equal((await until(id, isDone)).done, 5);
    await world.reopen();
  });

  for (const code of ['STORAGE_FULL', 'STORAGE_BUSY'])
    for (const effect of ['before', 'after'] as const)
      it(`every transaction fails once (${code}, ${effect} its effect): each row once, and the batch says why it waits`, async () => {
        const { database } = world;
        const write = database.write.bind(database);
        let broken = false;
        let failures = 0;
        let calls = 0;
        const faulty: Database['write'] = async (work) => {
          const isHit = broken && calls++ % 3 !== 2;
          if (isHit) failures += 1;
          if (isHit && effect === 'before') throw new YizhengError(code, 'injected', { status: 503 });
          const result = await write(work);
          if (isHit) throw new YizhengError(code, 'injected', { status: 503 });
          return result;
        };
        database.write = faulty;
        const id = await start(60);
        broken = true;
        const progress = await until(id, ({ trouble, state }) => trouble !== undefined || state === 'done');
        assert.equal(progress.trouble?.code, code);
        await untilHurried(id, () => failures > 12);
        broken = false;
        const done = await until(id, isDone);
        assert.deepEqual([done.done, done.failed], [60, 0]);
        database.write = write;
      });

  it('says why it waits even where the database takes no word of it', async () => {
    const { database } = world;
    const write = database.write.bind(database);
    const id = await start(40);
    database.write = () => Promise.reject(new YizhengError('STORAGE_FULL', 'injected', { status: 503 }));
    const progress = await until(id, ({ trouble }) => trouble !== undefined);
    assert.equal(progress.trouble?.code, 'STORAGE_FULL');
    database.write = write;
    assert.equal((await until(id, isDone)).done, 40);
  });

  it('a key retired between reserving and signing: the chunk is planned for its successor, numbers stay unique', async () => {
    let now: 'fails' | 'fine' = 'fails';
    await world.reopen((keystore) => failing(keystore, () => now));
    const id = await start(50);
    await until(id, ({ trouble }) => trouble?.code === 'SIGNER_FAILED');
    const [chunk] = await open(id);
    const before = JSON.parse(chunk?.reservation ?? '{}') as { keyId: string; rows: [number, string][] };
    const institution = await world.issuer.service.institutions.get(CODE);
    await world.keystore.rotate(institution.did, 'assertion', new Date());
    // The authority does not know the new key yet: the batch stops instead of failing every row.
    now = 'fine';
    const paused = await until(id, ({ trouble }) => trouble?.code === 'KEY_NOT_VALID_AT_ISSUE');
    assert.equal(paused.failed, 0);
    const [accreditation, ...others] = world.accreditations;
    const [key] = world.keystore.list({ controller: institution.did, state: 'active' });
    accreditation!.signingKeys.push({
      id: key!.id,
      type: 'Multikey',
      publicKeyMultibase: key!.publicKeyMultibase,
      validFrom: '2026-01-01T00:00:00+08:00',
    });
    await world.issuer.service.accreditations.import(
      institution,
      'test',
      await world.publish([accreditation!, ...others]),
    );
    await batches().resume(CODE, id, { actor: CLERK });
    const done = await until(id, isDone);
    assert.deepEqual([done.done, done.failed], [50, 0]);
    const rows = await batches().rows(CODE, id);
    for (const [row, number] of before.rows)
      assert.equal(rows.find((one) => one.row === row)?.certificate?.number, number);
    const keys = await world.database
      .knex('certificates')
      .where('idempotency_key', 'like', `batch/${id}/%`)
      .distinct('key_id');
    assert.deepEqual(keys, [{ key_id: key!.id }]);
    assert.ok((await world.database.knex('audit_log').where({ action: 'batch.replan' })).length > 0);
  });

  it('an accreditation that ends, or data that grow old, in the middle pause the batch with the reason', async () => {
    const id = await upload(60);
    const { accreditations } = world.issuer.service;
    const view = accreditations.view.bind(accreditations);
    accreditations.view = () => Promise.resolve(undefined);
    await batches().confirm(CODE, id, { actor: CLERK, rows: 'all' });
    const paused = await until(id, ({ state }) => state === 'paused').finally(() => (accreditations.view = view));
    assert.deepEqual([paused.trouble?.code, paused.failed], ['ISSUER_NOT_ACCREDITED', 0]);
    await batches().resume(CODE, id, { actor: CLERK });
    assert.equal((await until(id, isDone)).done, 60);
  });

  it('what was in hand before a person resumed does not pause the batch again', async () => {
    const id = await upload(60);
    const { accreditations } = world.issuer.service;
    const view = accreditations.view.bind(accreditations);
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let asked = 0;
    accreditations.view = async () => {
      if (++asked > 1) await held;
      while (asked < 2) await pause(5);
      return undefined;
    };
    await batches().confirm(CODE, id, { actor: CLERK, rows: 'all' });
    await until(id, ({ state }) => state === 'paused' && asked > 1).finally(() => (accreditations.view = view));
    await batches().resume(CODE, id, { actor: CLERK });
    letGo();
    assert.equal((await until(id, isDone)).done, 60);
  });

  it('goes on with what was running when the service stopped, and cancels a dry run that ended with its process', async () => {
    const id = await start(100);
    await world.reopen();
    assert.equal((await until(id, isDone)).done, 100);
    await world.database.knex('batches').insert({
      id: 'left',
      institution: CODE,
      operation: 'issue',
      state: 'checking',
      needs_approval: 0,
      uploaded_by: CLERK,
      uploader_roles: '',
      uploaded_at: '2026-11-01T00:00:00.000Z',
      checking_until: '2026-11-01T00:01:00.000Z',
    });
    const cancelled = await until('left', ({ state }) => state === 'cancelled');
    assert.equal(cancelled.trouble?.code, 'CHECK_INTERRUPTED');
  });

  it('a reserved row that can never be signed or stored fails with its reason, and the batch ends', async () => {
    let now: 'fails' | 'fine' = 'fails';
    await world.reopen((keystore) => failing(keystore, () => now));
    const id = await start(20);
    await until(id, ({ trouble }) => trouble?.code === 'SIGNER_FAILED');
    const { knex } = world.database;
    const [chunk] = await open(id);
    const reservation = JSON.parse(chunk?.reservation ?? '{}') as { rows: ReservedPlace[] };
    const other = (await knex('certificates').where({ state: 'issued' }).first()) as { number: string };
    reservation.rows[3]![1] = other.number;
    reservation.rows[7]![1] = `${CODE}263${'9'.repeat(60)}`;
    reservation.rows[11]![4] = 9;
    await knex<StoredChunk>('batch_chunks')
      .where({ batch: id })
      .update({ reservation: JSON.stringify(reservation) });
    now = 'fine';
    const done = await until(id, isDone);
    const failed = (await batches().rows(CODE, id)).filter(({ state }) => state === 'failed');
    // SQLite holds no text to its length.
    const isTooLong = kind === 'postgres' ? [[reservation.rows[7]![0], 'RECORD_INVALID']] : [];
    assert.deepEqual(
      failed.map(({ row, code }) => [row, code]),
      [[reservation.rows[3]![0], 'NUMBER_TAKEN'], ...isTooLong, [reservation.rows[11]![0], 'RECORD_INVALID']],
    );
    assert.deepEqual([done.done, done.failed], [20 - failed.length, failed.length]);
    await world.reopen();
  });

  it('a row whose signing fails again and again with what nobody foresaw fails by name, and the batch ends', async () => {
    let now: 'fails' | 'fine' = 'fails';
    await world.reopen((keystore) => failing(keystore, () => now));
    const id = await start(20);
    await until(id, ({ trouble }) => trouble?.code === 'SIGNER_FAILED');
    const [chunk] = await open(id);
    const row = chunk!.first_row + 4;
    await world.database.knex('batch_rows').where({ batch: id, row }).update({ draft: '{"kind":' });
    now = 'fine';
    const done = await untilHurried(id, isDone);
    assert.deepEqual([done.done, done.failed], [19, 1]);
    const failed = (await batches().rows(CODE, id)).filter(({ state }) => state === 'failed');
    assert.deepEqual(
      failed.map((one) => [one.row, one.code]),
      [[row, 'ROW_CANNOT_BE_SIGNED']],
    );
    await world.reopen();
  });

  it('where no row can be signed the batch stops before these rows fail, so that a person can look', async () => {
    let now: 'fails' | 'fine' = 'fails';
    await world.reopen((keystore) => failing(keystore, () => now));
    const id = await start(2);
    await until(id, ({ trouble }) => trouble?.code === 'SIGNER_FAILED');
    await world.database.knex('batch_rows').where({ batch: id }).update({ draft: '{"kind":' });
    now = 'fine';
    const paused = await untilHurried(id, ({ state }) => state === 'paused');
    assert.deepEqual([paused.trouble?.code, paused.failed], ['INTERNAL', 0]);
    const done = await untilHurried(id, isDone);
    assert.deepEqual([done.done, done.failed], [0, 2]);
    await world.reopen();
  });

  it('a session is not voided while certificates of it are being issued, or when more were issued since it was listed', async () => {
    let now: 'fails' | 'fine' = 'fine';
    await world.reopen((keystore) => failing(keystore, () => now));
    const session = async (count: number): Promise<string> => {
      const lines = Array.from({ length: count }, () => line(next++, { assessment: '2026-PJ-000777' }));
      const path = await sheetFile(join(world.folder, `session-${next}.csv`), lines);
      const file = { path, name: 'sheet.csv' };
      const { id } = await batches().upload({ institution: CODE, actor: CLERK, operation: 'issue', file });
      await batches().confirm(CODE, id, { actor: CLERK, rows: 'all' });
      return id;
    };
    const list = () => batches().voidSession({ institution: CODE, actor: CLERK, assessmentId: '2026-PJ-000777' });
    const confirm = (id: string) => batches().confirm(CODE, id, { actor: CLERK, rows: 'all' });
    await until(await session(3), isDone);
    now = 'fails';
    const id = await session(2);
    await until(id, ({ trouble }) => trouble?.code === 'SIGNER_FAILED');
    await assert.rejects(list(), { code: 'SESSION_IN_PROGRESS', at: id });
    await batches().cancel(CODE, id, { actor: CLERK });
    await assert.rejects(
      list(),
      { code: 'SESSION_IN_PROGRESS', at: id },
      'what a cancelled batch reserved is completed',
    );
    now = 'fine';
    await until(id, ({ done }) => done === 2);
    const listed = await list();
    assert.equal(listed.ready, 5);
    const late = await session(1);
    await until(late, isDone);
    await assert.rejects(confirm(listed.id), { code: 'SESSION_CHANGED', status: 409 });
    const { id: all } = await list();
    await confirm(all);
    assert.equal((await until(all, isDone)).done, 6);
    await world.reopen();
  });

  it('a dry run whose end was stored is a batch, also where the word of that was lost', async () => {
    const { database } = world;
    const write = database.write.bind(database);
    let isLost = false;
    const faulty: Database['write'] = async (work) => {
      const result = await write(work);
      const checked: unknown = await database
        .knex('batches')
        .where({ state: 'checked', file_name: 'lost.csv' })
        .first('id');
      if (checked === undefined || isLost) return result;
      isLost = true;
      throw new YizhengError('STORAGE_UNREACHABLE', 'injected', { status: 503 });
    };
    database.write = faulty;
    const path = await sheetFile(join(world.folder, 'lost.csv'), people(3, next));
    next += 3;
    const file = { path, name: 'lost.csv' };
    const batch = await batches().upload({ institution: CODE, actor: CLERK, operation: 'issue', file });
    database.write = write;
    assert.deepEqual([isLost, batch.state, batch.ready], [true, 'checked', 3]);
    await batches().cancel(CODE, batch.id, { actor: CLERK });
  });

  it('rows the accreditation no longer covers fail with its reason, the others are issued', async () => {
    const { service } = world.issuer;
    const lines = Array.from({ length: 20 }, (_, i) => line(5000 + i, { level: i < 10 ? '五级' : '三级' }));
    const path = await sheetFile(join(world.folder, 'narrow.csv'), lines);
    const { id: later } = await batches().upload({
      institution: CODE,
      actor: CLERK,
      operation: 'issue',
      file: { path, name: 'sheet.csv' },
    });
    const [accreditation, ...others] = world.accreditations;
    accreditation!.actions[0]!.scope.level = [{ framework: 'cn-skill-5', value: '5' }];
    await service.accreditations.import(
      await service.institutions.get(CODE),
      'test',
      await world.publish([accreditation!, ...others]),
    );
    await batches().confirm(CODE, later, { actor: CLERK, rows: 'all' });
    const done = await until(later, isDone);
    assert.deepEqual([done.done, done.failed], [10, 10]);
    assert.equal((await batches().rows(CODE, later)).at(-1)?.code, 'LEVEL_OUT_OF_SCOPE');
  });
});
