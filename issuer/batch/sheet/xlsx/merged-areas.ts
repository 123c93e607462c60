import { columnIndex } from '../raw-sheet.js';
import { refuseSheet, tooLarge } from '../sheet-error.js';
import type { XlsxPackage } from './open-package.js';

/** A merged area: rows from 1, columns from 0, all inclusive. */
export interface MergedArea {
  name: string;
  top: number;
  bottom: number;
  left: number;
  right: number;
}

const MOST_AREAS = 10_000;
const MOST_TAIL_BYTES = 4 * 1024 * 1024;
const END_OF_ROWS = Buffer.from('sheetData>');
const EMPTY_ROWS = Buffer.from('sheetData/>');
/** Bytes kept of a piece, so that a closing tag with its prefix is found across two. */
const LONGEST_MARK = 64;
/** Every part that repeats is bounded: a hostile file must not make this look at the same characters over and over. */
const AREA =
  /<(?:[\w-]{1,40}:)?mergeCell\s[^<>]{0,200}?\bref\s{0,9}=\s{0,9}["']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})["']/g;

/**
 * The merged areas of a sheet, from the top. They are written behind the rows (ECMA-376 §18.3.1.99), so the part is inflated
 * once for them before its rows are read: a cell that looks empty may be covered.
 * @throws SheetError `SHEET_TOO_LARGE`, `SHEET_DAMAGED`
 */
export async function readMergedAreas(zip: XlsxPackage, sheet: string): Promise<MergedArea[]> {
  const tail: Uint8Array[] = [];
  let kept = 0;
  let before = Buffer.alloc(0);
  let isBehind = false;
  for await (const bytes of zip.read(sheet)) {
    const piece = isBehind ? Buffer.from(bytes) : Buffer.concat([before, bytes]);
    const end = isBehind ? 0 : endOfRows(piece);
    before = piece.subarray(-LONGEST_MARK);
    if (end < 0) continue;
    isBehind = true;
    kept += piece.length - end;
    if (kept > MOST_TAIL_BYTES) throw tooLarge('inflatedBytes', MOST_TAIL_BYTES);
    tail.push(piece.subarray(end));
  }
  const areas = [...Buffer.concat(tail).toString('latin1').matchAll(AREA)].map(
    ([, left = '', top = '', right = '', bottom = '']) => ({
      name: `${left}${top}:${right}${bottom}`,
      top: Math.min(Number(top), Number(bottom)),
      bottom: Math.max(Number(top), Number(bottom)),
      left: Math.min(columnIndex(left), columnIndex(right)),
      right: Math.max(columnIndex(left), columnIndex(right)),
    }),
  );
  if (areas.length > MOST_AREAS) throw refuseSheet('SHEET_TOO_MANY_MERGED', { most: String(MOST_AREAS) });
  return areas.sort((a, b) => a.top - b.top);
}

/** Where the closing tag of the rows is, or -1. The opening tag reads the same but for its slash. */
function endOfRows(piece: Buffer): number {
  const empty = piece.lastIndexOf(EMPTY_ROWS);
  if (empty >= 0) return empty;
  const end = piece.lastIndexOf(END_OF_ROWS);
  return end >= 0 && /<\/(?:[\w-]+:)?$/.test(piece.toString('latin1', Math.max(0, end - LONGEST_MARK), end)) ? end : -1;
}
