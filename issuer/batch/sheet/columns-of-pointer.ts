import { ISSUE_COLUMNS } from './columns.js';

/** Where a problem of a whole member is shown: on the first column that would fill it. */
const WHOLE: Readonly<Record<string, string>> = {
  '/occupation': 'occupationCode',
  '/advancement': 'advancementBasis',
  '/candidateEmployer': 'employerCode',
  '/supersedes': 'corrects',
};
const byPointer = new Map(ISSUE_COLUMNS.map(({ key, pointer }) => [pointer ?? '', key]));

/**
 * The column a place in an exam result comes from.
 * @param pointer JSON pointer, as errors give it; of a certificate record too, where that has the member under the same name
 * @returns key of the column; undefined for what no column fills
 */
export function columnOfPointer(pointer: string): string | undefined {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const column = byPointer.get(at) ?? WHOLE[at];
    if (column !== undefined) return column;
  }
  return [...byPointer].find(([known]) => known.startsWith(`${pointer}/`))?.[1];
}
