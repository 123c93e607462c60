import { rename, unlink, writeFile } from 'node:fs/promises';
import { YizhengError } from '../shared/errors.js';

/** Writes a file whole or not at all. @throws YizhengError `FILE_UNWRITABLE` */
export async function replaceFile(file: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, file);
  } catch (cause) {
    await unlink(temporary).catch(() => undefined);
    throw new YizhengError('FILE_UNWRITABLE', `${file} cannot be written.`, { at: file, cause });
  }
}
