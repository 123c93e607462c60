import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { readPieces } from '../read-pieces.js';
import { refuseSheet } from '../sheet-error.js';
import type { SheetEncoding } from '../types.js';

/** Bytes looked at to tell UTF-16 without a byte order mark. */
const HEAD_BYTES = 4096;
/** Bytes read at once. */
const READ_BYTES = 256 * 1024;
/** Bytes made into text at once: so few rows are gone again before memory has to be tidied, those of a whole read are not. */
const PIECE_BYTES = 16 * 1024;

/**
 * Finds out how a text file is encoded: by its byte order mark; else UTF-8 where all of it is valid UTF-8; else GB18030 (which
 * holds GBK and GB 2312), as Excel writes on a Chinese Windows.
 * @throws SheetError `SHEET_ENCODING_UNKNOWN` where it is none of them
 */
export async function detectEncoding(path: string): Promise<SheetEncoding> {
  const head = await readHead(path, HEAD_BYTES);
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const marked = zeroBytes(head);
  if (marked.odd > head.length / 8 && marked.even === 0) return 'utf-16le';
  if (marked.even > head.length / 8 && marked.odd === 0) return 'utf-16be';
  if (marked.even + marked.odd > 0) throw refuseSheet('SHEET_FORMAT_UNKNOWN');
  if (await isUtf8File(path)) return 'utf-8';
  if (await isGb18030(path)) return 'gb18030';
  throw refuseSheet('SHEET_ENCODING_UNKNOWN');
}

/** The text of a file in pieces, without byte order mark. @throws SheetError `SHEET_ENCODING_UNKNOWN` at the first wrong byte */
export async function* decodedText(path: string, encoding: SheetEncoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const read of createReadStream(path, { highWaterMark: READ_BYTES })) {
      const bytes = read as Uint8Array;
      for (let at = 0; at < bytes.length; at += PIECE_BYTES)
        yield decoder.decode(bytes.subarray(at, at + PIECE_BYTES), { stream: true });
    }
    yield decoder.decode();
  } catch (cause) {
    if (cause instanceof TypeError) throw refuseSheet('SHEET_ENCODING_UNKNOWN', {}, { cause });
    throw cause;
  }
}

/**
 * The bytes of a text file in UTF-8, in pieces that may end within a character, without byte order mark.
 * @throws SheetError `SHEET_ENCODING_UNKNOWN` at the first byte that is wrong in another encoding
 */
export async function* utf8Bytes(path: string, encoding: SheetEncoding): AsyncGenerator<Uint8Array> {
  if (encoding !== 'utf-8') {
    const encoder = new TextEncoder();
    for await (const text of decodedText(path, encoding)) yield encoder.encode(text);
    return;
  }
  const start = startsWithMark(await readHead(path, BYTE_ORDER_MARK.length)) ? BYTE_ORDER_MARK.length : 0;
  for await (const read of createReadStream(path, { start, highWaterMark: READ_BYTES })) {
    const bytes = read as Uint8Array;
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
  }
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

function startsWithMark(head: Uint8Array): boolean {
  return BYTE_ORDER_MARK.every((byte, i) => head[i] === byte);
}

/** The first bytes of a file. */
export async function readHead(path: string, bytes: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function isUtf8File(path: string): Promise<boolean> {
  let cut: Uint8Array = new Uint8Array();
  for await (const piece of readPieces(path)) {
    const bytes = cut.length === 0 ? piece : Buffer.concat([cut, piece]);
    const whole = bytes.length - bytesOfCutCharacter(bytes);
    if (!isUtf8(bytes.subarray(0, whole))) return false;
    cut = Uint8Array.from(bytes.subarray(whole));
  }
  return cut.length === 0;
}

/** How many bytes at the end may begin a character of which more is to come. */
function bytesOfCutCharacter(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

async function isGb18030(path: string): Promise<boolean> {
  const decoder = new TextDecoder('gb18030', { fatal: true });
  try {
    for await (const bytes of readPieces(path)) decoder.decode(bytes, { stream: true });
    decoder.decode();
    return true;
  } catch (cause) {
    if (cause instanceof TypeError) return false;
    throw cause;
  }
}

function zeroBytes(bytes: Uint8Array): { even: number; odd: number } {
  const found = { even: 0, odd: 0 };
  bytes.forEach((byte, i) => {
    if (byte === 0) found[i % 2 === 0 ? 'even' : 'odd']++;
  });
  return found;
}
