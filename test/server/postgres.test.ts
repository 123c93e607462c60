import assert from 'node:assert/strict';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Knex } from 'knex';
import { openDatabase, storageError, type Database } from '../../server/index.js';
import { configurePostgresConnection, type PostgresConnection } from '../../server/postgres-connection.js';
import { administer, freshDatabase, type FreshDatabase } from '../database/fresh-database.js';
import { sharedPostgres } from '../database/start-postgres.js';

const notes = {
  name: 'test-001-notes',
  up: async (knex: Knex) => {
    await knex.schema.createTable('notes', (table) => {
      table.integer('id').primary();
      table.string('text', 50).notNullable();
    });
  },
};
const insert = (database: Database, id: number) =>
  database.write(async (transaction) => {
    await transaction('notes').insert({ id, text: 'a' });
  });
const ids = (database: Database): Promise<number[]> => database.knex('notes').orderBy('id').pluck('id');

/** The network between service and database, which can be cut. */
class Wire {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private up = true;

  constructor(private readonly port: number) {
    this.server = createServer((socket) => {
      if (!this.up) return socket.destroy();
      const far = connect(this.port, '127.0.0.1');
      for (const end of [socket, far]) {
        this.sockets.add(end);
        end.on('error', () => undefined).on('close', () => this.sockets.delete(end));
      }
      return socket.pipe(far).pipe(socket);
    });
  }

  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  cut(): void {
    this.up = false;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.up = true;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('openDatabase: PostgreSQL', function () {
  this.timeout(60_000);
  let fresh: FreshDatabase;
  const opened: Database[] = [];
  const open = async (url = fresh.url, migrations = [notes]): Promise<Database> => {
    const database = await openDatabase({ url, migrations });
    opened.push(database);
    return database;
  };
  beforeEach(async () => {
    fresh = await freshDatabase('postgres');
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()));
    await fresh.remove();
  });

  it('commits to disk whatever the session was told, and says what its limits are (F10)', async () => {
    const database = await open(`${fresh.url}?options=${encodeURIComponent('-c synchronous_commit=off -c statement_timeout=0')}`); // prettier-ignore
    const { rows } = await database.knex.raw<{ rows: Record<string, string>[] }>(
      `select current_setting('synchronous_commit') as commit, current_setting('statement_timeout') as statement,
        current_setting('lock_timeout') as lock, current_setting('idle_in_transaction_session_timeout') as idle`,
    );
    assert.deepEqual(rows, [{ commit: 'on', statement: '1min', lock: '10s', idle: '30s' }]);
  });

  it('refuses a server that may lose what it committed, is no UTF-8, or too old', async () => {
    const good = {
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      encoding: 'UTF8',
      version: 170_010,
      schema: 'public',
      read_only: 'off',
    };
    const told = (row: object): PostgresConnection => ({
      query: () => Promise.resolve({ rows: [{ ...good, ...row }] }),
      end: () => Promise.resolve(),
    });
    const refused = (row: object, code: string) =>
      assert.rejects(configurePostgresConnection(told(row), { schema: 'public' }), { code, status: 503 });
    await configurePostgresConnection(told({}), { schema: 'public' });
    await configurePostgresConnection(told({ synchronous_commit: 'remote_apply' }), { schema: 'public' });
    await refused({ fsync: 'off' }, 'DATABASE_NOT_DURABLE');
    await refused({ full_page_writes: 'off' }, 'DATABASE_NOT_DURABLE');
    await refused({ synchronous_commit: 'local' }, 'DATABASE_NOT_DURABLE');
    await refused({ encoding: 'SQL_ASCII' }, 'DATABASE_UNFIT');
    await refused({ version: 130_020 }, 'DATABASE_UNFIT');
    await refused({ schema: null }, 'DATABASE_UNFIT');
    await refused({ read_only: 'on' }, 'STORAGE_UNREACHABLE');
  });

  it('does not take a standby for a database (STORAGE_UNREACHABLE)', async () => {
    const options = encodeURIComponent('-c default_transaction_read_only=on');
    await assert.rejects(open(`${fresh.url}?options=${options}`), { code: 'STORAGE_UNREACHABLE', status: 503 });
  });

  it('gives each schema its tables and its own write lock', async () => {
    const issuer = await open(`${fresh.url}?schema=issuer`);
    const registry = await open(`${fresh.url}?schema=registry`, [{ ...notes, name: 'other-001' }]);
    await issuer.write(async (transaction) => {
      await transaction('notes').insert({ id: 1, text: 'a' });
      await insert(registry, 2);
    });
    assert.deepEqual([await ids(issuer), await ids(registry)], [[1], [2]]);
  });

  it('lets many processes start at once on an empty database: the steps run once', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => open(`${fresh.url}?schema=issuer`)));
    await Promise.all(all.map((database, id) => insert(database, id)));
    assert.deepEqual(await ids(all[0]!), [0, 1, 2, 3, 4, 5]);
    const run = await all[0]!.knex('knex_migrations').where({ name: notes.name });
    assert.equal(run.length, 1);
  });

  it('starts at once where a process was killed while migrating', async () => {
    const first = await open();
    await first.knex('knex_migrations_lock').update({ is_locked: 1 });
    const began = Date.now();
    await open();
    assert.ok(Date.now() - began < 4000);
  });

  it('sorts by code point also in a database made for Chinese readers', async () => {
    const { url } = await sharedPostgres();
    const name = `icu_${process.pid}_${Date.now()}`;
    await administer(url, `create database ${name} template template0 locale_provider icu icu_locale 'zh' locale 'C'`);
    const database = await openDatabase({ url: `${url}/${name}`, migrations: [notes] });
    const texts = ['b', 'a', 'B', '张', '李'];
    await database.write((transaction) => transaction('notes').insert(texts.map((text, id) => ({ id, text }))));
    const { rows } = await database.knex.raw<{ rows: { text: string }[] }>('select text from notes order by text collate "zh-x-icu"'); // prettier-ignore
    assert.deepEqual(
      rows.map(({ text }) => text),
      ['李', '张', 'a', 'b', 'B'],
      'otherwise this test shows nothing',
    );
    assert.deepEqual(await database.knex('notes').orderBy('text').pluck('text'), ['B', 'a', 'b', '张', '李']);
    await database.close();
    await administer(url, `drop database ${name}`);
  });

  it('loses nothing but the running write when its connection is ended, and goes on', async () => {
    const database = await open();
    await insert(database, 1);
    await assert.rejects(
      database.write(async (transaction) => {
        await transaction('notes').insert({ id: 2, text: 'a' });
        await transaction.raw('select pg_terminate_backend(pg_backend_pid())');
      }),
      { code: 'STORAGE_UNREACHABLE', status: 503 },
    );
    await insert(database, 3);
    assert.deepEqual(await ids(database), [1, 3]);
  });

  it('answers 503 while the network is cut, and goes on by itself when it is mended (STORAGE_UNREACHABLE)', async () => {
    const address = new URL(fresh.url);
    const wire = new Wire(Number(address.port));
    address.port = String(await wire.open());
    const database = await open(address.href);
    await insert(database, 1);
    const broken = assert.rejects(
      database.write(async (transaction) => {
        await transaction('notes').insert({ id: 2, text: 'a' });
        wire.cut();
        await transaction('notes').insert({ id: 3, text: 'a' });
      }),
      { code: 'STORAGE_UNREACHABLE', status: 503 },
    );
    await broken;
    await assert.rejects(insert(database, 4), { code: 'STORAGE_UNREACHABLE' });
    await assert.rejects(database.check(), { code: 'STORAGE_UNREACHABLE' });
    wire.mend();
    await database.check();
    await insert(database, 5);
    assert.deepEqual(await ids(database), [1, 5]);
    await database.close();
    await wire.close();
  });

  it('names each trouble of PostgreSQL by what an operator does about it', () => {
    const of = (code: string): string | undefined => storageError(Object.assign(new Error('x'), { code }))?.code;
    for (const code of ['40001', '40P01', '55P03', '57014', '25P03']) assert.equal(of(code), 'STORAGE_BUSY', code);
    assert.equal(of('53100'), 'STORAGE_FULL');
    for (const code of ['58030', 'XX001', 'XX002']) assert.equal(of(code), 'STORAGE_FAILED', code);
    for (const code of ['08006', '57P01', '57P03', '25006', '53300', '28P01', '3D000', 'ECONNREFUSED', 'ECONNRESET'])
      assert.equal(of(code), 'STORAGE_UNREACHABLE', code);
    for (const code of ['23505', '22P02', '42P01', '']) assert.equal(of(code), undefined, code);
    for (const message of ['Connection terminated unexpectedly', 'select 1 - Query read timeout', 'timeout expired'])
      assert.equal(storageError(new Error(message))?.code, 'STORAGE_UNREACHABLE', message);
  });
});
