import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { errorCode } from '../../shared/errors.js';
import type { CertificateRow } from '../certificate-row.js';
import { planStatusChange, type StatusChange } from '../change-status.js';
import type { DuplicateSet } from './duplicate-set.js';
import type { CheckedBatchRow } from './row-block.js';
import { shownValue } from './sheet/cell-text.js';
import type { CheckedStatusRow, HeaderColumn } from './sheet/types.js';
import type { CellProblem } from './types.js';

/** What the rows of one sheet of status changes are checked with. */
export interface StatusCheck {
  knex: Knex;
  institution: string;
  operation: StatusChange['action'];
  header: readonly HeaderColumn[];
  /** Certificates that stood in this file before. */
  names: DuplicateSet;
}

type Found = Pick<CertificateRow, 'id' | 'number' | 'revision' | 'status'>;

/** Finishes the dry run of a block of status changes: finds each certificate and asks whether the change may be made. */
export async function checkStatusRows(
  rows: readonly CheckedStatusRow[],
  check: StatusCheck,
): Promise<CheckedBatchRow[]> {
  const named = rows.flatMap((row) => certificateOf(row) ?? []);
  const issued = (column: 'id' | 'number'): Promise<Found[]> =>
    check
      .knex<CertificateRow>('certificates')
      .where({ institution: check.institution, state: 'issued' })
      .whereIn(column, named)
      .orderBy('revision')
      .select('id', 'number', 'revision', 'status');
  const found = new Map<string, Found>((await issued('number')).map((row) => [row.number, row]));
  for (const row of await issued('id')) found.set(row.id, row);
  return rows.map((one) => {
    const { row } = one;
    const certificate = certificateOf(one);
    const target = found.get(certificate ?? '');
    const problem = certificate === undefined ? undefined : certificateProblem(row, certificate, target, check);
    const problems = [...(problem ? [problem] : []), ...('problems' in one ? one.problems : [])];
    return 'change' in one && target && problems.length === 0
      ? { row, ready: statusReadyRow(target.id, one.change.reason) }
      : { row, problems };
  });
}

function certificateOf(row: CheckedStatusRow): string | undefined {
  return 'change' in row ? row.change.certificate : row.certificate;
}

/** Why the certificate a row names cannot be changed so. */
function certificateProblem(
  row: number,
  certificate: string,
  found: Found | undefined,
  { operation, header, names }: StatusCheck,
): CellProblem | undefined {
  const place = header.find(({ column }) => column === 'certificate');
  const wrong = (code: string, parameters: CellProblem['parameters'] = {}): CellProblem => ({
    row,
    column: 'certificate',
    ...(place ? { letter: place.letter, header: place.header } : {}),
    value: shownValue(certificate),
    code,
    parameters,
  });
  if (!found) return wrong('CERTIFICATE_NOT_FOUND');
  const before = names.add(createHash('sha256').update(found.id).digest('hex'), row);
  if (before !== undefined) return wrong('CERTIFICATE_TWICE_IN_SHEET', { row: String(before) });
  try {
    return planStatusChange(found, operation) ? undefined : wrong('STATUS_UNCHANGED', { status: found.status });
  } catch (error) {
    return wrong(errorCode(error));
  }
}

/** A row that changes the status of a certificate. */
export function statusReadyRow(
  certificate: string,
  reason: string,
): Extract<CheckedBatchRow, { ready: unknown }>['ready'] {
  return {
    draft: null,
    facts: null,
    number: null,
    issued_on: null,
    assessment: null,
    duplicate_key: null,
    result_key: null,
    holder_key: null,
    certificate,
    reason,
  };
}
