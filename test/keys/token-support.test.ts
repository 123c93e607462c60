import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { errorCode } from '../../shared/errors.js';

const BUILT = fileURLToPath(new URL('../..', import.meta.url));

describe('a token where pkcs11js was not installed', () => {
  it('is refused with a code and what to do, and nothing else needs the package', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'yizheng-no-pkcs11js-'));
    for (const file of ['shared/errors.js', 'keys/pkcs11/cryptoki.js']) {
      await mkdir(dirname(join(elsewhere, file)), { recursive: true });
      await cp(join(BUILT, file), join(elsewhere, file));
    }
    await writeFile(join(elsewhere, 'package.json'), '{"type":"module"}');
    const { newCryptoki } = (await import(pathToFileURL(join(elsewhere, 'keys/pkcs11/cryptoki.js')).href)) as {
      newCryptoki: () => unknown;
    };
    assert.throws(newCryptoki, (error: Error & { code?: string }) => {
      assert.equal(error.code, 'TOKEN_SUPPORT_MISSING');
      assert.match(error.message, /npm ci/);
      assert.equal(errorCode(error), 'INTERNAL', 'it is the copy, not the package of this machine');
      return true;
    });
    await rm(elsewhere, { recursive: true });
  });
});
