import assert from 'node:assert/strict';
import { findDuplicates, type Candidate } from '../../issuer/find-duplicates.js';
import type { PackedCandidates } from '../../issuer/packed-candidates.js';
import { insertColumns, openDatabase, type Database, type PackedKeys } from '../../server/index.js';
import { describeOnEachDatabase, freshDatabase, type FreshDatabase } from '../database/fresh-database.js';
import { migrationsBefore } from './migrations-before.js';

const HERE = 'S000051000001';
const ELSEWHERE = 'S000051000002';

/** The index holds the beginning of a key: some that begin alike are others. */
const ALIKE = 'd12345';

interface Stored {
  id: string;
  institution: string;
  duplicate_key: string | null;
  result_key: string | null;
  assessment: string | null;
  state: string;
  status: string;
}

describeOnEachDatabase('finding what was certified already', (kind) => {
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

  for (const upTo of [undefined, 'issuer-041-certificates-of-result', 'issuer-043-lean-indexes'])
    it(`names a certificate of the same document, or of the same result where a document is not known${upTo === undefined ? '' : `, in a database before ${upTo}`}`, async () => {
      await open(upTo);
      const random = randoms(41);
      const stored = Array.from({ length: 3000 }, (_, i) => randomRow(i, random));
      await plant(database, stored);
      if (upTo !== undefined) {
        await database.close();
        await open();
      }
      const candidates = Array.from({ length: 600 }, (): Candidate => {
        const { duplicate_key: duplicateKey, result_key: resultKey, assessment } = randomRow(0, random);
        const supersedes = stored[random(stored.length)]?.id;
        return {
          duplicateKey,
          resultKey: resultKey ?? '',
          ...(random(5) === 0 ? {} : { assessment }),
          ...(random(2) === 0 && supersedes !== undefined ? { supersedes } : {}),
        };
      });
      const isPacked = ({ duplicateKey, resultKey, supersedes }: Candidate): boolean =>
        duplicateKey !== null && resultKey !== '' && supersedes === undefined;
      candidates.sort((a, b) => Number(isPacked(a)) - Number(isPacked(b)));
      const count = candidates.filter(isPacked).length;
      assert.ok(count > 50);
      const packed = packedOf(candidates.slice(-count));
      const found = await findDuplicates(database.knex, HERE, candidates.slice(0, -count), { packed });
      assert.deepEqual(found, await findDuplicates(database.knex, HERE, candidates));
      for (const [i, candidate] of candidates.entries()) {
        const same = stored.filter((row) => isSame(row, candidate)).map(({ id }) => id);
        assert.ok(
          same.length === 0 ? found[i] === undefined : same.includes(found[i] ?? ''),
          `${JSON.stringify(candidate)}: ${found[i]}, not one of ${same.join(' ')}`,
        );
      }
      assert.ok(new Set(found).size > 100 && found.includes(undefined));
    });

  it('asks the index of keys only, however many certificates there are', async () => {
    await open();
    await plant(
      database,
      Array.from({ length: 8000 }, (_, i) => ({
        ...randomRow(i, randoms(i)),
        duplicate_key: `d${i}`,
        result_key: `r${i}`,
        assessment: '2026-PJ-0001',
      })),
    );
    const plans: string[] = [];
    database.knex.on('query', ({ sql, bindings }: { sql: string; bindings: unknown[] }) => {
      if (sql.startsWith('select c.id')) plans.push(JSON.stringify([sql, bindings]));
    });
    await findDuplicates(database.knex, HERE, [{ duplicateKey: 'd', resultKey: 'r' }]);
    assert.equal(plans.length, 2);
    await database.write(async (transaction) => {
      await transaction('certificates').where({ id: 'urn:test:7' }).update({ assessment: null, institution: HERE });
    });
    await findDuplicates(database.knex, HERE, [{ duplicateKey: 'd', resultKey: 'r' }]);
    assert.equal(plans.length, 5);
    for (const plan of plans) {
      const [sql, bindings] = JSON.parse(plan) as [string, string[]];
      if (kind === 'postgres') await database.knex.raw('analyze certificates');
      const explained = JSON.stringify(
        await database.knex.raw(
          `explain ${kind === 'sqlite' ? 'query plan ' : ''}${sql.replace(/\$\d/g, '?')}`,
          bindings,
        ),
      );
      assert.match(explained, /certificates_of_(?:result|document)/);
      assert.doesNotMatch(explained, /Seq Scan on certificates|SCAN c\b/);
    }
  });
});

/** The rule, row by row. */
function isSame(row: Stored, { duplicateKey, resultKey, supersedes }: Candidate): boolean {
  if (row.institution !== HERE || row.state === 'void' || row.status === 'revoked' || row.id === supersedes)
    return false;
  if (row.duplicate_key !== null && duplicateKey !== null) return row.duplicate_key === duplicateKey;
  return row.result_key === resultKey;
}

function randomRow(i: number, random: (below: number) => number): Stored {
  // A result names its assessment.
  const result = threeDigits(random(900));
  return {
    id: `urn:test:${i}`,
    institution: random(10) === 0 ? ELSEWHERE : HERE,
    duplicate_key: random(4) === 0 ? null : `${ALIKE}${threeDigits(random(900))}`,
    result_key: random(12) === 0 ? null : `r${result}`,
    assessment: random(12) === 0 ? null : `2026-PJ-${Number(result) % 3}`,
    state: random(6) === 0 ? 'void' : random(8) === 0 ? 'reserved' : 'issued',
    status: random(6) === 0 ? 'revoked' : random(8) === 0 ? 'suspended' : 'active',
  };
}

function threeDigits(n: number): string {
  return String(n).padStart(3, '0');
}

/** Keys of one length, one behind the other. */
function packedOf(candidates: readonly Candidate[]): PackedCandidates {
  const keys = (name: 'duplicateKey' | 'resultKey'): PackedKeys => ({
    bytes: Buffer.from(candidates.map((candidate) => candidate[name]).join('')),
    width: candidates[0]?.[name]?.length ?? 0,
  });
  return { count: candidates.length, duplicateKey: keys('duplicateKey'), resultKey: keys('resultKey') };
}

async function plant(database: Database, rows: readonly Stored[]): Promise<void> {
  await database.write(async (transaction) => {
    await transaction('authorities').insert({ did: 'did:web:a.example', version: 0 });
    for (const code of [HERE, ELSEWHERE])
      await transaction('institutions').insert({
        code,
        did: `did:web:${code}.example`,
        name: code,
        authority: 'did:web:a.example',
        created_at: '2026-11-22',
      });
    const columns = (name: keyof Stored) => rows.map((row) => row[name]);
    await insertColumns(transaction, 'certificates', rows.length, {
      id: columns('id'),
      institution: columns('institution'),
      number: columns('id'),
      revision: 1,
      kind: 'skill-level',
      list: 1,
      list_index: rows.map((_, i) => i),
      proof_created: '2026-11-22',
      key_id: 'key',
      state: columns('state'),
      status: columns('status'),
      duplicate_key: columns('duplicate_key'),
      result_key: columns('result_key'),
      assessment: columns('assessment'),
      idempotency_key: columns('id'),
      actor: 'test',
      reserved_at: '2026-11-22',
    });
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
