import assert from 'node:assert/strict';
import { IS_RESERVED } from '../../issuer/certificate-row.js';
import { openDatabase, type Database } from '../../server/index.js';
import { describeOnEachDatabase, freshDatabase, type FreshDatabase } from '../database/fresh-database.js';
import { migrationsBefore } from './migrations-before.js';
import { plantCertificates } from './planted-certificates.js';

const HERE = 'S000051000001';
const PLAN = '2026-PJ-0001';
const RESERVED = 1234;

describeOnEachDatabase('certificates that wait for their signature', (kind) => {
  let fresh: FreshDatabase;
  let database: Database;
  beforeEach(async () => {
    fresh = await freshDatabase(kind);
  });
  afterEach(async () => {
    await database.close();
    await fresh.remove();
  });

  for (const upTo of [undefined, 'issuer-043-lean-indexes'])
    it(`are found among many others by an index of their own${upTo === undefined ? '' : ', also those of before'}`, async () => {
      database = await openDatabase({ url: fresh.url, migrations: migrationsBefore(upTo) });
      const state = Array.from({ length: 5000 }, (_, i) => (i === RESERVED ? 'reserved' : 'issued'));
      await plantCertificates(database, HERE, state.length, { state, assessment: PLAN });
      if (upTo !== undefined) {
        await database.close();
        database = await openDatabase({ url: fresh.url, migrations: migrationsBefore() });
      }
      if (kind === 'postgres') await database.knex.raw('analyze certificates');
      const institution = { institution: HERE };
      for (const own of [{}, institution, { ...institution, assessment: PLAN }, { ...institution, key_id: 'key' }]) {
        const query = database.knex('certificates').where(own).whereRaw(IS_RESERVED).select('id');
        assert.deepEqual(await query, [{ id: `urn:test:${RESERVED}` }]);
        const { sql, bindings } = query.toSQL();
        const explain = `explain ${kind === 'sqlite' ? 'query plan ' : ''}${sql}`;
        const plan: unknown = await database.knex.raw(explain, bindings as string[]);
        assert.match(JSON.stringify(plan), /certificates_reserved/);
      }
    });
});
