import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeReceiptQr } from '../../shared/verdict/receipt-qr.js';
import type { ReceiptRecheck } from '../../shared/verdict/receipt-recheck.js';
import type { Receipt } from '../../shared/verdict/receipt-schema.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { signed } from '../verdict/sample-trust.js';
import { cli } from './run.js';
import { sampleBundle } from './sample-bundle.js';

describe('yizheng verify --receipt and recheck', () => {
  let home: string;
  let certificate: string;
  let bundle: string;
  let newer: string;
  let receipt: string;
  let rootDigest: string;
  let anchor: string[];

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'yizheng-recheck-'));
    [certificate, bundle, newer, receipt] = ['c.json', 'then.json', 'now.json', 'r.json'].map((name) =>
      join(home, name),
    ) as [string, string, string, string];
    await writeFile(certificate, await signed());
    const sample = await sampleBundle();
    rootDigest = sample.rootDigest;
    await writeFile(bundle, sample.text);
    const later = { sequence: 3, issuedAt: '2026-11-25T00:00:00Z', revoked: [4711] };
    await writeFile(newer, (await sampleBundle(later)).text);
    anchor = ['--anchor', AUTHORITY, '--anchor-root', rootDigest];
    const options = ['--bundle', bundle, ...anchor, '--receipt', receipt, '--checked-by', '项目部'];
    const run = await cli(['verify', certificate, ...options], { home });
    assert.equal(run.code, 0, run.err);
  });
  after(() => rm(home, { recursive: true }));

  const recheck = async (file: string, ...options: string[]) => {
    const run = await cli(['recheck', file, '--json', ...options], { home, now: '2026-12-02T00:00:00Z' });
    return { ...run, found: JSON.parse(run.out) as ReceiptRecheck & { error: { code: string } } };
  };

  it('keeps a receipt for its owner alone, and overwrites none', async () => {
    const kept = JSON.parse(await readFile(receipt, 'utf8')) as Receipt;
    assert.equal(kept.verdict.headline, 'accepted');
    assert.equal(kept.anchor.root?.digestMultibase, rootDigest);
    assert.equal(kept.checkedBy, '项目部');
    assert.equal((await stat(receipt)).mode & 0o777, 0o600);
    const again = await cli(['verify', certificate, '--json', '--bundle', bundle, ...anchor, '--receipt', receipt], { home }); // prettier-ignore
    assert.equal(again.code, 3);
    assert.match(again.out, /"FILE_EXISTS"/);
  });

  it('confirms it with the bundle of that time, and says that it was revoked since: exit code 0', async () => {
    const { code, found } = await recheck(receipt, '--bundle', newer, ...anchor, '--bundle-then', bundle);
    assert.equal(code, 0, JSON.stringify(found));
    assert.deepEqual(
      [found.intact.code, found.then.code, found.rootKnown],
      ['RECEIPT_INTACT', 'RECEIPT_CONFIRMED', true],
    );
    assert.equal(found.today.headline, 'refused');
    const text = await cli(['recheck', receipt, '--bundle-then', bundle, '--anchor', AUTHORITY], { home });
    assert.match(text.out, /✔ 回执完整吗 {2}是[\s\S]*逐字相同[\s\S]*不予认可[\s\S]*核验人: 项目部/);
  });

  it('cannot say without it, or with another: exit code 2', async () => {
    const without = await recheck(receipt, '--anchor', AUTHORITY);
    assert.deepEqual([without.code, without.found.then.code], [2, 'RECEIPT_DATA_MISSING']);
    const other = await recheck(receipt, '--anchor', AUTHORITY, '--bundle-then', newer);
    assert.deepEqual([other.code, other.found.then.code], [2, 'RECEIPT_DATA_OTHER']);
  });

  it('reads the code of a printed receipt too', async () => {
    const code = encodeReceiptQr(JSON.parse(await readFile(receipt, 'utf8')) as Receipt);
    const { found } = await recheck(code?.text ?? '', '--anchor', AUTHORITY);
    assert.equal(found.intact.code, 'RECEIPT_INTACT');
  });

  it('refuses one that was changed: exit code 1; and reads no other file as one: 3', async () => {
    const changed = join(home, 'changed.json');
    await writeFile(changed, (await readFile(receipt, 'utf8')).replace('项目部', '质检部'));
    const run = await recheck(changed, '--anchor', AUTHORITY);
    assert.deepEqual([run.code, run.found.intact.code], [1, 'RECEIPT_CHANGED']);
    const wrong = await recheck(certificate, '--anchor', AUTHORITY);
    assert.deepEqual([wrong.code, wrong.found.error.code], [3, 'RECEIPT_INVALID']);
  });

  it('believes no bundle of that time under a root that is not known here', async () => {
    const foreign = join(home, 'foreign.json');
    await writeFile(foreign, (await sampleBundle({ rootKey: 99 })).text);
    const run = await recheck(receipt, '--anchor', AUTHORITY, '--bundle-then', foreign);
    assert.deepEqual([run.code, run.found.error.code], [3, 'BUNDLE_ROOT_UNKNOWN']);
  });
});
