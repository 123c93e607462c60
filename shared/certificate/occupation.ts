import { OCCUPATIONS } from './occupation-data.js';

/** How sure we are of a fact: `high` read in a standard, `medium` common knowledge, `low` to be checked, `unresolved`. */
export type Confidence = 'high' | 'medium' | 'low' | 'unresolved';

/** One row of the occupation table. */
export interface Occupation {
  /** Code in its edition, e.g. `6-18-02-04`. */
  code: string;
  /** Edition of the occupation catalogue (职业分类大典), e.g. `2022`. */
  edition: string;
  /** Chinese name in that edition. */
  name: string;
  /** Trades and former names people use for it. */
  aliases: readonly string[];
  /** Codes the same occupation had in earlier editions; an old code may mean something else today. */
  formerCodes: readonly { code: string; edition: string }[];
  confidence: Confidence;
}

/** Form of an occupation code: major-middle-minor-unit, as in the catalogue since 1999. */
export const OCCUPATION_CODE = /^[1-8]-\d{2}-\d{2}-\d{2}$/;

const byCode = new Map(OCCUPATIONS.map((row) => [`${row.edition}:${row.code}`, row]));

/**
 * Looks an occupation up by code **and** edition; a code alone is ambiguous (DOMAIN §0.5: 4-03-02-01 was western cook in
 * 1999 and is Chinese cook now).
 * @returns the row, or undefined when this table does not know it (which says nothing against it)
 */
export function findOccupation(code: string, edition: string): Occupation | undefined {
  return byCode.get(`${edition}:${code}`);
}
