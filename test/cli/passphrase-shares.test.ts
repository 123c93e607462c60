import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli } from './run.js';

describe('yizheng keys split-passphrase and join-passphrase', () => {
  let home: string;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'yizheng-cli-shares-'));
    await writeFile(join(home, 'passphrase'), 'correct horse 口令\n', { mode: 0o600 });
  });
  after(() => rm(home, { recursive: true }));
  const run = (...argv: string[]) => cli(['keys', ...argv, '--json'], { home });
  const errorOf = (out: string): string => (JSON.parse(out) as { error: { code: string } }).error.code;
  const file = (name: string): string => join(home, name);

  it('any two of three custodians open the keystore, and neither command shows a share or the passphrase', async () => {
    const made = await run('split-passphrase', '--passphrase-file', file('passphrase'), '--out', home);
    assert.equal(made.code, 0, made.out + made.err);
    assert.equal((await stat(file('share-3.txt'))).mode & 0o777, 0o600);
    const share = (await readFile(file('share-1.txt'), 'utf8')).trim();
    const joined = await run('join-passphrase', '--share', file('share-3.txt'), file('share-1.txt'), '--out', file('again')); // prettier-ignore
    assert.equal(joined.code, 0, joined.out + joined.err);
    assert.equal(await readFile(file('again'), 'utf8'), 'correct horse 口令\n');
    assert.equal((await stat(file('again'))).mode & 0o777, 0o600);
    const said = made.out + made.err + joined.out + joined.err;
    assert.ok(!said.includes(share) && !said.includes('correct horse'));
    const keystore = ['--keystore', file('keys.json'), '--passphrase-file'];
    assert.equal((await run('create', '--init', '--did', 'did:web:a.example', ...keystore, file('passphrase'))).code, 0); // prettier-ignore
    assert.equal((await run('list', ...keystore, file('again'))).code, 0);
  });

  it('one share is not enough, none is overwritten, and one that others can read is not taken', async () => {
    const one = await run('join-passphrase', '--share', file('share-1.txt'), '--out', file('one'));
    assert.equal(errorOf(one.out), 'SHARES_TOO_FEW');
    const again = await run('split-passphrase', '--passphrase-file', file('passphrase'), '--out', home);
    assert.equal(errorOf(again.out), 'SHARE_FILE_UNWRITABLE');
    await chmod(file('share-2.txt'), 0o644);
    const open = await run('join-passphrase', '--share', file('share-1.txt'), file('share-2.txt'), '--out', file('one')); // prettier-ignore
    assert.equal(errorOf(open.out), 'SHARE_FILE_UNREADABLE');
  });
});
