import assert from 'node:assert/strict';
import { issuerMigrations } from '../../issuer/index.js';
import { supervisionMigrations } from '../../issuer/supervision/migrations.js';
import { openDatabase } from '../../server/index.js';
import { buildCredential } from '../../shared/certificate/credential.js';
import { checkHistory } from '../../shared/supervision/check-history.js';
import { markOf } from '../../shared/supervision/check.js';
import { DEFAULT_SUPERVISION } from '../../shared/supervision/rules.js';
import { sampleRecord } from '../certificate/sample-records.js';
import { describeOnEachDatabase, freshDatabase } from '../database/fresh-database.js';

describe('the rules of supervision', () => {
  const { history } = DEFAULT_SUPERVISION;
  assert.ok(history);
  const steady = [30, 31, 29, 30, 32, 28, 30];

  it('hold a month against the median of earlier months, which one unusual month does not move', () => {
    assert.equal(checkHistory(120, steady, history).answer, 'fail');
    assert.equal(checkHistory(120, [...steady, 900], history).answer, 'fail');
    assert.equal(checkHistory(45, steady, history).answer, 'pass', 'counts scatter by chance');
    assert.equal(checkHistory(9, [1, 1, 1, 1, 1, 1], history).answer, 'pass', 'few are never marked');
  });

  it('leave months without certificates out, and know nothing with too few others', () => {
    const everyThird = steady.flatMap((count) => [0, 0, count]);
    assert.deepEqual(checkHistory(45, everyThird, history), checkHistory(45, steady, history));
    assert.deepEqual(checkHistory(500, [30, 0, 30, 30], history).why, 'HISTORY_TOO_SHORT');
  });

  it('call usual only what every rule passes, and never what none applies to', () => {
    const pass = { rule: 'seats', answer: 'pass' } as const;
    assert.equal(markOf([pass]), 'usual');
    assert.equal(markOf([]), 'unknown');
    assert.equal(markOf([pass, { rule: 'history', answer: 'unknown' }]), 'unknown');
    assert.equal(
      markOf([
        { rule: 'history', answer: 'unknown' },
        { rule: 'quota', answer: 'fail' },
      ]),
      'unusual',
    );
  });
});

describeOnEachDatabase('a database from before supervision', function (kind) {
  this.timeout(60_000);

  it('counts the certificates it holds, and names those it cannot read', async () => {
    const fresh = await freshDatabase(kind);
    const earlier = issuerMigrations.slice(
      0,
      issuerMigrations.findIndex((step) => supervisionMigrations.includes(step)),
    );
    const institution = 'S000051000001';
    const before = await openDatabase({ url: fresh.url, migrations: earlier });
    await before.write(async (transaction) => {
      await transaction('authorities').insert({ did: 'did:web:a.example', version: 0 });
      await transaction('institutions').insert({
        code: institution,
        did: 'did:web:i.example',
        name: '中心',
        authority: 'did:web:a.example',
        created_at: '2026-01-01T00:00:00.000Z',
      });
      for (const index of [1, 2, 3]) {
        const certificate = buildCredential(
          sampleRecord('skill-level', {
            certificateNumber: `S000051000001263000${100 + index}`,
            status: { list: 1, index },
          }),
        );
        await transaction('certificates').insert({
          id: certificate.id,
          institution,
          number: certificate.credentialSubject.certificateNumber,
          revision: 1,
          kind: 'skill-level',
          list: 1,
          list_index: index,
          unsigned: null,
          proof_created: '2026-11-20T08:30:00Z',
          key_id: 'did:web:i.example#key-1',
          state: 'issued',
          credential: index === 3 ? '{}' : JSON.stringify(certificate),
          status: index === 2 ? 'revoked' : 'active',
          status_reason: index === 2 ? 'error' : null,
          idempotency_key: `key-${index}`,
          actor: 'test',
          reserved_at: '2026-11-20T08:30:00.000Z',
        });
      }
    });
    await before.close();
    const after = await openDatabase({ url: fresh.url, migrations: issuerMigrations });
    try {
      const cells: { issued: number; revoked: number }[] = await after
        .knex('certificate_cells')
        .select('issued', 'revoked');
      assert.deepEqual(
        cells.map(({ issued, revoked }) => [issued, revoked]),
        [[2, 1]],
      );
      const unread: object[] = await after.knex('certificates').whereNull('cell').select('number');
      assert.equal(unread.length, 1);
    } finally {
      await after.close();
      await fresh.remove();
    }
  });
});
