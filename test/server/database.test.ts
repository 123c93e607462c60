import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import sqlite3 from 'sqlite3';
import { insertRows, openDatabase, type Database } from '../../server/index.js';
import { configureSqliteConnection, pragma, type SqliteConnection } from '../../server/sqlite-connection.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { temporaryDatabase } from './helpers.js';

const notes = {
  name: 'test-001-notes',
  up: async (knex: import('knex').Knex) => {
    await knex.schema.createTable('notes', (table) => {
      table.integer('id').primary();
      table.string('text', 50).notNullable();
    });
  },
};

interface Pool {
  acquireConnection(): Promise<SqliteConnection>;
  releaseConnection(connection: SqliteConnection): Promise<void>;
}
const poolOf = (database: Pick<Database, 'knex'>): Pool => database.knex.client as Pool;

describeOnEachDatabase('a database', (kind) => {
  let open: Awaited<ReturnType<typeof temporaryDatabase>>;
  beforeEach(async () => {
    open = await temporaryDatabase([notes], kind);
  });
  afterEach(() => open.remove());

  it('undoes everything a failed write did', async () => {
    await assert.rejects(
      open.database.write(async (transaction) => {
        await transaction('notes').insert({ id: 1, text: 'a' });
        throw new Error('later step');
      }),
      /later step/,
    );
    assert.deepEqual(await open.database.knex('notes').select(), []);
  });

  it('lets two processes write in turns, without a busy error from reading before writing', async () => {
    const other = await openDatabase({ url: open.url, migrations: [notes] });
    await open.database.write((transaction) => transaction('notes').insert({ id: 1, text: '0' }));
    const count = (database: typeof other) =>
      database.write(async (transaction) => {
        const row = (await transaction('notes').where({ id: 1 }).first()) as { text: string };
        await transaction('notes')
          .where({ id: 1 })
          .update({ text: String(Number(row.text) + 1) });
      });
    await Promise.all(Array.from({ length: 40 }, (_, i) => count(i % 2 === 0 ? other : open.database)));
    assert.deepEqual(await other.knex('notes').select('text'), [{ text: '40' }]);
    await other.close();
  });

  it('gives counts and sums as numbers, and sorts text by code point', async () => {
    const texts = ['b', 'a', 'B', '_', 'é', '张', 'Z', '李', '𠮷', '-'];
    await open.database.write((transaction) =>
      transaction('notes').insert(texts.map((text, index) => ({ id: index + 1, text }))),
    );
    const { knex } = open.database;
    assert.deepEqual(await knex('notes').count({ n: '*' }).sum({ total: 'id' }).max({ last: 'id' }).first(), {
      n: 10,
      total: 55,
      last: 10,
    });
    assert.deepEqual(await knex('notes').orderBy('text').pluck('text'), [
      '-',
      'B',
      'Z',
      '_',
      'a',
      'b',
      'é',
      '张',
      '李',
      '𠮷',
    ]);
  });

  it('refuses the tables of another service (DATABASE_FOREIGN)', async () => {
    await assert.rejects(openDatabase({ url: open.url, migrations: [{ ...notes, name: 'other-001' }] }), {
      code: 'DATABASE_FOREIGN',
    });
  });
});

describe('openDatabase: SQLite', () => {
  let open: Awaited<ReturnType<typeof temporaryDatabase>>;
  beforeEach(async () => {
    open = await temporaryDatabase([notes]);
  });
  afterEach(() => open.remove());

  it('runs every connection with synchronous=FULL, WAL and foreign keys, also after the file is opened again (F10)', async () => {
    await open.database.close();
    const again = await openDatabase({ url: `sqlite:${open.file}`, migrations: [notes] });
    const held = await Promise.all([1, 2, 3, 4].map(() => poolOf(again).acquireConnection()));
    const writes = await again.write((transaction) => poolOf({ knex: transaction }).acquireConnection());
    assert.equal(new Set([...held, writes]).size, 5);
    for (const connection of [...held, writes]) {
      assert.equal(await pragma(connection, 'synchronous'), 2);
      assert.equal(await pragma(connection, 'foreign_keys'), 1);
      assert.equal(await pragma(connection, 'journal_mode'), 'wal');
    }
    for (const connection of held) await poolOf(again).releaseConnection(connection);
    await again.close();
  });

  it('keeps the log of changes below 64 MB, however much is written', async function () {
    this.timeout(60_000);
    const text = 'x'.repeat(3900);
    let largest = 0;
    for (let start = 0; start < 24_000; start += 2000) {
      const rows = Array.from({ length: 2000 }, (_, i) => ({ id: start + i, text }));
      await open.database.write((transaction) => insertRows(transaction, 'notes', rows));
      largest = Math.max(largest, (await stat(`${open.file}-wal`)).size);
    }
    assert.ok(largest > 16 * 1024 ** 2 && largest < 64 * 1024 ** 2, `${largest}`);
  });

  it('gives a new file pages of 16 kB, leaves those of a file of before, and carries the log of either over after 32 MB', async () => {
    const before = `${open.file}-before`;
    const old = new sqlite3.Database(before);
    await new Promise<void>((resolve, reject) =>
      old.exec('PRAGMA page_size=4096; PRAGMA journal_mode=WAL; CREATE TABLE t (a)', (error) =>
        error ? reject(error) : old.close((failed) => (failed ? reject(failed) : resolve())),
      ),
    );
    const again = await openDatabase({ url: `sqlite:${before}`, migrations: [notes] });
    for (const [database, bytes] of [
      [open.database, 16_384],
      [again, 4096],
    ] as const) {
      const connection = await database.write((transaction) => poolOf({ knex: transaction }).acquireConnection());
      assert.equal(await pragma(connection, 'page_size'), bytes);
      assert.equal(Number(await pragma(connection, 'wal_autocheckpoint')) * bytes, 32 * 1024 ** 2);
    }
    await again.close();
  });

  it('refuses a connection that does not take synchronous=FULL (DATABASE_NOT_DURABLE)', async () => {
    const deaf = (row: object): SqliteConnection => ({
      exec: (_sql, done) => done(null),
      get: (_sql, done) => done(null, row),
    });
    await assert.rejects(configureSqliteConnection(deaf({ synchronous: 1 })), { code: 'DATABASE_NOT_DURABLE' });
    const memory = new sqlite3.Database(':memory:');
    await assert.rejects(configureSqliteConnection(memory), {
      code: 'DATABASE_NOT_DURABLE',
    });
    memory.close();
  });

  it('keeps the file to its owner', async () => {
    assert.equal((await stat(open.file)).mode & 0o777, 0o600);
  });

  it('refuses a database in memory or of another kind (DATABASE_URL)', async () => {
    for (const url of ['sqlite::memory:', 'mysql://x', 'file.db', 'sqlite:'])
      await assert.rejects(openDatabase({ url, migrations: [] }), { code: 'DATABASE_URL' });
  });

  it('says STORAGE_BUSY (503) when another process holds the lock, and works again afterwards', async function () {
    this.timeout(20_000);
    const other = await openDatabase({ url: `sqlite:${open.file}`, migrations: [notes] });
    let release = (): void => undefined;
    let started = (): void => undefined;
    const locked = new Promise<void>((resolve) => (started = resolve));
    const held = other.write(() => {
      started();
      return new Promise<void>((resolve) => (release = resolve));
    });
    await locked;
    await assert.rejects(
      open.database.write((transaction) => transaction('notes').insert({ id: 1, text: 'a' })),
      { code: 'STORAGE_BUSY', status: 503 },
    );
    release();
    await held;
    await open.database.write((transaction) => transaction('notes').insert({ id: 2, text: 'b' }));
    await other.close();
  });

  it('rolls back and says STORAGE_FULL (503) when the disk is full, and goes on when there is room', async () => {
    const { knex } = open.database;
    const limit = (pages: number) =>
      open.database.write((transaction) => transaction.raw(`pragma max_page_count=${pages}`));
    const [size] = await knex.raw<{ page_count: number }[]>('pragma page_count');
    await limit((size?.page_count ?? 0) + 1);
    const fill = () =>
      open.database.write(async (transaction) => {
        for (let id = 0; id < 300; id++) await transaction('notes').insert({ id, text: 'x'.repeat(50) });
      });
    await assert.rejects(fill(), { code: 'STORAGE_FULL', status: 503 });
    assert.deepEqual(await knex('notes').select(), []);
    await limit(100_000);
    await fill();
    assert.equal((await knex('notes').select()).length, 300);
  });

  it('writes with one connection that stays, so that it need not read again what it wrote', async () => {
    const used = new Set<SqliteConnection>();
    for (let id = 0; id < 6; id++) {
      const reads = [1, 2, 3].map(() => open.database.knex('notes').select());
      await open.database.write(async (transaction) => {
        await transaction('notes').insert({ id, text: 'x' });
        used.add(await poolOf({ knex: transaction }).acquireConnection());
      });
      await Promise.all(reads);
    }
    assert.equal(used.size, 1);
    assert.equal((await open.database.knex('notes').select()).length, 6);
  });

  it('writes no more after a disk error until it is opened again (STORAGE_FAILED)', async () => {
    const ioError = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
    await assert.rejects(
      open.database.write(() => Promise.reject(ioError)),
      { code: 'STORAGE_FAILED', status: 503 },
    );
    await assert.rejects(
      open.database.write((transaction) => transaction('notes').insert({ id: 1, text: 'a' })),
      { code: 'STORAGE_FAILED' },
    );
    await assert.rejects(open.database.check(), { code: 'STORAGE_FAILED' });
    assert.deepEqual(await open.database.knex('notes').select(), []);
  });

  it('takes over the lock a process killed while migrating left behind', async function () {
    this.timeout(30_000);
    await open.database.knex('knex_migrations_lock').update({ is_locked: 1 });
    await open.database.close();
    const second = {
      name: 'test-002-more',
      up: async (knex: import('knex').Knex) => {
        await knex.schema.createTable('more', (table) => void table.integer('id').primary());
      },
    };
    const again = await openDatabase({ url: `sqlite:${open.file}`, migrations: [notes, second] });
    assert.deepEqual(await again.knex('more').select(), []);
    await again.close();
  });
});
