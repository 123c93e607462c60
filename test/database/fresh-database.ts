import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openDatabase, type Migration } from '../../server/index.js';
import { sharedPostgres } from './start-postgres.js';

/** The databases services run on. */
export const DATABASE_KINDS = ['sqlite', 'postgres'] as const;

/** One of {@link DATABASE_KINDS}. */
export type DatabaseKind = (typeof DATABASE_KINDS)[number];

/** A database of one's own. */
export interface FreshDatabase {
  kind: DatabaseKind;
  /** For `openDatabase`. */
  url: string;
  /** Deletes it; connections still open are ended. */
  remove(): Promise<void>;
}

type Tests = (this: Mocha.Suite, kind: DatabaseKind) => void;

/** `describe` once for each database, so that the same tests run on both; what they show of PostgreSQL is shown on one Node only. */
export function describeOnEachDatabase(title: string, tests: Tests): void {
  describe(`${title} [SQLite]`, function () {
    tests.call(this, 'sqlite');
  });
  describe(`${title} [PostgreSQL] @slow`, function () {
    tests.call(this, 'postgres');
  });
}

const templates = new Map<string, Promise<string>>();

/**
 * A new database. On PostgreSQL it is copied from one the migrations were run on before, once for each list of them.
 * @param migrations what `openDatabase` will be called with; without them the database is empty
 */
export async function freshDatabase(kind: DatabaseKind, migrations?: readonly Migration[]): Promise<FreshDatabase> {
  if (kind === 'sqlite') {
    const folder = await mkdtemp(join(tmpdir(), 'yizheng-database-'));
    return {
      kind,
      url: `sqlite:${join(folder, 'test.db')}`,
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  }
  const { url } = await sharedPostgres();
  const name = `t_${randomBytes(6).toString('hex')}`;
  const template = migrations && (await templateOf(url, migrations));
  await administer(url, `create database ${name}${template === undefined ? '' : ` template ${template}`}`);
  return {
    kind,
    url: `${url}/${name}`,
    remove: () => administer(url, `drop database if exists ${name} with (force)`),
  };
}

function templateOf(url: string, migrations: readonly Migration[]): Promise<string> {
  const names = migrations.map((migration) => migration.name).join();
  // Other processes share the server, and make their own.
  const name = `template_${process.pid}_${createHash('sha256').update(names).digest('hex').slice(0, 12)}`;
  const known = templates.get(name);
  if (known) return known;
  const made = (async () => {
    await administer(url, `create database ${name}`);
    await (await openDatabase({ url: `${url}/${name}`, migrations })).close();
    return name;
  })();
  templates.set(name, made);
  return made;
}

/** Runs one statement as the superuser of the test server. */
export async function administer(server: string, sql: string): Promise<void> {
  const client = new pg.Client(`${server}/postgres`);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
