import type { SheetLimits } from './types.js';

const MiB = 1024 * 1024;

/** What is taken unless the operator says otherwise: a million rows, and nothing that could fill memory or disk. */
export const SHEET_LIMITS: Readonly<SheetLimits> = {
  fileBytes: 200 * MiB,
  inflatedBytes: 2048 * MiB,
  inflateRatio: 200,
  entries: 1_000,
  rows: 1_000_000,
  columns: 100,
  cellCharacters: 1_000,
  sharedStrings: 6_000_000,
  sharedStringBytes: 128 * MiB,
};

/** {@link SHEET_LIMITS} with some of them changed. */
export function sheetLimits(changes: Partial<SheetLimits> = {}): SheetLimits {
  return { ...SHEET_LIMITS, ...changes };
}
