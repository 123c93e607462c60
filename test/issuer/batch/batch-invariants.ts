import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { verifyAuditChain } from '../../../server/index.js';
import type { StoredBatch, StoredChunk, StoredRow } from '../../../issuer/batch/batch-tables.js';
import { credentialJson, storedCertificates, type CertificateRow } from '../../../issuer/certificate-row.js';
import type { StatusListRow } from '../../../issuer/status-list-row.js';
import { getBit } from '../../../shared/status/bitstring.js';
import type { World } from '../world.js';

/**
 * Checks what must hold of batches at any time, from the database alone: every row in one place, no number and no status index twice,
 * every taken index marked for ever, digests and audit chain whole.
 * @param options `sample`: how many certificates `@digitalbazaar/vc` verifies
 */
export async function checkBatchInvariants(
  world: Pick<World, 'database' | 'libraryVerifies'>,
  { sample }: { sample: number },
): Promise<{ certificates: CertificateRow[] }> {
  const { knex } = world.database;
  const stored = await storedCertificates(knex).orderBy('id').select();
  const rows = stored.map((row): CertificateRow => ({ ...row, credential: credentialJson(row) }));
  const unique = (name: string, values: string[]): void =>
    assert.equal(new Set(values).size, values.length, `${name} twice`);
  unique(
    'number',
    rows.map(({ number, revision }) => `${number} ${revision}`),
  );
  unique(
    'status index',
    rows.map(({ institution, list, list_index }) => `${institution} ${list} ${list_index}`),
  );
  unique(
    'row',
    rows.map(({ idempotency_key }) => idempotency_key),
  );
  const lists = await knex<StatusListRow>('status_lists').select();
  for (const { institution, list, list_index, id } of rows) {
    const own = lists.find((one) => one.institution === institution && one.list === list);
    assert.ok(own && getBit(own.taken, list_index), `${id} has an index that is not marked as taken`);
  }
  const waiting = await knex<StoredRow>('batch_rows').select('batch', 'row', 'state');
  const keys = new Set(rows.map(({ idempotency_key }) => idempotency_key));
  for (const { batch, row } of waiting)
    assert.ok(!keys.has(`batch/${batch}/${String(row).padStart(7, '0')}`), `row ${row} is in two places`);
  const batches = await knex<StoredBatch>('batches').select();
  for (const { id, operation, state, ...counts } of batches) {
    if (operation !== 'issue' || state === 'checking') continue;
    const issued = rows.filter(({ idempotency_key }) => idempotency_key.startsWith(`batch/${id}/`)).length;
    const left = waiting.filter(({ batch }) => batch === id).length;
    assert.equal(issued + left, counts.rows, `rows of ${id} are missing or doubled`);
    assert.equal(issued, counts.done, `count of done rows of ${id}`);
  }
  const chunks = await knex<StoredChunk>('batch_chunks').where({ state: 'done' });
  const acts = (await knex('audit_log').whereIn('action', ['batch.issue', 'batch.correct'])) as { detail: string }[];
  const told = new Set(acts.map(({ detail }) => (JSON.parse(detail) as { digest: string }).digest));
  const ofIssue = new Set(batches.filter(({ operation }) => operation === 'issue').map(({ id }) => id));
  const byKey = new Map(rows.map((row) => [row.idempotency_key, row]));
  const refused = new Map(
    ((await knex('batch_rows').where({ state: 'failed' })) as { batch: string; row: number; code: string }[]).map(
      (row) => [`${row.batch} ${row.row}`, row.code],
    ),
  );
  for (const { batch, first_row, last_row, digest } of chunks) {
    if (!ofIssue.has(batch)) continue;
    const hash = createHash('sha256');
    for (let row = first_row; row <= last_row; row++) {
      const one = byKey.get(`batch/${batch}/${String(row).padStart(7, '0')}`);
      const code = refused.get(`${batch} ${row}`);
      if (one)
        hash.update(
          `${row} ${one.id} ${createHash('sha256')
            .update(one.credential ?? '')
            .digest('hex')}\n`,
        );
      else if (code !== undefined) hash.update(`${row} - ${code}\n`);
    }
    assert.equal(hash.digest('hex'), digest ?? '', `digest of rows ${first_row}–${last_row}`);
    assert.ok(told.has(digest ?? ''), 'the audit log knows every chunk');
  }
  assert.equal((await verifyAuditChain(knex)).brokenAt, undefined, 'audit chain');
  const issued = rows.filter(({ state }) => state === 'issued');
  const step = Math.max(1, Math.floor(issued.length / sample));
  for (let i = 0; i < issued.length; i += step)
    assert.ok(await world.libraryVerifies(JSON.parse(issued[i]?.credential ?? '{}') as object), issued[i]?.id);
  return { certificates: rows };
}
