import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { YizhengError } from '../shared/errors.js';
import { isPrivateMode } from './secret-file.js';

const MAX_BYTES = 1024;

/**
 * Reads the keystore passphrase from a credential file (systemd `LoadCredential`, a mounted secret) or from an already
 * open file descriptor. Never from an argument or the environment: both can be read by other processes (SECURITY §2.5).
 *
 * One line break at the end is not part of it.
 * @param source exactly one of `file` (may be readable by its owner only) and `fd`
 * @throws YizhengError `PASSPHRASE_SOURCE`, `PASSPHRASE_FILE_UNREADABLE`, `PASSPHRASE_FILE_MODE`, `PASSPHRASE_EMPTY`,
 *   `PASSPHRASE_INVALID` (over 1,024 bytes, or not UTF-8)
 */
export function readPassphrase(source: { file?: string | undefined; fd?: number | undefined }): Promise<string> {
  return new Promise((resolve) => resolve(read(source)));
}

function read({ file, fd }: { file?: string | undefined; fd?: number | undefined }): string {
  if ((file === undefined) === (fd === undefined))
    throw new YizhengError('PASSPHRASE_SOURCE', 'Name exactly one source of the passphrase: a file or a descriptor.');
  const bytes = file === undefined ? readAll(fd ?? -1) : readPrivate(file);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, '');
  } catch {
    throw new YizhengError('PASSPHRASE_INVALID', 'The passphrase is not UTF-8 text.');
  } finally {
    bytes.fill(0);
  }
  if (text === '') throw new YizhengError('PASSPHRASE_EMPTY', 'The passphrase is empty.');
  return text;
}

function readPrivate(file: string): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (cause) {
    throw new YizhengError('PASSPHRASE_FILE_UNREADABLE', `The passphrase file ${file} cannot be read.`, { cause });
  }
  try {
    if (!isPrivateMode(fstatSync(descriptor).mode))
      throw new YizhengError('PASSPHRASE_FILE_MODE', `Others can read the passphrase file: run chmod 600 ${file}.`);
    return readAll(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function readAll(descriptor: number): Buffer {
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  let length = 0;
  try {
    for (let count = -1; count !== 0 && length < buffer.length; length += count)
      count = readSync(descriptor, buffer, length, buffer.length - length, null);
  } catch (cause) {
    throw new YizhengError('PASSPHRASE_FILE_UNREADABLE', 'The passphrase cannot be read.', { cause });
  }
  if (length > MAX_BYTES)
    throw new YizhengError('PASSPHRASE_INVALID', `The passphrase is longer than ${MAX_BYTES} bytes.`);
  return buffer.subarray(0, length);
}
