import { base64urlnopad } from '@scure/base';
import { Gunzip, gzipSync } from 'fflate';
import { YizhengError } from '../errors.js';

/** Input is inflated in slices: at deflate's best ratio of 1:1032 one slice gives at most 1 MiB too much. */
const SLICE = 1024;

/** Compresses a bitstring as `encodedList` (Bitstring Status List §3.1.1): `u`, base64url without padding, gzip. Deterministic. */
export function encodeBitstring(bits: Uint8Array): string {
  return `u${base64urlnopad.encode(gzipSync(bits, { level: 9, mtime: 0 }))}`;
}

/**
 * Reads an `encodedList` of a known length and stops inflating as soon as it grows beyond it (SECURITY F4).
 * @param encodedList multibase text
 * @param entries number of entries the list is registered with
 * @throws YizhengError `STATUS_LIST_ENCODING` (no multibase base64url or no gzip), `STATUS_LIST_LENGTH` (another length)
 */
export function decodeBitstring(encodedList: string, entries: number): Uint8Array {
  const bits = new Uint8Array(entries / 8);
  // Incompressible data grow by 5 bytes a block and 18 for the frame; anything longer inflates to more.
  if (encodedList.length > Math.ceil(bits.length * 1.4) + 200) throw wrongLength(entries);
  let length = 0;
  inflate(encodedList, (chunk) => {
    if (length + chunk.length > bits.length) throw wrongLength(entries);
    bits.set(chunk, length);
    length += chunk.length;
  });
  if (length !== bits.length) throw wrongLength(entries);
  return bits;
}

/**
 * Reads an `encodedList` of a length that is not known and stops inflating as soon as it grows beyond a limit (SECURITY F4).
 * @param encodedList multibase text
 * @param maxBytes largest bitstring
 * @throws YizhengError `STATUS_LIST_ENCODING`, `STATUS_LIST_LENGTH` (larger than the limit)
 */
export function inflateBitstring(encodedList: string, maxBytes: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  inflate(encodedList, (chunk) => {
    length += chunk.length;
    if (length > maxBytes)
      throw new YizhengError('STATUS_LIST_LENGTH', `The status list is larger than ${maxBytes} bytes.`);
    chunks.push(chunk.slice());
  });
  const bits = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bits.set(chunk, at);
    at += chunk.length;
  }
  return bits;
}

function inflate(encodedList: string, take: (chunk: Uint8Array) => void): void {
  const compressed = bytesOf(encodedList);
  const gunzip = new Gunzip(take);
  try {
    for (let start = 0; start < compressed.length; start += SLICE)
      gunzip.push(compressed.subarray(start, start + SLICE), start + SLICE >= compressed.length);
  } catch (cause) {
    if (cause instanceof YizhengError) throw cause;
    throw new YizhengError('STATUS_LIST_ENCODING', 'The status list is not valid gzip.', { cause });
  }
}

function bytesOf(encodedList: string): Uint8Array {
  try {
    if (encodedList.startsWith('u')) return base64urlnopad.decode(encodedList.slice(1));
  } catch (cause) {
    throw badEncoding(cause);
  }
  throw badEncoding();
}

function badEncoding(cause?: unknown): YizhengError {
  return new YizhengError('STATUS_LIST_ENCODING', 'The status list is not base64url multibase ("u…").', { cause });
}

function wrongLength(entries: number): YizhengError {
  return new YizhengError('STATUS_LIST_LENGTH', `The status list does not hold exactly ${entries} entries.`);
}
