import { errorCode, YizhengError } from '../../shared/errors.js';
import { shownValue } from './sheet/cell-text.js';
import { columnOfPointer } from './sheet/columns-of-pointer.js';
import type { HeaderColumn } from './sheet/types.js';
import type { CellProblem } from './types.js';

/**
 * What is wrong with a row, from an error.
 * @param where `row`; `header` of the sheet; `column` it is about, unless the error says; `value` that stands there, masked here
 * @param parameters what the sentence needs
 */
export function rowProblem(
  error: unknown,
  where: { row: number; header: readonly HeaderColumn[]; column?: string; value?: string },
  parameters: Record<string, string> = {},
): CellProblem {
  if (!(error instanceof YizhengError)) throw error;
  const column = where.column ?? (error.at?.startsWith('/') === true ? columnOfPointer(error.at) : undefined);
  const found = where.header.find((one) => one.column === column);
  return {
    row: where.row,
    ...(column === undefined ? {} : { column }),
    ...(found ? { letter: found.letter, header: found.header } : {}),
    ...(where.value === undefined ? {} : { value: shownValue(where.value) }),
    code: errorCode(error),
    parameters,
  };
}
