import type { CertificateRecord } from '../../shared/certificate/record.js';
import { errorCode } from '../../shared/errors.js';
import { checkNumber } from '../reserve-number.js';
import type { StoredRow } from './batch-tables.js';

/**
 * Asks of a row again what depends on the day it is issued: the dry run may have been on another.
 * @param on `institution`: its code; `issuedOn`: date of issue, YYYY-MM-DD
 * @returns code of why it cannot be issued so, `RECORD_INVALID` or a `NUMBER_*` code; undefined when it can
 */
export function recheckRow(
  { draft, number }: Pick<StoredRow, 'draft' | 'number'>,
  { institution, issuedOn }: { institution: string; issuedOn: string },
): string | undefined {
  if (draft === null) return 'RECORD_INVALID';
  const { kind, level, assessment, expiresOn } = JSON.parse(draft) as CertificateRecord;
  if (assessment.date > issuedOn || (expiresOn !== undefined && expiresOn < issuedOn)) return 'RECORD_INVALID';
  if (number !== null)
    try {
      checkNumber(institution, number, { kind, issuedOn, level });
    } catch (error) {
      return errorCode(error);
    }
  return undefined;
}
