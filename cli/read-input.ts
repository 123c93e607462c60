import { readFile, stat } from 'node:fs/promises';
import { YizhengError } from '../shared/errors.js';
import type { CliContext } from './context.js';

const QR_TEXT = /^(?:https?:\/\/|YZR?:|VP1-)/;

/**
 * Reads what a command is about: a file, `-` for standard input, or a QR text given in place of a file name.
 * @throws YizhengError `FILE_NOT_FOUND`, `FILE_UNREADABLE`, `FILE_TOO_LARGE`
 */
export async function readInput(
  name: string,
  context: Pick<CliContext, 'readStdin'>,
  maxBytes = 32 * 1024 * 1024,
): Promise<Uint8Array | string> {
  if (name === '-') {
    const bytes = await context.readStdin();
    if (bytes.length > maxBytes) throw tooLarge('-', maxBytes);
    return bytes;
  }
  if (QR_TEXT.test(name)) return name;
  return readFileChecked(name, maxBytes);
}

/** Reads a whole file. @throws YizhengError as {@link readInput} */
export async function readFileChecked(name: string, maxBytes = 32 * 1024 * 1024): Promise<Uint8Array> {
  try {
    const { size } = await stat(name);
    if (size > maxBytes) throw tooLarge(name, maxBytes);
    return new Uint8Array(await readFile(name));
  } catch (cause) {
    if (cause instanceof YizhengError) throw cause;
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
      throw new YizhengError('FILE_NOT_FOUND', `There is no file ${name}.`, { at: name, cause });
    throw new YizhengError('FILE_UNREADABLE', `${name} cannot be read.`, { at: name, cause });
  }
}

function tooLarge(name: string, maxBytes: number): YizhengError {
  return new YizhengError('FILE_TOO_LARGE', `${name} is larger than ${maxBytes} bytes.`, { at: name });
}
