import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AUTHORITY } from '../certificate/sample-records.js';
import { signed } from '../verdict/sample-trust.js';
import { cli, type CliRun } from './run.js';
import { sampleBundle } from './sample-bundle.js';

const MAIN = fileURLToPath(new URL('../../cli/main.js', import.meta.url));

/** Runs the compiled command as its users do. */
function run(argv: string[], environment: Record<string, string> = {}): Promise<CliRun> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env['PATH'] ?? '', ...environment } };
    const child = execFile(process.execPath, [MAIN, ...argv], options, (error, out, err) => {
      const code = typeof error?.code === 'number' ? error.code : 0;
      resolve({ code: child.signalCode === null ? code : -1, out, err });
    });
  });
}

describe('the yizheng command', () => {
  let home: string;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'yizheng-main-'));
  });
  after(() => rm(home, { recursive: true }));

  it('exits with 0, 1, 2 and 3 as a process', async () => {
    const certificate = join(home, 'certificate.json');
    const text = await signed();
    await writeFile(certificate, text);
    const forged = join(home, 'forged.json');
    await writeFile(forged, text.replace('张伟', '张韦'));
    const bundle = join(home, 'bundle.json');
    const sample = await sampleBundle();
    await writeFile(bundle, sample.text);
    const options = ['--bundle', bundle, '--anchor', AUTHORITY, '--anchor-root', sample.rootDigest, '--state', join(home, 's')]; // prettier-ignore
    const at = ['--at', '2026-11-21T00:00:00Z'];
    const codes = await Promise.all([
      run(['verify', certificate, ...options, ...at]),
      run(['verify', forged, ...options, ...at]),
      run(['verify', certificate, ...options, '--at', '2027-05-01T00:00:00Z']),
      run(['verify', join(home, 'none'), ...options, ...at]),
    ]);
    assert.deepEqual(
      codes.map(({ code }) => code),
      [0, 1, 2, 3],
      codes.map(({ err }) => err).join(''),
    );
    assert.match(codes[0].out, /^✔ 可以认可/);
  });

  it('has help for every command in both languages, Chinese first', async () => {
    const help = await cli(['--help'], { home });
    assert.equal(help.code, 0);
    assert.match(help.out, /一证:签发、核验技能证书\s+Issue and verify/);
    assert.match(help.out, /0 认可\/完成 accepted/);
    const commands = ['issue', 'verify', 'inspect', 'status', 'keys', 'registry', 'bundle', 'up'];
    for (const name of commands) {
      assert.match(help.out, new RegExp(`\\n {2}${name}\\b`), name);
      const own = await cli([name, '--help'], { home });
      assert.equal(own.code, 0, name);
      assert.match(own.out, /\p{Script=Han}[^]*[A-Za-z]{4}/u, name);
      assert.match(own.out, /--json/, name);
    }
  });

  it('takes no reason for a status that its help does not offer, and asks no service', async () => {
    const to = ['--issuer', 'http://localhost:9/x', '--key-file', '/nowhere'];
    const { code, err } = await cli(['status', 'revoke', '1', ...to, '--reason', 'bored'], { home });
    assert.equal(code, 3);
    assert.match(err, /--reason[^]*OPTION_INVALID[^]*只能是:error、fraud、superseded、batch-void、holder-request/);
    const other = await cli(['status', 'suspend', '1', ...to, '--reason', 'cleared'], { home });
    assert.match(other.err, /OPTION_INVALID/);
    const offered = await cli(['status', 'suspend', '1', ...to, '--reason', 'investigation'], { home });
    assert.match(offered.err, /API_KEY_FILE_UNREADABLE/);
  });

  it('exits with 3 for wrong usage', async () => {
    for (const argv of [[], ['nonsense'], ['verify'], ['verify', 'x'], ['keys'], ['verify', 'x', '--nonsense']]) {
      const { code } = await cli(argv, { home });
      assert.equal(code, 3, argv.join(' '));
    }
  });

  it('inspects without judging, and lets no text steer the terminal', async () => {
    const file = join(home, 'hostile.json');
    await writeFile(file, JSON.stringify({ name: 'A\u001b]0;x\u0007\u202eB\u009b2J' }));
    const { code, out } = await run(['inspect', file]);
    assert.equal(code, 0);
    assert.match(out, /^【未核验】/);
    assert.ok(!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/.test(out));
    const json = JSON.parse((await run(['inspect', file, '--json'])).out) as { verified: boolean; document: object };
    assert.equal(json.verified, false);
    assert.deepEqual(json.document, { name: 'A\u001b]0;x\u0007\u202eB\u009b2J' });
  });

  it('shows what a certificate claims, as a claim', async () => {
    const file = join(home, 'own.json');
    await writeFile(file, await signed());
    const { code, out } = await cli(['inspect', file, '--lang', 'en'], { home });
    assert.equal(code, 0);
    assert.match(out, /^\[NOT VERIFIED\]/);
    assert.match(out, /S000051000123263000045/);
    assert.match(out, /: Level 3 \/ Senior Skilled Worker \(cn-skill-5 3\)\n/);
    assert.match((await run(['inspect', file])).out, /载体: JSON 文件\n[^]*三级\/高级工 \(cn-skill-5 3\)\n/);
  });

  it('fetches a bundle, keeps the old file when the answer is no bundle, and exits with 2 when nobody answers', async () => {
    const { text } = await sampleBundle();
    let answer = text;
    const server = createServer((_request, response) => response.end(answer));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const out = join(home, 'fetched.json');
    const fetchArgs = ['bundle', 'fetch', `http://localhost:${port}/bundle.json`, '--out', out, '--json'];
    const fetched = await cli(fetchArgs, { home });
    assert.equal(fetched.code, 0, fetched.out);
    assert.equal((await cli(['bundle', 'info', out], { home })).code, 0);
    answer = '{"type":"other"}';
    assert.equal((await cli(fetchArgs, { home })).code, 3);
    assert.equal((await cli(['bundle', 'info', out], { home })).code, 0);
    server.close();
    server.closeAllConnections();
    const gone = await cli(fetchArgs, { home });
    assert.equal(gone.code, 2);
    assert.match(gone.out, /FETCH_UNREACHABLE/);
    assert.equal((await cli(['bundle', 'fetch', 'http://10.0.0.1/b', '--out', out], { home })).code, 3);
  });
});
