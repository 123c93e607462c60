import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { YizhengError } from '../../shared/errors.js';

/** A row on its way: column → value. */
export type MovedRow = Record<string, string | number | null | Buffer | object>;

/** A column that names or says something, as text; empty where it holds neither text nor number. */
export function textOf(row: MovedRow, column: string): string {
  const value = row[column];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Characters; a signed status list or the record of a batch is far shorter. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** What was written. */
export interface WrittenFile {
  rows: number;
  bytes: number;
  /** SHA-256 of the file, hex. */
  sha256: string;
}

/**
 * Writes rows as JSON Lines, packed (gzip) and sealed (AES-256-GCM under a key of this file), one page in memory at a time.
 * File: 12 bytes of nonce, ciphertext, 16 bytes of tag; mode 0600, on disk when this resolves.
 * @param key 32 bytes, never used for another file
 * @throws YizhengError `FILE_UNWRITABLE`
 */
export async function writeTableFile(
  file: string,
  key: Uint8Array,
  pages: AsyncIterable<readonly MovedRow[]>,
): Promise<WrittenFile> {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const hash = createHash('sha256').update(iv);
  const written = { rows: 0, bytes: IV_BYTES };
  async function* lines(): AsyncGenerator<string> {
    for await (const page of pages) {
      written.rows += page.length;
      if (page.length > 0) yield page.map((row) => `${writeRow(row)}\n`).join('');
    }
  }
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      written.bytes += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      const tag = cipher.getAuthTag();
      hash.update(tag);
      written.bytes += tag.length;
      done(null, tag);
    },
  });
  const out = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  out.write(iv);
  await pipeline(Readable.from(lines()), createGzip(), cipher, count, out).catch((cause: unknown) => {
    if (cause instanceof YizhengError || !(cause instanceof Error) || !('syscall' in cause)) throw cause;
    throw new YizhengError('FILE_UNWRITABLE', `${file} cannot be written.`, { at: file, cause });
  });
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { ...written, sha256: hash.digest('hex') };
}

/**
 * Does a file hold the bytes it should?
 * @throws YizhengError `ARCHIVE_TAMPERED` for other bytes, fewer or more, or none
 */
export async function checkFile(file: string, expected: { sha256: string; bytes?: number }): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(file)) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
  } catch (cause) {
    throw tampered(file, cause);
  }
  if (hash.digest('hex') !== expected.sha256 || (expected.bytes ?? bytes) !== bytes) throw tampered(file);
}

/**
 * Reads what {@link writeTableFile} wrote, page by page. Believe nothing of it before it has ended: only then the tag is checked.
 * @param size of the file, bytes
 * @throws YizhengError `ARCHIVE_TAMPERED`
 */
export async function* readTableFile(
  file: string,
  key: Uint8Array,
  { bytes, page = 500 }: { bytes: number; page?: number },
): AsyncGenerator<MovedRow[]> {
  try {
    if (bytes < IV_BYTES + TAG_BYTES) throw new RangeError('The file is too short.');
    const [iv, tag] = await ends(file, bytes);
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES }).setAuthTag(tag);
    const plain = new PassThrough();
    const sealed = createReadStream(file, { start: IV_BYTES, end: bytes - TAG_BYTES - 1 });
    const opened = pipeline(sealed, decipher, createGunzip(), plain);
    opened.catch((error: unknown) => plain.destroy(error instanceof Error ? error : new Error(String(error))));
    let rows: MovedRow[] = [];
    try {
      for await (const line of linesOf(plain)) {
        rows.push(readRow(line));
        if (rows.length < page) continue;
        yield rows;
        rows = [];
      }
    } finally {
      plain.destroy();
    }
    await opened;
    if (rows.length > 0) yield rows;
  } catch (cause) {
    if (cause instanceof YizhengError) throw cause;
    throw tampered(file, cause);
  }
}

async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) throw new RangeError('A row is longer than any can be.');
    yield* lines;
  }
  if (rest !== '') throw new RangeError('The last row has no end.');
}

async function ends(file: string, bytes: number): Promise<[Buffer, Buffer]> {
  const handle = await open(file, 'r');
  try {
    const iv = Buffer.alloc(IV_BYTES);
    const tag = Buffer.alloc(TAG_BYTES);
    await handle.read(iv, 0, IV_BYTES, 0);
    await handle.read(tag, 0, TAG_BYTES, bytes - TAG_BYTES);
    return [iv, tag];
  } finally {
    await handle.close();
  }
}

function writeRow(row: MovedRow): string {
  const hasBytes = Object.values(row).some((value) => Buffer.isBuffer(value));
  return JSON.stringify(hasBytes ? Object.fromEntries(Object.entries(row).map(writeBytes)) : row);
}

function writeBytes([column, value]: [string, MovedRow[string]]): [string, MovedRow[string]] {
  return [column, Buffer.isBuffer(value) ? { base64: value.toString('base64') } : value];
}

function readRow(line: string): MovedRow {
  const row = JSON.parse(line) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, readValue(value)]));
}

function readValue(value: unknown): MovedRow[string] {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'object' && 'base64' in value && typeof value.base64 === 'string')
    return Buffer.from(value.base64, 'base64');
  if (Array.isArray(value)) return value as object[];
  throw new TypeError('A row holds a value no table has.');
}

function tampered(file: string, cause?: unknown): YizhengError {
  return new YizhengError('ARCHIVE_TAMPERED', `${file} is not as it was written.`, { at: file, cause });
}
