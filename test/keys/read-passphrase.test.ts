import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPassphrase } from '../../keys/read-passphrase.js';
import { YizhengError } from '../../shared/errors.js';

function withCode(code: string) {
  return (error: unknown) => error instanceof YizhengError && error.code === code && !error.message.includes('geheim');
}

describe('passphrase', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'yizheng-pass-'));
  });
  after(() => rm(directory, { recursive: true }));

  const file = async (bytes: string | Uint8Array, mode = 0o600): Promise<string> => {
    const path = join(directory, `${mode}-${Math.floor(performance.now() * 1000)}`);
    await writeFile(path, bytes, { mode });
    return path;
  };

  it('comes from a file of its owner, without the last line break and with everything else', async () => {
    assert.equal(await readPassphrase({ file: await file(' geheim 口令 \n') }), ' geheim 口令 ');
    assert.equal(await readPassphrase({ file: await file('geheim\r\n', 0o400) }), 'geheim');
    assert.equal(await readPassphrase({ file: await file('geheim\n\n') }), 'geheim\n');
  });

  it('comes from an open descriptor', async () => {
    const fd = openSync(await file('geheim\n'), 'r');
    assert.equal(await readPassphrase({ fd }), 'geheim');
    closeSync(fd);
    await assert.rejects(readPassphrase({ fd }), withCode('PASSPHRASE_FILE_UNREADABLE'));
  });

  it('is refused from a file others can read', async () => {
    await assert.rejects(readPassphrase({ file: await file('geheim', 0o640) }), withCode('PASSPHRASE_FILE_MODE'));
    await assert.rejects(readPassphrase({ file: await file('geheim', 0o604) }), withCode('PASSPHRASE_FILE_MODE'));
  });

  it('is refused when missing, empty, too long, not text, or from no or two sources', async () => {
    await assert.rejects(readPassphrase({ file: join(directory, 'none') }), withCode('PASSPHRASE_FILE_UNREADABLE'));
    await assert.rejects(readPassphrase({ file: await file('\n') }), withCode('PASSPHRASE_EMPTY'));
    await assert.rejects(readPassphrase({ file: await file('g'.repeat(1025)) }), withCode('PASSPHRASE_INVALID'));
    await assert.rejects(
      readPassphrase({ file: await file(Uint8Array.of(0xff, 0xfe)) }),
      withCode('PASSPHRASE_INVALID'),
    );
    await assert.rejects(readPassphrase({}), withCode('PASSPHRASE_SOURCE'));
    await assert.rejects(readPassphrase({ file: 'x', fd: 0 }), withCode('PASSPHRASE_SOURCE'));
  });
});
