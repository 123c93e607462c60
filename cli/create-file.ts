import { writeFile } from 'node:fs/promises';
import { YizhengError } from '../shared/errors.js';

/** Writes a new file, readable by its owner alone; an existing one stays. @throws YizhengError `FILE_EXISTS`, `FILE_UNWRITABLE` */
export async function createFile(file: string, content: Uint8Array | string): Promise<void> {
  try {
    await writeFile(file, content, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')
      throw new YizhengError('FILE_EXISTS', `${file} exists and is not overwritten.`, { at: file, cause });
    throw new YizhengError('FILE_UNWRITABLE', `${file} cannot be written.`, { at: file, cause });
  }
}
