import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answer, CODE, exam, startWorld, type World } from '../issuer/world.js';
import { cli } from './run.js';

describe('yizheng offer, with a real issuer', () => {
  let world: World;
  let issuer: string[];
  let number: string;
  before(async () => {
    world = await startWorld();
    const key = join(world.folder, 'clerk.key');
    await writeFile(key, `${world.secrets.clerk}\n`, { mode: 0o600 });
    issuer = ['--issuer', `${world.listener.url}/institutions/${CODE}`, '--key-file', key];
    const issued = world.call('POST', `/institutions/${CODE}/certificates`, exam(1));
    number = (await answer<{ certificateNumber: string }>(issued, 201)).certificateNumber;
  });
  after(() => world.remove());
  const run = (...argv: string[]) => cli(argv, { home: world.folder });

  it('gives link and transaction code, and a slip for its owner only that holds both', async () => {
    const slip = join(world.folder, 'slip.html');
    const made = await run('offer', number, ...issuer, '--days', '1', '--slip', slip, '--json');
    assert.equal(made.code, 0, made.out + made.err);
    const { uri, txCode, expiresAt } = JSON.parse(made.out) as Record<string, string>;
    assert.match(uri ?? '', /^openid-credential-offer:\/\/\?credential_offer_uri=https%3A%2F%2Fissuer\.example/);
    assert.match(txCode ?? '', /^\d{6}$/);
    assert.equal(Date.parse(expiresAt ?? '') - world.time.now.getTime(), 86_400_000);
    const page = await readFile(slip, 'utf8');
    assert.ok(page.includes(txCode ?? '-') && page.includes('<svg') && page.includes(number));
    assert.equal((await stat(slip)).mode & 0o077, 0);
    const again = await run('offer', number, ...issuer, '--slip', slip, '--json');
    assert.match(again.out, /FILE_EXISTS/);
  });

  it('says it in words, with the code the holder will be asked for', async () => {
    const said = await run('offer', number, ...issuer, '--lang', 'en');
    assert.match(
      said.out,
      /Offered .*\n.*link.*openid-credential-offer:.*\n.*web.*wallet\.example.*\n.*code {2}\d{6}\n/,
    );
    const open = await run('offer', number, ...issuer, '--no-tx-code');
    assert.doesNotMatch(open.out, /领取码/);
  });

  it('names what is wrong', async () => {
    for (const [argv, code] of [
      [['offer', 'S000051000001269999999'], 'CERTIFICATE_NOT_FOUND'],
      [['offer', number, '--formats', 'mdoc'], 'OPTION_INVALID'],
      [['offer'], 'OPTION_INVALID'],
      [['offer', '--batch', '0'.repeat(24), '--out', join(world.folder, 'x.csv')], 'BATCH_NOT_FOUND'],
      [['offer', '--batch', '0'.repeat(24)], 'OPTION_INVALID'],
    ] as const) {
      const { out } = await run(...argv, ...issuer, '--json');
      assert.equal((JSON.parse(out) as { error: { code: string } }).error.code, code);
    }
  });
});
