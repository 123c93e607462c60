import type { Headline } from '../../../../shared/verdict/types.js';
import type { RosterRow } from './types.js';

/** What a row comes to: a headline, or a certificate that would count but is not the one the roster names. */
export type RowResult = Headline | 'differs';

/**
 * The result of a row; undefined while it has no verdict. A certificate that differs from the roster is never accepted for the person
 * named there, however good it is; what is refused or cannot be told stays so.
 */
export function resultOf({
  headline,
  differences,
}: Pick<RosterRow, 'headline' | 'differences'>): RowResult | undefined {
  const accepted = headline === 'accepted' || headline === 'accepted-with-conditions';
  return accepted && differences.length > 0 ? 'differs' : headline;
}
