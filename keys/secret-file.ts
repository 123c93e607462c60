import { randomBytes } from 'node:crypto';
import { link, open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Identity of one written state of a file: changes whenever the file is replaced. */
export function fileStamp(stat: { ino: bigint; mtimeNs: bigint; size: bigint }): string {
  return `${stat.ino}/${stat.mtimeNs}/${stat.size}`;
}

/** True when neither group nor others may do anything with the file (POSIX). */
export function isPrivateMode(mode: number | bigint): boolean {
  return (Number(mode) & 0o077) === 0;
}

/**
 * Writes a secret file so that a crash leaves the old file or the new one, never a mixture: temporary file with mode
 * 0600, fsync, rename, fsync of the directory.
 * @param mode `create` fails with `EEXIST` when the file exists; `replace` takes its place
 * @param beforeSwap called after the new bytes are safe and before they become visible; throwing abandons the write
 */
export async function writeSecretFile(
  path: string,
  bytes: Uint8Array,
  mode: 'create' | 'replace',
  beforeSwap: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    await writeSynced(temporary, bytes);
    await beforeSwap();
    if (mode === 'replace') await rename(temporary, path);
    else await link(temporary, path);
  } finally {
    await unlink(temporary).catch(ignoreMissing);
  }
  await closing(await open(dirname(path), 'r'), (directory) => directory.sync());
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  await closing(await open(path, 'wx', 0o600), async (file) => {
    await file.writeFile(bytes);
    await file.sync();
  });
}

async function closing<T>(file: FileHandle, use: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
