import assert from 'node:assert/strict';
import { openDatabase } from '../../server/index.js';
import { freshDatabase } from '../database/fresh-database.js';
import { migrationsBefore } from './migrations-before.js';
import { plantCertificates } from './planted-certificates.js';

/** As long as the signed texts of a certificate. */
const CREDENTIAL = '{"credentialSubject":{"type":"Person"}}'.repeat(50);

describe('rows of certificates [PostgreSQL] @slow', () => {
  for (const upTo of [undefined, 'issuer-044-unpacked-rows'])
    it(`are packed only by a server that has a fast way to${upTo === undefined ? '' : ', in a database of before as well'}`, async () => {
      const fresh = await freshDatabase('postgres');
      const open = (step?: string) => openDatabase({ url: fresh.url, migrations: migrationsBefore(step) });
      try {
        if (upTo !== undefined) await (await open(upTo)).close();
        const database = await open();
        await plantCertificates(database, 'S000051000001', 3, { credential: CREDENTIAL, qr: '0123456789'.repeat(100) });
        const { rows } = await database.knex.raw<{ rows: { bytes: number; is_fast: boolean }[] }>(
          `select pg_column_size(credential) as bytes, exists (select 1 from pg_settings
            where name = 'default_toast_compression' and 'lz4' = any(enumvals)) as is_fast from certificates`,
        );
        assert.equal(rows.length, 3);
        for (const { bytes, is_fast: isFast } of rows) assert.equal(bytes < CREDENTIAL.length, isFast);
        await database.close();
      } finally {
        await fresh.remove();
      }
    });
});
