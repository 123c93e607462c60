import assert from 'node:assert/strict';
import { insertRows, isUniqueViolation } from '../../server/index.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { temporaryDatabase } from './helpers.js';

const people = {
  name: 'test-001-people',
  up: async (knex: import('knex').Knex) => {
    await knex.schema.createTable('people', (table) => {
      table.integer('id').primary();
      table.string('name', 200);
      table.string('town', 50);
    });
  },
};

describeOnEachDatabase('insertRows', (kind) => {
  let open: Awaited<ReturnType<typeof temporaryDatabase>>;
  beforeEach(async () => {
    open = await temporaryDatabase([people], kind);
  });
  afterEach(() => open.remove());

  it('stores every value byte for byte: quotes, backslashes, line ends, question marks, astral characters, NULL', async () => {
    const names = ['张伟', "O'Neil", 'a"b', '\\N', '\\', 'a\tb\nc\rd', '?', '$1', '', '𠮷😀', '\\.', null, undefined];
    const rows = names.map((name, id) => ({ id, name, town: '成都' }));
    await open.database.write((transaction) => insertRows(transaction, 'people', rows));
    assert.deepEqual(
      await open.database.knex('people').select('id', 'name', 'town').orderBy('id'),
      rows.map((row) => ({ ...row, name: row.name ?? null })),
    );
  });

  it('stores more rows than one statement takes, and none at all', async () => {
    const rows = Array.from({ length: 25_000 }, (_, id) => ({ id, name: `n${id % 7}`, town: null }));
    await open.database.write(async (transaction) => {
      await insertRows(transaction, 'people', []);
      await insertRows(transaction, 'people', rows);
    });
    assert.deepEqual(await open.database.knex('people').count({ n: '*' }).max({ last: 'id' }).first(), {
      n: 25_000,
      last: 24_999,
    });
  });

  it('stores rows that differ in nothing', async () => {
    await open.database.write(async (transaction) => {
      await transaction.schema.createTable('same', (table) => void table.integer('a'));
      await insertRows(transaction, 'same', [{ a: 1 }, { a: 1 }, { a: 1 }]);
    });
    assert.deepEqual(await open.database.knex('same').select(), [{ a: 1 }, { a: 1 }, { a: 1 }]);
  });

  it('stores nothing when one row is there already, and says so', async () => {
    const rows = Array.from({ length: 1500 }, (_, id) => ({ id: id === 1400 ? 3 : id, name: null, town: null }));
    await assert.rejects(
      open.database.write((transaction) => insertRows(transaction, 'people', rows)),
      isUniqueViolation,
    );
    assert.deepEqual(await open.database.knex('people').select(), []);
    await open.database.write((transaction) => insertRows(transaction, 'people', rows.slice(0, 3)));
  });

  it('refuses rows with different columns', async () => {
    const rows = [
      { id: 1, name: 'a' },
      { id: 2, town: 'b' },
    ];
    await assert.rejects(
      open.database.write((transaction) => insertRows(transaction, 'people', rows)),
      TypeError,
    );
  });
});
