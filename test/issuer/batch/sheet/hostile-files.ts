import { constants, deflateRawSync } from 'node:zlib';
import { rawXlsx, row } from './raw-xlsx.js';
import { HEADER } from './sheet-world.js';

const SHEET = 'xl/worksheets/sheet1.xml';
const MiB = 1024 * 1024;

/**
 * An XLSX whose sheet inflates to so many MiB of one text.
 * @param claimed size its directory names instead of the true one
 */
export function bomb(mebibytes: number, claimed?: number): Buffer {
  const honest = Buffer.from(rawXlsx({ rows: row(1, HEADER) }));
  const head = Buffer.from('<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>');
  const size = head.length + mebibytes * MiB;
  const piece = (text: Buffer): Buffer => deflateRawSync(text, { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const mebibyte = piece(Buffer.alloc(MiB, 0x41));
  const bytes = Buffer.concat([
    piece(head),
    ...Array.from({ length: mebibytes }, () => mebibyte),
    deflateRawSync(Buffer.alloc(0)),
  ]);
  return replaced(honest, SHEET, bytes, claimed ?? size);
}

/** A ZIP with the data of one part exchanged; nothing else in its directory is changed but sizes and offsets. */
function replaced(zip: Buffer, name: string, data: Buffer, size: number): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  let at = zip.indexOf('PK\x01\x02');
  for (; zip.readUInt32LE(at) === 0x02014b50;) {
    const length = 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    const entry = Buffer.from(zip.subarray(at, at + length));
    const local = entry.readUInt32LE(42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const header = Buffer.from(zip.subarray(local, start));
    const isIt = entry.toString('latin1', 46, 46 + entry.readUInt16LE(28)) === name;
    const content = isIt ? data : zip.subarray(start, start + entry.readUInt32LE(20));
    if (isIt) {
      for (const [target, place] of [
        [entry, 20],
        [header, 18],
      ] as const) {
        target.writeUInt32LE(data.length, place);
        target.writeUInt32LE(size, place + 4);
      }
    }
    entry.writeUInt32LE(offset, 42);
    pieces.push(header, content);
    directory.push(entry);
    offset += header.length + content.length;
    at += length;
  }
  const end = Buffer.from(zip.subarray(at));
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...pieces, ...directory, end]);
}

/** Text as GBK, made by turning the decoder round: Node has no encoder for it. */
export function gbk(text: string): Buffer {
  const decoder = new TextDecoder('gbk');
  const known = new Map<string, [number, number]>();
  for (let high = 0x81; high <= 0xfe; high++)
    for (let low = 0x40; low <= 0xfe; low++) known.set(decoder.decode(Uint8Array.of(high, low)), [high, low]);
  return Buffer.from(
    [...text].flatMap((character) => {
      const code = character.codePointAt(0) ?? 0;
      return code < 0x80 ? [code] : (known.get(character) ?? []);
    }),
  );
}
