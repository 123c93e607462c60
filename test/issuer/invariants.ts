import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import sqlite3 from 'sqlite3';
import { verifyAuditChain, type Database } from '../../server/index.js';
import { credentialJson, storedCertificates, type CertificateRow } from '../../issuer/certificate-row.js';

/** What the client was told with 201. */
export interface Acknowledged {
  idempotencyKey: string;
  id: string;
  /** Signed credential as received. */
  json: string;
}

/**
 * Checks the invariants of design/SECURITY.md §4 from the database file, the client's list of 201s and the published lists, without
 * any code of the issuer.
 */
export async function checkInvariants(
  database: Database,
  acknowledged: readonly Acknowledged[],
  verify: (credential: object) => Promise<boolean>,
): Promise<{ certificates: number }> {
  const stored = await storedCertificates(database.knex).orderBy('id');
  const rows = stored.map((row): CertificateRow => ({ ...row, credential: credentialJson(row) }));
  const unique = (name: string, values: string[]): void =>
    assert.equal(new Set(values).size, values.length, `${name} twice`);
  unique(
    'I1 certificate number',
    rows.map(({ number, revision }) => `${number} ${revision}`),
  );
  unique(
    'I4 status index',
    rows.map(({ institution, list, list_index }) => `${institution} ${list} ${list_index}`),
  );
  unique(
    'I5 idempotency key',
    rows.map(({ institution, idempotency_key }) => `${institution} ${idempotency_key}`),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const told of acknowledged) {
    const row = byId.get(told.id);
    assert.equal(row?.state, 'issued', `I2 ${told.id} was acknowledged and is not stored`);
    assert.equal(row.credential, told.json, `I2 ${told.id} is stored with other bytes`);
    assert.equal(row.idempotency_key, told.idempotencyKey, `I5 ${told.id} belongs to another request`);
  }
  assert.deepEqual(
    rows.filter(({ state }) => state === 'reserved').map(({ id }) => id),
    [],
    'I10 still reserved',
  );
  assert.deepEqual(await verifyAuditChain(database.knex).then(({ brokenAt }) => brokenAt), undefined, 'I6 audit chain');
  const acts = (await database.knex('audit_log').whereIn('action', ['certificate.reserve', 'certificate.issue'])) as {
    action: string;
    subject: string;
    detail: string;
  }[];
  for (const row of rows) {
    const own = acts.filter(({ subject }) => subject === row.id);
    assert.equal(own.filter(({ action }) => action === 'certificate.reserve').length, 1, `I6 reserve ${row.id}`);
    if (row.state !== 'issued') continue;
    const issued = own.filter(({ action }) => action === 'certificate.issue');
    assert.equal(issued.length, 1, `I6 issue ${row.id}`);
    const { sha256 } = JSON.parse(issued[0]!.detail) as { sha256: string };
    assert.equal(
      sha256,
      createHash('sha256')
        .update(row.credential ?? '')
        .digest('hex'),
      `I6 hash ${row.id}`,
    );
    const { proof: _, ...rest } = JSON.parse(row.credential ?? '{}') as { proof: unknown };
    if (row.unsigned !== null)
      assert.equal(JSON.stringify(rest), row.unsigned, `I3 ${row.id} is signed with other bytes than reserved`);
    assert.ok(await verify(JSON.parse(row.credential ?? '{}') as object), `I8 ${row.id} does not verify`);
  }
  return { certificates: rows.length };
}

/** I9: the database is whole. A killed client cannot harm PostgreSQL's files, so there is nothing to look at there. */
export async function integrityCheck(url: string): Promise<string> {
  if (!url.startsWith('sqlite:')) return 'ok';
  const connection = new sqlite3.Database(url.slice('sqlite:'.length), sqlite3.OPEN_READONLY);
  const result = await new Promise<{ integrity_check: string }>((resolve, reject) =>
    connection.get('PRAGMA integrity_check', (error: Error | null, row: { integrity_check: string }) =>
      error ? reject(error) : resolve(row),
    ),
  );
  await new Promise<void>((resolve) => connection.close(() => resolve()));
  return result.integrity_check;
}
