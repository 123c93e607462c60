import assert from 'node:assert/strict';
import { insertColumns, openDatabase, type Database } from '../../server/index.js';
import { describeOnEachDatabase, freshDatabase, type FreshDatabase } from '../database/fresh-database.js';
import { migrationsBefore } from '../issuer/migrations-before.js';

const HERE = 'S000051000001';
const CELLS = 5;
const STATES = ['issued', 'issued', 'issued', 'reserved', 'void'];
const STATUSES = ['active', 'active', 'suspended', 'revoked'];
const REASONS = [null, 'batch-void', 'superseded', 'fraud'];

describeOnEachDatabase('counts kept by the database', (kind) => {
  let fresh: FreshDatabase;
  let database: Database;
  const open = async (upTo?: string) => {
    database = await openDatabase({ url: fresh.url, migrations: migrationsBefore(upTo) });
  };
  beforeEach(async () => {
    fresh = await freshDatabase(kind);
  });
  afterEach(async () => {
    await database.close();
    await fresh.remove();
  });

  for (const upTo of [undefined, 'issuer-042-lean-rows'])
    it(`are those of the certificates, however they come, change and go${upTo === undefined ? '' : ', in a database of before'}`, async () => {
      await open(upTo);
      const random = randoms(42);
      await database.write((transaction) => prepare(transaction));
      await add(database, random, 0, 700);
      await agree(database);
      if (upTo !== undefined) {
        await database.close();
        await open();
        await agree(database);
      }
      await add(database, random, 700, 800);
      await agree(database);
      await assert.rejects(
        database.write(async (transaction) => {
          await insertColumns(transaction, 'certificates', 3, columnsOf(random, 2000, 3));
          await insertColumns(transaction, 'certificates', 1, columnsOf(random, 5, 1));
        }),
      );
      await agree(database);
      for (let round = 0; round < 8; round++) {
        const cell = 1 + random(CELLS);
        await database.write((transaction) =>
          transaction('certificates')
            .where({ cell })
            .where('list_index', '>', random(1500))
            .update({
              state: STATES[random(STATES.length)],
              status: STATUSES[random(STATUSES.length)],
              status_reason: REASONS[random(REASONS.length)],
              ...(random(2) === 0 ? { cell: 1 + random(CELLS) } : {}),
            }),
        );
        await agree(database);
      }
      await database.write((transaction) => transaction('certificates').where('list_index', '<', 300).delete());
      await agree(database);
    });
});

/** Counts every cell anew, by the rule as it is documented, and compares. */
async function agree({ knex }: Database): Promise<void> {
  const wanted = new Map(
    Array.from({ length: CELLS }, (_, i) => [i + 1, { id: i + 1, issued: 0, suspended: 0, revoked: 0, voided: 0 }]),
  );
  const rows = await knex('certificates')
    .whereNotNull('cell')
    .select<{ cell: number; state: string; status: string; status_reason: string | null }[]>(
      'cell',
      'state',
      'status',
      'status_reason',
    );
  for (const { cell, state, status, status_reason: reason } of rows) {
    const counts = wanted.get(cell);
    if (!counts || state !== 'issued' || (status === 'revoked' && reason === 'superseded')) continue;
    counts.issued += 1;
    if (status === 'suspended') counts.suspended += 1;
    if (status === 'revoked') counts[reason === 'batch-void' ? 'voided' : 'revoked'] += 1;
  }
  assert.deepEqual(
    await knex('certificate_cells').orderBy('id').select('id', 'issued', 'suspended', 'revoked', 'voided'),
    [...wanted.values()],
  );
  assert.ok([...wanted.values()].some(({ issued }) => issued > 0));
}

async function add(database: Database, random: (below: number) => number, from: number, count: number): Promise<void> {
  await database.write((transaction) =>
    insertColumns(transaction, 'certificates', count, columnsOf(random, from, count)),
  );
}

function columnsOf(random: (below: number) => number, from: number, count: number) {
  const each = <T>(value: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => value(from + i));
  const pick = <T>(values: readonly T[]): T[] => each(() => values[random(values.length)] as T);
  return {
    id: each((i) => `urn:test:${i}`),
    institution: HERE,
    number: each((i) => `n${i}`),
    revision: 1,
    kind: 'skill-level',
    list: 1,
    list_index: each((i) => i),
    proof_created: '2026-11-22',
    key_id: 'key',
    state: pick(STATES),
    status: pick(STATUSES),
    status_reason: pick(REASONS),
    cell: each(() => (random(9) === 0 ? null : 1 + random(CELLS))),
    idempotency_key: each((i) => `batch/b/${i}`),
    actor: 'test',
    reserved_at: '2026-11-22',
  };
}

async function prepare(transaction: Parameters<Parameters<Database['write']>[0]>[0]): Promise<void> {
  await transaction('authorities').insert({ did: 'did:web:a.example', version: 0 });
  await transaction('institutions').insert({
    code: HERE,
    did: 'did:web:i.example',
    name: HERE,
    authority: 'did:web:a.example',
    created_at: '2026-11-22',
  });
  for (let cell = 1; cell <= CELLS; cell++)
    await transaction('certificate_cells').insert({
      key: `${cell}`,
      series: 's',
      institution: HERE,
      kind: 'skill-level',
      occupation: '6-18-02-04',
      edition: '2022',
      occupation_name: '焊工',
      framework: 'cn-skill-5',
      level: '3',
      month: '2026-11',
      issued_on: '2026-11-22',
      assessment: `a${cell}`,
      outside_region: 0,
      accreditation: 'acc',
    });
}

/** Numbers below a limit that are the same in every run. */
function randoms(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
