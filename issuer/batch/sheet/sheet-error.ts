import { YizhengError } from '../../../shared/errors.js';
import { problemText } from '../messages/problem-text.js';
import type { CellProblem } from '../types.js';
import type { SheetLimits } from './types.js';

/** The file as a whole cannot be taken: wrong format, wrong header, too large. Nothing of it was stored. */
export class SheetError extends YizhengError {
  /** Everything that is wrong with it, the main thing first; row 0 stands for the whole file. */
  readonly problems: readonly CellProblem[];

  /**
   * @param first the main thing; gives code and message
   * @param others further ones
   */
  constructor(first: CellProblem, others: readonly CellProblem[] = [], options: { cause?: unknown } = {}) {
    super(first.code, problemText(first, 'en'), {
      at: placeOf(first),
      status: first.code === 'SHEET_TOO_LARGE' ? 413 : 422,
      ...options,
    });
    this.name = 'SheetError';
    this.problems = [first, ...others];
  }
}

/**
 * Refuses the whole file.
 * @param code stable code with a sentence in `issuer/batch/messages`
 * @param parameters facts the sentence needs
 * @param at `row` (0 or left out: the whole file) and `letter`
 */
export function refuseSheet(
  code: string,
  parameters: Record<string, string> = {},
  at: { row?: number; letter?: string; cause?: unknown } = {},
): SheetError {
  const { row = 0, letter, cause } = at;
  return new SheetError(
    { row, ...(letter === undefined ? {} : { letter }), code, parameters },
    [],
    cause === undefined ? {} : { cause },
  );
}

/** Refuses a file that goes beyond a limit, named by the member of {@link SheetLimits}. */
export function tooLarge(limit: keyof SheetLimits, most: number, row?: number): SheetError {
  return refuseSheet('SHEET_TOO_LARGE', { limit, most: String(most) }, row === undefined ? {} : { row });
}

function placeOf({ row, letter }: CellProblem): string | undefined {
  if (row === 0) return undefined;
  return letter === undefined ? `row ${row}` : `row ${row}, column ${letter}`;
}
