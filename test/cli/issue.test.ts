import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Verdict } from '../../shared/verdict/types.js';
import { AUTHORITY, CODE, exam, startWorld, type World } from '../issuer/world.js';
import { cli } from './run.js';
import { sampleBundle } from './sample-bundle.js';

const FILES = ['certificate.pdf', 'credential.json', 'qr.png', 'qr.svg', 'qr.txt'];

describe('yizheng issue and status, with a real issuer', () => {
  let world: World;
  let home: string;
  let issuer: string[];
  let out: string;
  let number: string;
  let bundles = 0;

  before(async () => {
    world = await startWorld();
    home = world.folder;
    out = join(home, 'out');
    issuer = ['--issuer', `${world.listener.url}/institutions/${CODE}`, '--key-file', await keyFile('clerk')];
    await writeFile(join(home, 'exam.json'), JSON.stringify(exam(1)));
  });
  after(() => world.remove());

  const keyFile = async (role: 'clerk' | 'approver' | 'auditor'): Promise<string> => {
    const file = join(home, `${role}.key`);
    await writeFile(file, `${world.secrets[role]}\n`, { mode: 0o600 });
    return file;
  };
  const run = (...argv: string[]) => cli([...argv, '--json'], { home, now: '2026-11-21T09:00:10Z' });
  const errorOf = (text: string): string => (JSON.parse(text) as { error: { code: string } }).error.code;

  /** Packs accreditations and current status lists as the authority would, one second younger each time. */
  const pack = async (): Promise<string[]> => {
    const { service } = world.issuer;
    const institution = await service.institutions.get(CODE);
    const statusLists = [];
    for (const purpose of ['revocation', 'suspension'] as const) {
      const credential = await service.statusLists.current(institution, purpose, 1);
      statusLists.push({ url: (JSON.parse(credential) as { id: string }).id, credential });
    }
    const content = { authority: AUTHORITY, accreditations: world.accreditations, statusLists };
    const sequence = 1 + 2 * bundles++;
    const issuedAt = `2026-11-21T09:00:0${bundles}Z`;
    const bundle = await sampleBundle({ sequence, issuedAt, content });
    const file = join(home, `bundle-${sequence}.json`);
    await writeFile(file, bundle.text);
    return ['--bundle', file, '--anchor', AUTHORITY, '--anchor-root', bundle.rootDigest];
  };

  it('issues one exam result and writes everything to hand out, for its owner only', async () => {
    const issued = await run('issue', join(home, 'exam.json'), ...issuer, '--out', out);
    assert.equal(issued.code, 0, issued.out + issued.err);
    const answer = JSON.parse(issued.out) as { certificateNumber: string; files: string[]; qr: { version: number } };
    number = answer.certificateNumber;
    assert.match(number, new RegExp(`^${CODE}263\\d{6}$`));
    assert.ok(answer.qr.version <= 11);
    const folder = join(out, number);
    assert.deepEqual((await readdir(folder)).sort(), FILES);
    for (const name of FILES) assert.equal((await stat(join(folder, name))).mode & 0o077, 0, name);
  });

  it('issues nothing twice when the same result is sent again, and mixes no two certificates in one folder', async () => {
    const again = await run('issue', join(home, 'exam.json'), ...issuer, '--out', out);
    assert.equal((JSON.parse(again.out) as { certificateNumber: string }).certificateNumber, number);
    const other = join(home, 'exam-2.json');
    await writeFile(other, JSON.stringify(exam(2)));
    const mixed = await run('issue', other, ...issuer, '--out', out);
    assert.equal(mixed.code, 0);
    const second = (JSON.parse(mixed.out) as { certificateNumber: string }).certificateNumber;
    assert.deepEqual((await readdir(out)).sort(), [number, second].sort());
  });

  it('verifies JSON, QR text, QR picture and PDF to one verdict', async () => {
    const trust = await pack();
    const verdicts = [];
    for (const name of ['credential.json', 'qr.txt', 'qr.png', 'certificate.pdf']) {
      const verified = await run('verify', join(out, number, name), ...trust);
      assert.equal(verified.code, 0, `${name}: ${verified.out}${verified.err}`);
      const { input, ...verdict } = JSON.parse(verified.out) as Verdict;
      verdicts.push({ ...verdict, sha256: input.sha256 });
    }
    for (const verdict of verdicts) assert.deepEqual(verdict, verdicts[0]);
    const inspected = await run('inspect', join(out, number, 'certificate.pdf'));
    const { carrier, document } = JSON.parse(inspected.out) as { carrier: string; document: object };
    assert.equal(carrier, 'pdf');
    assert.deepEqual(document, JSON.parse(await readFile(join(out, number, 'credential.json'), 'utf8')));
  });

  it('suspends, reinstates and revokes, each seen with the next bundle; a revocation is for ever', async () => {
    const approver = [...issuer.slice(0, 3), await keyFile('approver')];
    const certificate = join(out, number, 'certificate.pdf');
    const steps = [
      ['suspend', 'investigation', 'suspended', 1],
      ['reinstate', 'cleared', 'active', 0],
      ['revoke', 'fraud', 'revoked', 1],
    ] as const;
    for (const [action, reason, status, code] of steps) {
      world.time.now = new Date(world.time.now.getTime() + 1000);
      const changed = await run('status', action, number, ...approver, '--reason', reason);
      assert.equal(changed.code, 0, changed.out);
      assert.equal((JSON.parse(changed.out) as { status: string }).status, status);
      const verified = await run('verify', certificate, ...(await pack()));
      assert.equal(verified.code, code, verified.out + verified.err);
    }
    const back = await run('status', 'reinstate', number, ...approver, '--reason', 'cleared');
    assert.deepEqual([back.code, errorOf(back.out)], [1, 'REVOCATION_IS_FINAL']);
    const clerk = await run('status', 'revoke', number, ...issuer, '--reason', 'fraud');
    assert.deepEqual([clerk.code, errorOf(clerk.out)], [1, 'ROLE_MISSING']);
  });

  it('tells refusals (1), outages (2) and bad input (3) apart, and writes nothing', async () => {
    const attempt = async (name: string, result: object | string, options = issuer) => {
      const file = join(home, `${name}.json`);
      await writeFile(file, typeof result === 'string' ? result : JSON.stringify(result));
      const { code, out: text } = await run('issue', file, ...options, '--out', join(home, 'nothing'));
      return [code, errorOf(text)];
    };
    assert.deepEqual(await attempt('scope', exam(3, { level: { framework: 'cn-skill-5', value: '1' } })), [1, 'LEVEL_OUT_OF_SCOPE']); // prettier-ignore
    assert.deepEqual(await attempt('field', exam(4, { colour: 'red' })), [3, 'FIELD_UNKNOWN']);
    assert.deepEqual(await attempt('twice', '{"kind":"skill-level","kind":"x"}'), [3, 'JSON_DUPLICATE_KEY']);
    assert.deepEqual(await attempt('gone', exam(5), ['--issuer', 'http://localhost:1/x', ...issuer.slice(2)]), [2, 'SERVICE_UNREACHABLE']); // prettier-ignore
    assert.deepEqual(await attempt('plain', exam(6), ['--issuer', 'http://issuer.example', ...issuer.slice(2)]), [3, 'OPTION_INVALID']); // prettier-ignore
    const open = join(home, 'open.key');
    await writeFile(open, world.secrets.clerk, { mode: 0o644 });
    assert.deepEqual(await attempt('open', exam(7), [...issuer.slice(0, 3), open]), [3, 'API_KEY_FILE_MODE']);
    await writeFile(join(home, 'wrong.key'), `yz_${'0'.repeat(16)}_${'A'.repeat(43)}`, { mode: 0o600 });
    assert.deepEqual(await attempt('wrong', exam(8), [...issuer.slice(0, 3), join(home, 'wrong.key')]), [3, 'API_KEY_INVALID']); // prettier-ignore
    await assert.rejects(readdir(join(home, 'nothing')));
  });
});
