import { insertColumns, type Database, type SqlColumn } from '../../server/index.js';

/**
 * Stores certificates without issuing them, for tests of what the database does with many.
 * @param database with the schema of an issuer, and no institution yet
 * @param institution code of theirs
 * @param count how many; their ids are `urn:test:0` and so on
 * @param columns what they hold beyond the least
 */
export async function plantCertificates(
  database: Database,
  institution: string,
  count: number,
  columns: Readonly<Record<string, SqlColumn>>,
): Promise<void> {
  await database.write(async (transaction) => {
    await transaction('authorities').insert({ did: 'did:web:a.example', version: 0 });
    await transaction('institutions').insert({
      code: institution,
      did: 'did:web:h.example',
      name: institution,
      authority: 'did:web:a.example',
      created_at: '2026-11-22',
    });
    const ids = Array.from({ length: count }, (_, i) => `urn:test:${i}`);
    await insertColumns(transaction, 'certificates', count, {
      id: ids,
      institution,
      number: ids,
      revision: 1,
      kind: 'skill-level',
      list: 1,
      list_index: ids.map((_, i) => i),
      proof_created: '2026-11-22',
      key_id: 'key',
      state: 'issued',
      status: 'active',
      idempotency_key: ids,
      actor: 'test',
      reserved_at: '2026-11-22',
      ...columns,
    });
  });
}
