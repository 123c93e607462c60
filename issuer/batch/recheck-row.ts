import { errorCode } from '../../shared/errors.js';
import { checkNumber } from '../reserve-number.js';
import type { StoredRow } from './batch-tables.js';
import { datesOf, type RowFacts } from './row-facts.js';

/**
 * Asks of a row again what depends on the day it is issued: the dry run may have been on another.
 * @param on `institution`: its code; `issuedOn`: date of issue, YYYY-MM-DD
 * @returns code of why it cannot be issued so, `RECORD_INVALID` or a `NUMBER_*` code; undefined when it can
 */
export function recheckRow(
  row: Pick<StoredRow, 'draft' | 'number' | 'issued_on'>,
  facts: RowFacts,
  { institution, issuedOn }: { institution: string; issuedOn: string },
): string | undefined {
  if (row.draft === null) return 'RECORD_INVALID';
  const { date, expiresOn } = datesOf(row, facts);
  if (date > issuedOn || (expiresOn !== undefined && expiresOn < issuedOn)) return 'RECORD_INVALID';
  if (row.number !== null)
    try {
      const { kind, level } = facts.cover;
      checkNumber(institution, row.number, { kind, issuedOn, level });
    } catch (error) {
      return errorCode(error);
    }
  return undefined;
}
