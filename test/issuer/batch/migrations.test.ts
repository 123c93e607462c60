import assert from 'node:assert/strict';
import sqlite3 from 'sqlite3';
import { batchMigrations } from '../../../issuer/batch/migrations.js';
import type { CertificateRow } from '../../../issuer/certificate-row.js';
import { issuerMigrations } from '../../../issuer/index.js';
import type { StatusListRow } from '../../../issuer/status-list-row.js';
import { openDatabase } from '../../../server/index.js';
import { buildCredential } from '../../../shared/certificate/credential.js';
import { getBit } from '../../../shared/status/bitstring.js';
import { sampleRecord } from '../../certificate/sample-records.js';
import { describeOnEachDatabase, freshDatabase } from '../../database/fresh-database.js';
import { plantCertificates } from '../planted-certificates.js';
import { plantBatch } from './plant-batch.js';

describeOnEachDatabase('a database from before batches', function (kind) {
  this.timeout(60_000);

  it('keeps its certificates, finds them by assessment, and never gives their status indexes again', async () => {
    const fresh = await freshDatabase(kind);
    const earlier = issuerMigrations.slice(
      0,
      issuerMigrations.findIndex((step) => batchMigrations.includes(step)),
    );
    const before = await openDatabase({ url: fresh.url, migrations: earlier });
    const institution = 'S000051000001';
    const ids: string[] = [];
    await before.write(async (transaction) => {
      await transaction('authorities').insert({ did: 'did:web:a.example', version: 0 });
      await transaction('institutions').insert({
        code: institution,
        did: 'did:web:i.example',
        name: '中心',
        authority: 'did:web:a.example',
        created_at: '2026-01-01T00:00:00.000Z',
      });
      await transaction('status_lists').insert({
        institution,
        list: 1,
        entries: 131_072,
        used: 3,
        revocation_changes: 0,
        suspension_changes: 0,
      });
      for (const index of [0, 77, 131_071]) {
        const unsigned = buildCredential(
          sampleRecord('skill-level', {
            certificateNumber: `S00005100000126300${String(1000 + (index % 1000))}`,
            status: { list: 1, index },
          }),
        );
        ids.push(unsigned.id);
        await transaction('certificates').insert({
          id: unsigned.id,
          institution,
          number: unsigned.credentialSubject.certificateNumber,
          revision: 1,
          kind: 'skill-level',
          list: 1,
          list_index: index,
          unsigned: JSON.stringify(unsigned),
          proof_created: '2026-11-20T08:30:00Z',
          key_id: 'did:web:i.example#key-1',
          state: 'issued',
          credential: JSON.stringify(unsigned),
          status: 'active',
          idempotency_key: `key-${index}`,
          actor: 'test',
          reserved_at: '2026-11-20T08:30:00.000Z',
        });
      }
    });
    const texts = await before.knex('certificates').orderBy('id').select('id', 'unsigned', 'credential');
    await before.close();

    const after = await openDatabase({ url: fresh.url, migrations: issuerMigrations });
    assert.deepEqual(await after.knex('certificates').orderBy('id').select('id', 'unsigned', 'credential'), texts);
    const { id: assessment } = sampleRecord('skill-level').assessment;
    const found = await after.knex<CertificateRow>('certificates').where({ institution, assessment }).select('id');
    assert.deepEqual(found.map(({ id }) => id).sort(), ids.sort());
    const [list] = await after.knex<StatusListRow>('status_lists').select();
    for (const [index, isTaken] of [
      [0, true],
      [1, false],
      [77, true],
      [131_071, true],
    ] as const)
      assert.equal(getBit(list!.taken, index), isTaken, String(index));
    const twice = { ...(await after.knex('certificates').first()), id: 'other', idempotency_key: 'other' } as object;
    await assert.rejects(after.write((transaction) => transaction('certificates').insert(twice)));
    await after.close();
    await fresh.remove();
  });
});

describe('rows of batches in a file of SQLite of before', () => {
  const NAME = 'issuer-046-rows-by-key';
  const earlier = issuerMigrations.slice(
    0,
    issuerMigrations.findIndex(({ name }) => name === NAME),
  );
  const rows = [2, 3, 5].map((row) => ({
    batch: 'b',
    row,
    state: row === 5 ? 'wrong' : 'ready',
    code: null,
    draft: row === 5 ? null : `{"name":"张${String(row)}"}`,
    facts: row === 5 ? null : 1,
    number: row === 3 ? 'S000051000001263000007' : null,
    issued_on: null,
    assessment: 'a',
    duplicate_key: 'd'.repeat(64),
    result_key: null,
    holder_key: null,
    certificate: null,
    reason: null,
  }));

  for (const [page, isByKey] of [
    [16_384, true],
    [4096, false],
  ] as const)
    it(`keeps all rows and what they are found by, ${isByKey ? 'in one tree' : 'as they were'} with pages of ${page}`, async () => {
      const fresh = await freshDatabase('sqlite');
      const file = new sqlite3.Database(fresh.url.slice('sqlite:'.length));
      await new Promise<void>((resolve, reject) =>
        file.exec(`PRAGMA page_size=${page}; PRAGMA journal_mode=WAL; CREATE TABLE t (a)`, (error) =>
          error ? reject(error) : file.close((failed) => (failed ? reject(failed) : resolve())),
        ),
      );
      const before = await openDatabase({ url: fresh.url, migrations: earlier });
      await plantCertificates(before, 'S000051000001', 1, {});
      await before.write(async (transaction) => {
        await plantBatch(transaction, { id: 'b', institution: 'S000051000001', state: 'checked' });
        await transaction('batch_rows').insert(rows);
      });
      await before.close();

      const after = await openDatabase({ url: fresh.url, migrations: issuerMigrations });
      assert.deepEqual(await after.knex('batch_rows').orderBy('row'), rows);
      const schema = await after
        .knex<{ tbl_name: string; sql: string }>('sqlite_master')
        .where({ tbl_name: 'batch_rows' })
        .whereNotNull('sql')
        .pluck('sql');
      assert.equal(schema.filter((sql) => /create table .* without rowid$/i.test(sql)).length, isByKey ? 1 : 0);
      assert.equal(schema.filter((sql) => /index batch_rows_number on/i.test(sql)).length, 1);
      assert.equal((await after.knex('sqlite_master').where('name', 'like', '%before%')).length, 0);
      for (const wrong of [rows[0], { ...rows[0], batch: 'no', row: 9 }])
        await assert.rejects(after.write((transaction) => transaction('batch_rows').insert(wrong)));
      await after.close();
      await fresh.remove();
    });
});
