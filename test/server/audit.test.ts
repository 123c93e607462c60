import assert from 'node:assert/strict';
import { appendAudit, readAudit, verifyAuditChain } from '../../server/index.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { temporaryDatabase } from './helpers.js';

describeOnEachDatabase('audit log', (kind) => {
  let open: Awaited<ReturnType<typeof temporaryDatabase>>;
  const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 9, 0, second));
  const entry = (subject: string) => ({ tenant: 'S000051000001', actor: 'system', action: 'test.act', subject });
  const append = (subject: string, second = 0) =>
    open.database.write((transaction) => appendAudit(transaction, entry(subject), at(second)));

  beforeEach(async () => {
    open = await temporaryDatabase([], kind);
    for (const subject of ['a', 'b', 'c', 'd']) await append(subject);
  });
  afterEach(() => open.remove());

  it('numbers entries without a gap and verifies', async () => {
    assert.deepEqual(await verifyAuditChain(open.database.knex), { entries: 4 });
    const rows = await readAudit(open.database.knex, { tenant: 'S000051000001', after: 1, limit: 2 });
    assert.deepEqual(
      rows.map((row) => [row.sequence, row.subject]),
      [
        [2, 'b'],
        [3, 'c'],
      ],
    );
  });

  it('writes nothing when the act it belongs to fails', async () => {
    await assert.rejects(
      open.database.write(async (transaction) => {
        await appendAudit(transaction, entry('e'), at(1));
        throw new Error('act failed');
      }),
    );
    assert.deepEqual(await verifyAuditChain(open.database.knex), { entries: 4 });
  });

  it('finds a changed, a removed and a truncated entry', async () => {
    const { knex } = open.database;
    await knex('audit_log').where({ sequence: 2 }).update({ subject: 'x' });
    assert.deepEqual(await verifyAuditChain(knex), { entries: 1, brokenAt: 2 });
    await knex('audit_log').where({ sequence: 2 }).update({ subject: 'b' });
    assert.deepEqual(await verifyAuditChain(knex), { entries: 4 });
    const third: unknown = await knex('audit_log').where({ sequence: 3 }).first();
    await knex('audit_log').where({ sequence: 3 }).delete();
    assert.deepEqual(await verifyAuditChain(knex), { entries: 2, brokenAt: 3 });
    await knex('audit_log').insert(third);
    await knex('audit_log').where({ sequence: 4 }).delete();
    assert.deepEqual(await verifyAuditChain(knex), { entries: 3, brokenAt: 4 });
  });

  it('refuses to write when the clock lies before the newest entry (CLOCK_WENT_BACK)', async () => {
    await append('later', 60);
    await append('within two seconds', 59);
    await assert.rejects(append('much earlier', 30), { code: 'CLOCK_WENT_BACK', status: 503 });
  });

  it('does not lose or double an entry when 50 acts are written at once', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, i) => append(`n${i}`, 1)));
    assert.deepEqual(await verifyAuditChain(open.database.knex), { entries: 54 });
  });
});
