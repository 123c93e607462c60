import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIssuer, issuerMigrations, type Issuer, type IssuerEffects } from '../../../issuer/index.js';
import { Keystore } from '../../../keys/keystore.js';
import { createLogger, listen, openDatabase, type Listener } from '../../../server/index.js';
import { freshDatabase, type DatabaseKind } from '../../database/fresh-database.js';
import { BASE_URL, PASSPHRASE, VERIFIER_URL, WALLET_URL } from '../world.js';

/** An issuing service with nobody on it yet. */
export interface Host {
  folder: string;
  databaseUrl: string;
  effects: IssuerEffects & { keystore: Keystore };
  issuer: Issuer;
  listener: Listener;
  call(method: string, path: string, body?: unknown, secret?: string): Promise<Response>;
  remove(): Promise<void>;
}

/** Starts a {@link Host} of its own, with another secret in custody than any other. */
export async function startHost(
  kind: DatabaseKind,
  { time, baseUrl = BASE_URL }: { time: { now: Date }; baseUrl?: string },
): Promise<Host> {
  const folder = await mkdtemp(join(tmpdir(), 'yizheng-host-'));
  const fresh = await freshDatabase(kind, issuerMigrations);
  const keystore = await Keystore.create(join(folder, 'keys.json'), PASSPHRASE, { now: '2026-01-01T00:00:00Z' });
  const effects = {
    database: await openDatabase({ url: fresh.url, migrations: issuerMigrations }),
    keystore,
    baseUrl,
    verifierUrl: VERIFIER_URL,
    fetch: () => Promise.reject(new Error('no network in tests')),
    clock: () => time.now,
    randomBytes: (length: number) => new Uint8Array(randomBytes(length)),
    logger: createLogger({ name: 'issuer', level: 'silent' }),
  };
  const issuer = createIssuer(effects, {
    requestsPerMinute: 1_000_000,
    walletUrl: WALLET_URL,
    batches: { threads: 1, pollMs: 50 },
  });
  await issuer.start();
  const listener = await listen(issuer.app, { port: 0 });
  let counter = 0;
  return {
    folder,
    databaseUrl: fresh.url,
    effects,
    issuer,
    listener,
    call: (method, path, body, secret = '') =>
      fetch(listener.url + path, {
        method,
        headers: {
          ...(secret !== '' && { authorization: `Bearer ${secret}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          'idempotency-key': `host-key-${++counter}-${Date.now()}`,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    remove: async () => {
      await listener.close();
      await issuer.stop();
      await effects.database.close();
      await fresh.remove();
      await rm(folder, { recursive: true });
    },
  };
}

/** Every row of every table, as text: to look for what must not be there. */
export async function wholeDatabase({ database }: Pick<IssuerEffects, 'database'>): Promise<string> {
  const { knex } = database;
  const texts: string[] = [];
  for (const table of await tablesOf({ database }))
    if (!table.startsWith('knex_')) texts.push(table, JSON.stringify(await knex(table).select()));
  return texts.join('\n');
}

/** Names of all tables. */
export async function tablesOf({ database: { knex } }: Pick<IssuerEffects, 'database'>): Promise<string[]> {
  const { dialect } = knex.client as { dialect: string };
  const rows: { name: string }[] =
    dialect === 'postgresql'
      ? await knex('information_schema.tables')
          .where({ table_schema: knex.raw('current_schema()') })
          .select('table_name as name')
      : await knex('sqlite_master').where({ type: 'table' }).whereNot('name', 'like', 'sqlite%').select('name');
  return rows.map(({ name }) => name).sort();
}
