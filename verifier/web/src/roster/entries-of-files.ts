import { YizhengError } from '../../../../shared/errors.js';
import { planSheet } from './plan-sheet.js';
import { isSheetName, readSheet } from './read-sheet.js';
import type { RosterEntry } from './types.js';

/** Most entries of one run. */
export const MAX_ENTRIES = 5_000;
/** Files that systems leave in folders. */
const LITTER = /^(?:\..*|Thumbs\.db|desktop\.ini)$/i;

/**
 * What files ask to be checked: each row of a sheet, every other file itself. A file is read when its turn comes; one that cannot be
 * read gets a row that says so.
 * @throws YizhengError `ROSTER_TOO_MANY`, `ROSTER_EMPTY`
 */
export async function entriesOfFiles(files: readonly File[]): Promise<RosterEntry[]> {
  const entries: RosterEntry[] = [];
  for (const file of files) {
    if (LITTER.test(file.name)) continue;
    const name = file.webkitRelativePath === '' ? file.name : file.webkitRelativePath;
    if (isSheetName(file.name)) entries.push(...(await entriesOfSheet(file, name)));
    else entries.push({ name, read: async () => ({ bytes: new Uint8Array(await file.arrayBuffer()), name }) });
    if (entries.length > MAX_ENTRIES)
      throw new YizhengError('ROSTER_TOO_MANY', `Not more than ${MAX_ENTRIES} at a time.`);
  }
  if (entries.length === 0) throw new YizhengError('ROSTER_EMPTY', 'There is nothing in it to check.');
  return entries;
}

async function entriesOfSheet(file: File, name: string): Promise<RosterEntry[]> {
  try {
    const entries = planSheet(name, await readSheet(new Uint8Array(await file.arrayBuffer())));
    if (entries.length > 0) return entries;
    throw new YizhengError('SHEET_NO_ROWS', 'No row holds a QR text or a certificate number.');
  } catch (error) {
    return [{ name, read: () => Promise.reject(error instanceof Error ? error : new TypeError(String(error))) }];
  }
}

/** All files of a drop, those in folders too. */
export async function filesOfDrop(items: readonly DataTransferItem[]): Promise<File[]> {
  const roots = items.map((item) => item.webkitGetAsEntry() ?? item.getAsFile()).filter((found) => found !== null);
  const files: File[] = [];
  for (const root of roots) files.push(...(root instanceof File ? [root] : await filesOf(root)));
  return files;
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile)
    return [await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return files;
    for (const child of some) files.push(...(await filesOf(child)));
  }
}
