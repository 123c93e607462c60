import assert from 'node:assert/strict';
import { insertColumns, openDatabase, type Database } from '../../server/index.js';
import { describeOnEachDatabase, freshDatabase } from '../database/fresh-database.js';
import { migrationsBefore } from './migrations-before.js';
import { plantCertificates } from './planted-certificates.js';
import { plantBatch } from './batch/plant-batch.js';

const CODE = 'S000051000001';

/** What both databases say of a reference that does not hold. */
const REFUSED = /^(?:23503|SQLITE_CONSTRAINT.*)$/;

describeOnEachDatabase('what rows of a batch refer to', (kind) => {
  for (const upTo of [undefined, 'issuer-045-references-by-statement'])
    describe(upTo === undefined ? 'in a new database' : 'in a database of before', () => {
      let remove: () => Promise<void>;
      let database: Database;

      before(async () => {
        const fresh = await freshDatabase(kind);
        remove = () => fresh.remove();
        const open = (step?: string) => openDatabase({ url: fresh.url, migrations: migrationsBefore(step) });
        if (upTo !== undefined) {
          const old = await open(upTo);
          await plantCertificates(old, CODE, 3, {});
          await old.close();
        }
        database = await open();
        if (upTo === undefined) await plantCertificates(database, CODE, 3, {});
        await database.write((transaction) =>
          plantBatch(transaction, { id: 'batch', institution: CODE, state: 'checking' }),
        );
        await insertRows(['batch', 'batch']);
      });

      after(async () => {
        await database.close();
        await remove();
      });

      const refused = (work: () => Promise<unknown>): Promise<void> =>
        assert.rejects(work(), (error: Error & { code?: string }) => {
          assert.match(error.code ?? '', REFUSED);
          return true;
        });

      let row = 0;
      const insertRows = (batches: string[]): Promise<void> =>
        database.write((transaction) =>
          insertColumns(transaction, 'batch_rows', batches.length, {
            batch: batches,
            row: batches.map(() => ++row),
            state: 'ready',
          }),
        );

      it('is there: certificates of an unknown institution and rows of an unknown batch are refused with all that came with them', async () => {
        const columns = (institutions: string[]) => ({
          id: institutions.map((_, i) => `urn:test:new:${i}`),
          institution: institutions,
          number: institutions.map((_, i) => `new:${i}`),
          revision: 1,
          kind: 'skill-level',
          list: 2,
          list_index: institutions.map((_, i) => i),
          proof_created: '2026-11-22',
          key_id: 'key',
          state: 'issued',
          status: 'active',
          idempotency_key: institutions.map((_, i) => `new:${i}`),
          actor: 'test',
          reserved_at: '2026-11-22',
        });
        await refused(() =>
          database.write((transaction) =>
            insertColumns(transaction, 'certificates', 3, columns([CODE, 'S000051000009', CODE])),
          ),
        );
        await refused(() => insertRows(['batch', 'other']));
        await refused(() => insertRows(['other']));
        assert.deepEqual(await countAll(), { certificates: 3, rows: 2 });
      });

      it('cannot be changed to what is not there', async () => {
        for (const [table, column] of [
          ['certificates', 'institution'],
          ['batch_rows', 'batch'],
        ] as const)
          await refused(() => database.write((transaction) => transaction(table).update({ [column]: 'other' })));
      });

      it('stays: neither institution nor batch is removed or renamed while rows refer to it', async () => {
        for (const [table, key] of [
          ['institutions', 'code'],
          ['batches', 'id'],
        ] as const) {
          await refused(() => database.write((transaction) => transaction(table).delete()));
          await refused(() => database.write((transaction) => transaction(table).update({ [key]: 'other' })));
        }
        assert.deepEqual(await countAll(), { certificates: 3, rows: 2 });
      });

      it('may go when nothing refers to it any more', async () => {
        await database.write(async (transaction) => {
          await transaction('batch_rows').delete();
          await transaction('batches').delete();
          await transaction('certificates').delete();
          await transaction('institutions').delete();
        });
      });

      const countAll = async (): Promise<{ certificates: number; rows: number }> => {
        const count = async (table: string): Promise<number> => {
          const [found] = await database.knex(table).count<{ n: number }[]>('* as n');
          return Number(found?.n);
        };
        return { certificates: await count('certificates'), rows: await count('batch_rows') };
      };
    });
});
