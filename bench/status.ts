import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Knex } from 'knex';
import { createIssuer, issuerMigrations } from '../issuer/index.js';
import { markChanged } from '../issuer/status-lists.js';
import { Keystore } from '../keys/keystore.js';
import { createLogger, openDatabase, type Database } from '../server/index.js';
import { freshDatabase, DATABASE_KINDS, type DatabaseKind } from '../test/database/fresh-database.js';

/**
 * What it costs to publish status changes, beside what is held. Each list has 131,072 entries of which half are given out, as the
 * issuer fills them. Then 1, 1,000 and 100,000 certificates drawn at random are revoked, and every list that changed is signed and
 * stored. Rows carry short texts in place of credentials, which publishing never reads; the index it reads is the real one.
 *
 * `YIZHENG_LISTS` (default 16, about a million certificates) sets how many lists are held; `YIZHENG_DATABASES` which databases.
 */
const LISTS = Number(process.env['YIZHENG_LISTS'] ?? 16);
const KINDS = (process.env['YIZHENG_DATABASES'] ?? DATABASE_KINDS.join()).split(',') as DatabaseKind[];
const ENTRIES = 131_072;
const HELD = LISTS * (ENTRIES / 2);
const CODE = 'S000051000001';
const CHANGES = [1, 1000, 100_000];

interface Cost {
  revoked: number;
  lists: number;
  markSeconds: number;
  publishSeconds: number;
}

const results: Record<string, { held: number; fillSeconds: number; idleMs: number; costs: Cost[] }> = {};
for (const kind of KINDS) results[kind] = await measure(kind);
process.stdout.write(`${JSON.stringify({ processors: availableParallelism(), lists: LISTS, ...results })}\n`);

async function measure(kind: DatabaseKind) {
  const folder = await mkdtemp(join(tmpdir(), 'yizheng-bench-status-'));
  const fresh = await freshDatabase(kind, issuerMigrations);
  const database = await openDatabase({ url: fresh.url, migrations: issuerMigrations });
  try {
    const keystore = await Keystore.create(join(folder, 'keys.json'), 'correct horse battery staple', {
      now: new Date(),
    });
    const { service } = createIssuer({
      database,
      keystore,
      baseUrl: 'https://issuer.example',
      verifierUrl: 'https://verify.example/',
      fetch: () => Promise.reject(new Error('no network')),
      clock: () => new Date(),
      randomBytes: (length) => new Uint8Array(randomBytes(length)),
      logger: createLogger({ name: 'bench', level: 'error' }),
    });
    const authority = { did: 'did:web:hrss.example' };
    await service.institutions.create({ code: CODE, name: '示例技能评价中心', authority }, 'bench');
    const institutions = await service.institutions.list();
    const publish = () => timed(() => service.statusLists.refresh(institutions));

    const fillSeconds = await timed(() => fill(database, kind));
    await publish();
    const idleMs = Math.round((await publish()) * 10_000) / 10;
    console.log(
      `${kind}: ${HELD.toLocaleString('en')} certificates in ${LISTS} lists, filled in ${fillSeconds.toFixed(0)} s`,
    );
    console.log(`  nothing changed: ${idleMs} ms`);
    const costs: Cost[] = [];
    for (const revoked of CHANGES) {
      const markSeconds = await timed(() => revoke(database, revoked));
      const lists = (await service.statusLists.due()).length;
      const publishSeconds = await publish();
      costs.push({ revoked, lists, markSeconds: round(markSeconds), publishSeconds: round(publishSeconds) });
      console.log(`  ${String(revoked).padStart(7)} revoked: ${lists} lists; rows ${markSeconds.toFixed(2)} s, signing and storing ${publishSeconds.toFixed(2)} s`); // prettier-ignore
    }
    return { held: HELD, fillSeconds: round(fillSeconds), idleMs, costs };
  } finally {
    await database.close();
    await fresh.remove();
    await rm(folder, { recursive: true });
  }
}

/** One insert a list, made by the database itself. */
async function fill(database: Database, kind: DatabaseKind): Promise<void> {
  const numbers =
    kind === 'sqlite'
      ? 'with recursive n(i) as (select 0 union all select i + 1 from n where i < 65535)'
      : 'with n(i) as (select generate_series(0, 65535))';
  for (let list = 1; list <= LISTS; list++)
    await database.write(async (transaction) => {
      const id = `'urn:bench:' || (${list} * 100000 + i)`;
      await transaction.raw(
        `${numbers} insert into certificates (id, institution, number, revision, kind, list, list_index, unsigned, proof_created,
          key_id, state, status, idempotency_key, actor, reserved_at)
        select ${id}, '${CODE}', ${id}, 1, 'skill-level', ${list}, i * 2, '{}', '2026-01-01T00:00:00Z', 'key', 'issued', 'active', ${id},
          'bench', '2026-01-01T00:00:00Z' from n`,
      );
      await transaction('status_lists').insert({
        institution: CODE,
        list,
        entries: ENTRIES,
        used: ENTRIES / 2,
        taken: Buffer.alloc(ENTRIES / 8, 0xaa),
        revocation_changes: 0,
        suspension_changes: 0,
      });
    });
  if (kind === 'postgres') await database.knex.raw('analyze');
}

/** As the chunks of a batch do it: a thousand a transaction, each list marked once in it. */
async function revoke(database: Database, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1000) {
    const ids = new Map<string, number>();
    while (ids.size < Math.min(1000, count)) {
      const list = 1 + randomInt(LISTS);
      ids.set(`urn:bench:${list * 100_000 + randomInt(65_536)}`, list);
    }
    await database.write((transaction) => revokeSome(transaction, ids));
  }
}

async function revokeSome(transaction: Knex.Transaction, ids: ReadonlyMap<string, number>): Promise<void> {
  await transaction('certificates')
    .whereIn('id', [...ids.keys()])
    .update({ status: 'revoked', status_reason: 'error', status_at: new Date().toISOString() });
  for (const list of new Set(ids.values())) await markChanged(transaction, { institution: CODE, list }, ['revocation']);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
