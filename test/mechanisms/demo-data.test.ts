import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_DATA_FOLDER, loadDemoStatements } from '../../registry/demo-data/load-demo-statements.js';
import { errorCode, YizhengError } from '../../shared/errors.js';
import { readStatementCredential, buildStatementCredential } from '../../shared/trust/statement-credential.js';
import { contents, demo, publicKeyOf } from './world.js';

describe('the demo data set', () => {
  it('gives every fact a source and a confidence, and leaves off what nobody confirmed', () => {
    assert.ok(demo.facts.length > 90);
    for (const fact of demo.facts) {
      assert.ok(fact.source.length > 0);
      if (['C', 'D', 'unknown'].includes(fact.confidence)) {
        assert.equal(fact.enabled, false);
        assert.equal(fact.unverified, true);
      }
    }
    assert.ok(demo.facts.some((fact) => fact.confidence === 'D'));
  });

  it('records agreements without a clause or list of recognition, and gives none of them an effect', () => {
    const off = demo.facts.filter((fact) => fact.file === 'other-agreements.json');
    assert.equal(off.length, 11);
    assert.ok(off.every((fact) => fact.type === 'agreement' && !fact.enabled));
  });

  it('names no real institution and holds no key', () => {
    for (const { value } of demo.statements)
      if (value.authority) assert.match(value.authority, /^did:web:[a-z-]+\.example$/);
    for (const statement of demo.statements)
      if (statement.kind === 'accreditation') assert.match(statement.value.legalName, /^示例/);
    assert.ok(demo.tables.authority.every(({ name }) => name.startsWith('示例')));
    assert.equal(JSON.stringify(demo.facts).includes('z6Mk'), false);
  });

  it('gives statements that read back exactly from their credentials', () => {
    for (const { kind, value } of demo.statements)
      assert.deepEqual(readStatementCredential(kind, buildStatementCredential(kind, value)), value);
    assert.equal(
      contents.reduce(
        (n, feed) =>
          n +
          feed.accreditations.length +
          feed.recognitions.length +
          feed.events.length +
          feed.reviews.length +
          feed.supplyChain.length,
        0,
      ),
      demo.statements.length,
      'no statement of an authority that is not in the list',
    );
  });

  it('takes other DIDs and pinned roots from whoever publishes it', async () => {
    const moved = await loadDemoStatements(DEMO_DATA_FOLDER, {
      publicKeyOf,
      didOf: (did) => did.replace('.example', '.example%3A8443'),
      registryRootOf: () => ({ version: 1, digestMultibase: `uEi${'A'.repeat(44)}` }),
    });
    assert.equal(moved.statements.length, demo.statements.length);
    for (const item of moved.statements) {
      assert.match(item.value.authority, /%3A8443$/);
      if (item.kind === 'accreditation') assert.match(item.value.signingKeys[0]?.id ?? '', /%3A8443:.*#key-1$/);
      if (item.kind === 'recognition') assert.equal(item.value.registryRoot?.version, 1);
    }
  });

  it('refuses a file that switches an unconfirmed fact on, and names file and row', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'yizheng-demo-'));
    const fact = { type: 'agreement', enabled: true, source: 'x', confidence: 'D', value: {} };
    const failure = async (facts: object[]): Promise<YizhengError> => {
      await writeFile(join(folder, 'a.json'), JSON.stringify({ mechanism: 'M01', title: 'x', facts }));
      try {
        await loadDemoStatements(folder, { publicKeyOf });
      } catch (error) {
        if (error instanceof YizhengError) return error;
      }
      return assert.fail('was taken');
    };
    try {
      assert.equal(errorCode(await failure([fact])), 'DEMO_FACT_INVALID');
      assert.equal(errorCode(await failure([{ ...fact, unverified: true }])), 'DEMO_FACT_INVALID');
      const bad = await failure([
        { type: 'recognition', enabled: true, source: 'x', confidence: 'A', value: { id: 1 } },
      ]);
      assert.deepEqual([bad.code, bad.at], ['STATEMENT_INVALID', 'a.json, fact 1']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
