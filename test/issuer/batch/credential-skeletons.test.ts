import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { credentialJson, storedCertificates, type CertificateRow } from '../../../issuer/certificate-row.js';
import { searchCertificates } from '../../../issuer/search-certificates.js';
import { decodeQrText } from '../../../shared/carrier/qr-text.js';
import { describeOnEachDatabase } from '../../database/fresh-database.js';
import { CODE, startWorld, type World } from '../world.js';
import { checkBatchInvariants } from './batch-invariants.js';
import { line, people, sheetFile } from './sheets.js';

const CLERK = 'clerk-1';
/** More than a thread keeps whole before it knows what certificates share. */
const MANY = 400;
/** As many again, of a second sheet. */
const LATER = 100;

describeOnEachDatabase('certificates of a batch, apart from what they share', function (kind) {
  this.timeout(120_000);
  let world: World;
  let files = 0;
  const issue = async (lines: readonly string[]): Promise<void> => {
    const { batches } = world.issuer.service;
    const path = await sheetFile(join(world.folder, `apart-${++files}.csv`), lines);
    const { id } = await batches.upload({
      institution: CODE,
      actor: CLERK,
      operation: 'issue',
      file: { path, name: 'sheet.csv' },
    });
    assert.deepEqual(await batches.problems(CODE, id), []);
    await batches.confirm(CODE, id, { actor: CLERK, rows: 'all' });
    for (let waited = 0; waited < 1200; waited++) {
      if ((await batches.get(CODE, id)).state === 'done') return;
      await pause(25);
    }
    throw new Error(JSON.stringify(await batches.get(CODE, id)));
  };
  const rows = () => world.database.knex<CertificateRow>('certificates').orderBy('idempotency_key');
  const search = (name: string) => searchCertificates(world.database.knex, CODE, { name }, { limit: 500 });

  before(async () => {
    world = await startWorld({ kind, batches: { chunkRows: 200, threads: 1, pollMs: 100 } });
    await issue(people(MANY));
  });
  after(() => world.remove());

  it('hold two hundred bytes each, and one skeleton serves them', async () => {
    const stored = await rows();
    const apart = stored.filter(({ own_texts }) => own_texts !== null);
    assert.ok(apart.length > MANY * 0.8, `${apart.length} are apart`);
    for (const { credential, skeleton } of apart) assert.deepEqual([credential, typeof skeleton], [null, 'number']);
    for (const { own_texts: own } of apart) assert.ok(Buffer.byteLength(own ?? '') < 300, own ?? '');
    for (const { own_texts, credential, skeleton } of stored)
      if (own_texts === null) assert.deepEqual([typeof credential, skeleton], ['string', null]);
    assert.equal((await world.database.knex('credential_skeletons')).length, 1);
    world.time.now = new Date(world.time.now.getTime() + 60_000);
    await issue(people(LATER, MANY + 1));
    assert.equal((await world.database.knex('credential_skeletons')).length, 1, 'also those of another batch');
  });

  it('are handed out byte for byte as they were signed: digests, QR texts and signatures hold', async () => {
    await checkBatchInvariants(world, { sample: 20 });
    for (const row of await storedCertificates(world.database.knex)) {
      const json = credentialJson(row);
      assert.equal(decodeQrText(row.qr ?? '').json, json);
      assert.equal((await world.issuer.service.certificate(CODE, row.id)).json, json);
    }
  });

  it('are found by name, whether it is their own, part of the skeleton, or like another', async () => {
    const { certificates } = await search(`张伟${MANY}`);
    assert.deepEqual(
      certificates.map(({ record }) => record.holder.name),
      [`张伟${MANY}`],
    );
    assert.equal((await search('张伟')).certificates.length, 0, 'a name is a whole name');
    // A worker that knows nothing yet of what varies, and a sheet of people of one name.
    const other = await startWorld({ kind, batches: { chunkRows: 200, threads: 1, pollMs: 100 } });
    const before = world;
    try {
      world = other;
      await issue(Array.from({ length: 120 }, (_, i) => line(i + 1, { name: '欧阳同名' })));
      const [skeleton] = await other.database.knex<{ skeleton_text: string }>('credential_skeletons');
      assert.match(skeleton?.skeleton_text ?? '', /"name":"欧阳同名"/);
      assert.equal((await search('欧阳同名')).certificates.length, 120);
    } finally {
      world = before;
      await other.remove();
    }
  });

  it('cannot lose their skeleton, nor have it changed', async () => {
    const { database } = world;
    const attempts = [
      () => database.write((transaction) => transaction('credential_skeletons').delete()),
      () => database.write((transaction) => transaction('credential_skeletons').update({ skeleton_text: '{}' })),
    ];
    for (const attempt of attempts) await assert.rejects(attempt(), /cannot be read without this skeleton/);
  });

  it('say so where they are damaged, and hide no other', async () => {
    const [row] = await rows().whereNotNull('own_texts').limit(1);
    assert.ok(row);
    const set = (own: string | null) =>
      world.database.write((transaction) =>
        transaction('certificates').where({ id: row.id }).update({ own_texts: own }),
      );
    await set('something else');
    await assert.rejects(world.issuer.service.certificate(CODE, row.id), { code: 'CERTIFICATE_DAMAGED' });
    const found = await searchCertificates(world.database.knex, CODE, {}, { limit: 500 });
    assert.deepEqual([found.unreadable, found.certificates.length], [1, MANY + LATER - 1]);
    await set(row.own_texts);
    assert.equal((await world.issuer.service.certificate(CODE, row.id)).id, row.id);
  });
});
