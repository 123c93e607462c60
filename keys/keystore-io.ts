import { open, stat } from 'node:fs/promises';
import { YizhengError } from '../shared/errors.js';
import type { KdfParameters } from './sealing.js';
import { fileStamp, isPrivateMode } from './secret-file.js';
import type { StoredKey } from './keystore-file.js';

/** What a sealed private key is bound to. */
export function keyContext(kdf: KdfParameters, key: StoredKey): string {
  return sealingContext(kdf, 'private key', key.id, key.controller, key.purpose);
}

/** What a secret of a keystore is bound to: its KDF parameters and `what` it is. */
export function sealingContext({ name, N, r, p, salt }: KdfParameters, ...what: string[]): string {
  return JSON.stringify(['YizhengKeystore', 1, name, N, r, p, salt, ...what]);
}

/** @throws YizhengError `KEYSTORE_NOT_FOUND` (500) */
export async function statKeystore(path: string) {
  try {
    return await stat(path, { bigint: true });
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/**
 * The bytes of a keystore file and which written state they are.
 * @throws YizhengError `KEYSTORE_NOT_FOUND`, `KEYSTORE_MODE` (500)
 */
export async function readKeystoreFile(path: string): Promise<{ bytes: Buffer; stamp: string }> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    const { mode, ino, mtimeNs, size } = await file.stat({ bigint: true });
    if (!isPrivateMode(mode))
      throw new YizhengError('KEYSTORE_MODE', `Others have access to the keystore: run chmod 600 ${path}.`, {
        status: 500,
      });
    return { bytes: await file.readFile(), stamp: fileStamp({ ino, mtimeNs, size }) };
  } finally {
    await file.close();
  }
}

/** Runs a write. @throws YizhengError `KEYSTORE_EXISTS` (409), `KEYSTORE_UNWRITABLE` (503) */
export async function writing(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    if (cause instanceof YizhengError) throw cause;
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')
      throw new YizhengError('KEYSTORE_EXISTS', 'There is a keystore already; it is never overwritten.', {
        status: 409,
      });
    throw new YizhengError('KEYSTORE_UNWRITABLE', 'The keystore could not be written; nothing was changed.', {
      status: 503,
      cause,
    });
  }
}

function unreadable(path: string, cause: unknown): YizhengError {
  return new YizhengError('KEYSTORE_NOT_FOUND', `The keystore ${path} is missing or cannot be read.`, {
    status: 500,
    cause,
  });
}
