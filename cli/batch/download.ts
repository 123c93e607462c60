import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { YizhengError } from '../../shared/errors.js';
import type { ServiceClient } from '../service-client.js';

/**
 * Writes an answer to a file as it arrives; the file has its name only when it is whole, and only its owner can read it.
 * @param onBytes told how much is there
 * @throws YizhengError `FILE_UNWRITABLE`, and as `ServiceClient.open`
 */
export async function download(
  service: ServiceClient,
  { path, file, signal }: { path: string; file: string; signal?: AbortSignal },
  onBytes: (bytes: number, headers: Headers) => void = () => undefined,
): Promise<void> {
  const { headers, pieces } = await service.open({
    method: 'GET',
    path,
    accept: '*/*',
    ...(signal === undefined ? {} : { signal }),
  });
  const part = `${file}.part`;
  let bytes = 0;
  try {
    const handle = await writable(file, async () => {
      await mkdir(dirname(file), { recursive: true });
      return open(part, 'w', 0o600);
    });
    try {
      for await (const piece of pieces) {
        await writable(file, () => handle.appendFile(piece));
        bytes += piece.length;
        onBytes(bytes, headers);
      }
    } finally {
      await handle.close();
    }
    await writable(file, () => rename(part, file));
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function writable<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new YizhengError('FILE_UNWRITABLE', `${file} cannot be written.`, { at: file, cause });
  }
}
