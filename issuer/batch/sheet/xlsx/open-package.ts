import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { refuseSheet, SheetError, tooLarge } from '../sheet-error.js';
import type { SheetLimits } from '../types.js';

/** Parts smaller than this may inflate by any ratio: they cannot do harm. */
const HARMLESS_BYTES = 1024 * 1024;
const STORED = 0;
const DEFLATED = 8;

/** The ZIP container of an XLSX, with every bound checked from its directory before anything is inflated. */
export interface XlsxPackage {
  has(part: string): boolean;
  /** Names of all parts. */
  parts(): readonly string[];
  /** Bytes of a part, inflated in a stream that ends with an error where they are not as many as the directory says. */
  read(part: string): AsyncIterable<Uint8Array>;
  /** A small part as a whole. @throws SheetError `SHEET_TOO_LARGE`, `SHEET_DAMAGED` */
  text(part: string, mostBytes: number): Promise<string>;
  close(): void;
}

/**
 * Opens a ZIP container. The directory at its end is what counts; sizes, ratio, number and overlap of parts are judged by it,
 * and it is held to its word while inflating.
 * @throws SheetError `SHEET_DAMAGED`, `SHEET_ENCRYPTED`, `SHEET_TOO_LARGE`
 */
export async function openPackage(path: string, limits: SheetLimits): Promise<XlsxPackage> {
  let zip: ZipFile;
  try {
    zip = await openPromise(path, { autoClose: false, strictFileNames: false });
  } catch (cause) {
    throw refuseSheet('SHEET_DAMAGED', {}, { cause });
  }
  try {
    return packageOf(zip, await entriesOf(zip, limits));
  } catch (cause) {
    zip.close();
    throw cause instanceof SheetError ? cause : refuseSheet('SHEET_DAMAGED', {}, { cause });
  }
}

async function entriesOf(zip: ZipFile, limits: SheetLimits): Promise<Map<string, Entry>> {
  if (zip.entryCount > limits.entries) throw tooLarge('entries', limits.entries);
  const entries = new Map<string, Entry>();
  let inflated = 0;
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName.toLowerCase();
    if (entries.has(name) || (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED))
      throw refuseSheet('SHEET_DAMAGED');
    if (entry.isEncrypted()) throw refuseSheet('SHEET_ENCRYPTED');
    entries.set(name, entry);
    inflated += entry.uncompressedSize;
    if (entries.size > limits.entries) throw tooLarge('entries', limits.entries);
    if (inflated > limits.inflatedBytes) throw tooLarge('inflatedBytes', limits.inflatedBytes);
    if (entry.uncompressedSize > HARMLESS_BYTES && entry.uncompressedSize > entry.compressedSize * limits.inflateRatio)
      throw tooLarge('inflateRatio', limits.inflateRatio);
  }
  const sorted = [...entries.values()].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  sorted.forEach((entry, i) => {
    const next = sorted[i + 1];
    if (next && entry.relativeOffsetOfLocalHeader + entry.compressedSize > next.relativeOffsetOfLocalHeader)
      throw refuseSheet('SHEET_DAMAGED');
  });
  return entries;
}

function packageOf(zip: ZipFile, entries: ReadonlyMap<string, Entry>): XlsxPackage {
  const read = async function* (part: string): AsyncGenerator<Uint8Array> {
    const entry = entries.get(part.toLowerCase());
    if (!entry) throw refuseSheet('SHEET_DAMAGED');
    const stream = await zip.openReadStreamPromise(entry);
    try {
      for await (const bytes of stream) yield bytes as Uint8Array;
    } catch (cause) {
      throw refuseSheet('SHEET_DAMAGED', {}, { cause });
    } finally {
      stream.destroy();
    }
  };
  return {
    has: (part) => entries.has(part.toLowerCase()),
    parts: () => [...entries.keys()],
    read,
    async text(part, mostBytes) {
      const pieces: Uint8Array[] = [];
      let bytes = 0;
      for await (const piece of read(part)) {
        bytes += piece.length;
        if (bytes > mostBytes) throw tooLarge('inflatedBytes', mostBytes);
        pieces.push(piece);
      }
      return Buffer.concat(pieces).toString('utf8');
    },
    close: () => zip.close(),
  };
}
