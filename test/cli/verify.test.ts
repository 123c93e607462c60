import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeQr } from '../../shared/carrier/qr-text.js';
import type { Verdict } from '../../shared/verdict/types.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { signed } from '../verdict/sample-trust.js';
import { cli } from './run.js';
import { sampleBundle } from './sample-bundle.js';

describe('yizheng verify and bundle', () => {
  let home: string;
  let certificate: string;
  let bundle: string;
  let rootDigest: string;

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'yizheng-cli-'));
    certificate = join(home, 'certificate.json');
    bundle = join(home, 'bundle.json');
    await writeFile(certificate, await signed());
    const sample = await sampleBundle();
    rootDigest = sample.rootDigest;
    await writeFile(bundle, sample.text);
  });
  after(() => rm(home, { recursive: true }));

  let states = 0;
  /** Options of a verifier that knows nothing but the authority's root. */
  const fresh = (): string[] => ['--bundle', bundle, '--anchor', AUTHORITY, '--anchor-root', rootDigest, '--state', join(home, `state-${states++}`)]; // prettier-ignore
  const errorOf = (out: string): string => (JSON.parse(out) as { error: { code: string } }).error.code;

  it('accepts a good certificate with exit code 0 and says the five answers in Chinese, or in English', async () => {
    const chinese = await cli(['verify', certificate, ...fresh()], { home });
    assert.equal(chinese.code, 0, chinese.err);
    assert.match(chinese.out, /^✔ 可以认可\n/);
    for (const title of ['是真的吗', '发证机构有资格吗', '现在还有效吗', '我这里认吗', '是本人吗', '张伟'])
      assert.ok(chinese.out.includes(title), title);
    const english = await cli(['verify', certificate, '--lang', 'en', ...fresh()], { home });
    assert.equal(english.code, 0);
    assert.match(english.out, /Accepted/i);
    const locale = await cli(['verify', certificate, ...fresh()], { home, environment: { LANG: 'en_US.UTF-8' } });
    assert.equal(locale.out, english.out);
  });

  it('gives the same verdict for JSON, for QR text as a file, as an argument and on standard input', async () => {
    const credential = JSON.parse(await readFile(certificate, 'utf8')) as object;
    const { text } = encodeQr(credential, { url: 'https://verify.example/' });
    const file = join(home, 'qr.txt');
    await writeFile(file, `${text}\n`);
    const hashes = new Set<string>();
    for (const [name, stdin] of [
      [certificate, ''],
      [file, ''],
      [text, ''],
      ['-', text],
    ] as const) {
      // prettier-ignore
      const run = await cli(['verify', name, '--json', ...fresh()], { home, stdin });
      assert.equal(run.code, 0, run.out + run.err);
      const verdict = JSON.parse(run.out) as Verdict;
      assert.equal(verdict.headline, 'accepted');
      hashes.add(verdict.input.sha256);
    }
    assert.equal(hashes.size, 1);
  });

  it('opens no network connection', async () => {
    let sockets = 0;
    const count = (): void => {
      sockets++;
    };
    subscribe('net.client.socket', count);
    assert.equal((await cli(['verify', certificate, ...fresh()], { home })).code, 0);
    unsubscribe('net.client.socket', count);
    assert.equal(sockets, 0);
  });

  it('refuses a changed certificate with exit code 1', async () => {
    const forged = join(home, 'forged.json');
    await writeFile(forged, (await readFile(certificate, 'utf8')).replace('张伟', '张韦'));
    const run = await cli(['verify', forged, '--json', ...fresh()], { home });
    assert.equal(run.code, 1);
    assert.equal((JSON.parse(run.out) as Verdict).questions.authentic.code, 'SIGNATURE_INVALID');
  });

  it('says it cannot tell, with exit code 2, when its data is too old', async () => {
    const run = await cli(['verify', certificate, '--json', '--at', '2027-03-01T00:00:00Z', ...fresh()], { home });
    assert.equal(run.code, 2);
    assert.equal((JSON.parse(run.out) as Verdict).headline, 'undetermined');
  });

  it('remembers what it accepted: works without bundle afterwards, and refuses an older bundle', async () => {
    const options = fresh();
    const state = options.at(-1)!;
    const held = ['--anchor', AUTHORITY, '--state', state];
    assert.equal((await cli(['verify', certificate, ...held], { home })).code, 3);
    const newer = join(home, 'newer.json');
    await writeFile(
      newer,
      (await sampleBundle({ sequence: 3, issuedAt: '2026-11-20T18:00:00Z', revoked: [4711] })).text,
    );
    const revoked = await cli(['verify', certificate, '--json', '--bundle', newer, ...options.slice(2)], { home });
    assert.equal(revoked.code, 1);
    assert.equal((JSON.parse(revoked.out) as Verdict).questions.current.answer, 'fail');
    assert.equal((await stat(state)).mode & 0o777, 0o600);
    const kept = await readFile(state);
    const older = await cli(['verify', certificate, '--json', ...options], { home });
    assert.equal(older.code, 3);
    assert.equal(errorOf(older.out), 'BUNDLE_ROLLBACK');
    assert.deepEqual(await readFile(state), kept);
    assert.equal((await cli(['verify', certificate, ...held], { home })).code, 1);
  });

  it('keeps its state in the home of the user unless told otherwise, and changes nothing with --at', async () => {
    const options = ['--bundle', bundle, '--anchor', AUTHORITY, '--anchor-root', rootDigest];
    const own = await mkdtemp(join(home, 'home-'));
    assert.equal(
      (await cli(['verify', certificate, '--at', '2026-11-21T00:00:00Z', ...options], { home: own })).code,
      0,
    );
    const offline = ['verify', certificate, '--anchor', AUTHORITY];
    assert.equal((await cli(offline, { home: own })).code, 3);
    assert.equal((await cli(['verify', certificate, ...options], { home: own })).code, 0);
    assert.equal((await cli(offline, { home: own })).code, 0);
    const damaged = join(home, 'damaged');
    await writeFile(damaged, '{"type":"YizhengTrustState"}');
    const run = await cli([...offline, '--json', '--state', damaged], { home: own });
    assert.equal(errorOf(run.out), 'STATE_DAMAGED');
  });

  it('believes no bundle without the pinned root of the anchor, nor one under another root', async () => {
    const unpinned = ['--bundle', bundle, '--anchor', AUTHORITY, '--state', join(home, 'unpinned')];
    const without = await cli(['verify', certificate, '--json', ...unpinned], { home });
    assert.equal(without.code, 3);
    assert.equal(errorOf(without.out), 'BUNDLE_ANCHOR_UNPINNED');
    const foreign = join(home, 'foreign.json');
    await writeFile(foreign, (await sampleBundle({ rootKey: 99 })).text);
    const swapped = await cli(['verify', certificate, '--json', '--bundle', foreign, ...fresh().slice(2)], { home });
    assert.equal(swapped.code, 3);
    assert.equal(errorOf(swapped.out), 'BUNDLE_ROOT_UNKNOWN');
  });

  it('verifies a bundle with exit code 0, refuses a changed one with 1, and cannot read rubbish: 3', async () => {
    const good = await cli(['bundle', 'verify', bundle, '--json', ...fresh().slice(2)], { home });
    assert.equal(good.code, 0, good.out + good.err);
    assert.equal((JSON.parse(good.out) as { feeds: { name: string }[] }).feeds[0]?.name, '示例省人社厅');
    const changed = join(home, 'changed.json');
    await writeFile(changed, (await readFile(bundle, 'utf8')).replace('S000051000123', 'S000051000124')); // prettier-ignore
    const bad = await cli(['bundle', 'verify', changed, '--json', ...fresh().slice(2)], { home });
    assert.equal(bad.code, 1, bad.out);
    assert.match(bad.out, /"code": "FEED_PART_HASH"/);
    const rubbish = join(home, 'rubbish.json');
    await writeFile(rubbish, '{"type":"other"}');
    assert.equal((await cli(['bundle', 'verify', rubbish, ...fresh().slice(2)], { home })).code, 3);
  });

  it('shows the root digest of a bundle, and says that it checked nothing', async () => {
    const run = await cli(['bundle', 'info', bundle], { home });
    assert.equal(run.code, 0, run.err);
    assert.match(run.out, /未验证/);
    assert.ok(run.out.includes(rootDigest));
    const json = JSON.parse((await cli(['bundle', 'info', bundle, '--json'], { home })).out) as { verified: boolean };
    assert.equal(json.verified, false);
  });

  it('names what is wrong with the input, and exits with 3', async () => {
    const rubbish = join(home, 'rubbish.bin');
    await writeFile(rubbish, Uint8Array.of(0, 1, 2, 3));
    const cases: [string, string][] = [
      [join(home, 'none.json'), 'FILE_NOT_FOUND'],
      [rubbish, 'CARRIER_UNKNOWN'],
      [home, 'FILE_UNREADABLE'],
    ];
    for (const [name, code] of cases) {
      const run = await cli(['verify', name, '--json', ...fresh()], { home });
      assert.equal(run.code, 3);
      assert.equal(errorOf(run.out), code);
    }
    const option = await cli(['verify', certificate, '--json', ...fresh(), '--at', 'yesterday'], { home });
    assert.equal(option.code, 3);
    assert.equal(errorOf(option.out), 'OPTION_INVALID');
    assert.match((await cli(['verify', join(home, 'none.json'), ...fresh()], { home })).err, /没有这个文件。/);
  });
});
