import { readDelimited } from '../../../../shared/sheet/read-delimited.js';

/** More are not taken from a paste: a file is the better way. */
const MOST_ROWS = 5000;

/** The cells of a sheet somebody pasted; undefined when it is plain text, or one cell. */
export function pastedRows(data: DataTransfer | null): string[][] | undefined {
  const text = data?.getData('text/plain') ?? '';
  if (!text.includes('\t')) return undefined;
  return readDelimited(text, MOST_ROWS, '\t').filter((row) => row.some((cell) => cell.trim() !== ''));
}
