import { tooLarge } from '../sheet-error.js';
import type { SheetLimits } from '../types.js';
import type { XlsxPackage } from './open-package.js';
import { XmlReader } from './xml-reader.js';

const BLOCK_BYTES = 1024 * 1024;

/**
 * The texts of an XLSX (ECMA-376 §18.4.9), packed as UTF-8 in few large blocks: a million texts of ten characters take some 30 MiB
 * and no work of the garbage collector.
 */
export class SharedStrings {
  private readonly blocks: Buffer[] = [];
  private used = 0;
  private starts = new Uint32Array(1024);
  private ends = new Uint32Array(1024);
  private bytes = 0;
  /** How many texts there are. */
  length = 0;

  constructor(private readonly limits: Pick<SheetLimits, 'sharedStrings' | 'sharedStringBytes'>) {}

  /** Appends a text. @throws SheetError `SHEET_TOO_LARGE` */
  add(text: string): void {
    const size = Buffer.byteLength(text);
    this.bytes += size;
    if (this.length >= this.limits.sharedStrings) throw tooLarge('sharedStrings', this.limits.sharedStrings);
    if (this.bytes > this.limits.sharedStringBytes) throw tooLarge('sharedStringBytes', this.limits.sharedStringBytes);
    let block = this.blocks.at(-1);
    if (!block || this.used + size > BLOCK_BYTES) {
      block = Buffer.allocUnsafe(BLOCK_BYTES);
      this.blocks.push(block);
      this.used = 0;
    }
    if (this.length === this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
    }
    const base = (this.blocks.length - 1) * BLOCK_BYTES;
    this.starts[this.length] = base + this.used;
    this.used += block.write(text, this.used);
    this.ends[this.length++] = base + this.used;
  }

  /** The text at a place, or undefined where there is none. */
  at(index: number): string | undefined {
    const start = this.starts[index];
    const end = this.ends[index];
    if (start === undefined || end === undefined || index >= this.length) return undefined;
    const block = Math.floor(start / BLOCK_BYTES);
    return this.blocks[block]?.toString('utf8', start - block * BLOCK_BYTES, end - block * BLOCK_BYTES);
  }
}

/**
 * Reads the shared strings. Runs of rich text are joined; phonetic guides are left out.
 * @throws SheetError `SHEET_TOO_LARGE`, `SHEET_DAMAGED`, `SHEET_XML_FORBIDDEN`
 */
export async function readSharedStrings(zip: XlsxPackage, part: string, limits: SheetLimits): Promise<SharedStrings> {
  const strings = new SharedStrings(limits);
  let text = '';
  let isText = false;
  let phonetic = 0;
  const reader = new XmlReader({
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') phonetic++;
      else if (name === 't') isText = phonetic === 0;
    },
    text(piece) {
      if (isText && text.length <= limits.cellCharacters) text += piece;
    },
    close(name) {
      if (name === 't') isText = false;
      else if (name === 'rPh') phonetic--;
      else if (name === 'si') strings.add(unescaped(text));
    },
  });
  for await (const bytes of zip.read(part)) reader.push(bytes);
  reader.end();
  return strings;
}

/** Undoes `_x000D_`, how SpreadsheetML writes characters XML cannot hold (ECMA-376 §22.9.2.19). */
export function unescaped(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
}

function grown(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(numbers.length * 2);
  next.set(numbers);
  return next;
}
