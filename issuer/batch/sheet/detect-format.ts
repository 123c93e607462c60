import { createReadStream } from 'node:fs';
import { readHead } from './csv/decode-text.js';
import { refuseSheet } from './sheet-error.js';

const HEAD_BYTES = 4096;
const OLE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const ZIP = [0x50, 0x4b];
/** Starts of files that are no sheets at all: PNG, JPEG, GIF, RAR, 7z, gzip. */
const OTHERS = [
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
  [0x47, 0x49, 0x46, 0x38],
  [0x52, 0x61, 0x72, 0x21],
  [0x37, 0x7a, 0xbc, 0xaf],
  [0x1f, 0x8b],
];
/** Directory name inside an OLE file that holds an encrypted XLSX (MS-OFFCRYPTO 2.3.4). */
const ENCRYPTED_PACKAGE = Buffer.from('EncryptedPackage', 'utf16le');

/**
 * Says what a file is by its bytes, whatever its name claims.
 * @returns `zip` (an XLSX, perhaps) or `text` (a CSV, perhaps)
 * @throws SheetError `SHEET_EMPTY`, `SHEET_ENCRYPTED`, `SHEET_OLD_EXCEL`, `SHEET_IS_HTML`, `SHEET_IS_PDF`, `SHEET_FORMAT_UNKNOWN`
 */
export async function detectFormat(path: string): Promise<'zip' | 'text'> {
  const head = await readHead(path, HEAD_BYTES);
  if (head.length === 0) throw refuseSheet('SHEET_EMPTY');
  if (startsWith(head, ZIP)) return 'zip';
  if (startsWith(head, OLE))
    throw refuseSheet((await holds(path, ENCRYPTED_PACKAGE)) ? 'SHEET_ENCRYPTED' : 'SHEET_OLD_EXCEL');
  if (OTHERS.some((bytes) => startsWith(head, bytes))) throw refuseSheet('SHEET_FORMAT_UNKNOWN');
  const start = Buffer.from(head)
    .toString('latin1')
    .replaceAll('\0', '')
    .replace(/^[^\x21-\x7e]+/, '');
  if (start.startsWith('%PDF-')) throw refuseSheet('SHEET_IS_PDF');
  if (/^<(?:!doctype|html|table|head|body|meta|style|script|div|\?xml|!--|mso:)/i.test(start))
    throw refuseSheet('SHEET_IS_HTML');
  if (start.startsWith('{\\rtf')) throw refuseSheet('SHEET_FORMAT_UNKNOWN');
  return 'text';
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}

async function holds(path: string, wanted: Buffer): Promise<boolean> {
  let tail = Buffer.alloc(0);
  for await (const piece of createReadStream(path)) {
    const bytes = Buffer.concat([tail, piece as Buffer]);
    if (bytes.includes(wanted)) return true;
    tail = bytes.subarray(-wanted.length);
  }
  return false;
}
