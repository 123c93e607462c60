import type { Knex } from 'knex';
import { YizhengError } from '../shared/errors.js';
import { storedCertificates, type CertificateRow, type StoredCertificate } from './certificate-row.js';
import { reservedChunksOf, reservedRows, type OfReserved } from './reserved-by-batches.js';

/** A certificate somebody wants to correct, and what is known of corrections of it. */
export interface Correctable {
  row: StoredCertificate;
  /** Another correction exists or is reserved. */
  isSuperseded: boolean;
  /** Highest revision of its number. */
  lastRevision: number;
}

/**
 * Reads the certificates that are to be corrected, all of them in a few queries.
 * @param ids credential ids; one that is not the institution's is missing in the answer
 * @param options which reserved rows count
 */
export async function findCorrectable(
  transaction: Knex,
  institution: string,
  ids: readonly string[],
  options: OfReserved = {},
): Promise<Map<string, Correctable>> {
  if (ids.length === 0) return new Map();
  const rows: StoredCertificate[] = await storedCertificates(transaction)
    .where({ institution })
    .whereIn('id', [...ids]);
  // A correction keeps the number of what it corrects.
  const revisions = await transaction<CertificateRow>('certificates')
    .where({ institution })
    .whereIn(
      'number',
      rows.map(({ number }) => number),
    )
    .select('number', 'revision', 'supersedes', 'state');
  const last = new Map<string, number>();
  const superseded = new Set<string | null>();
  for (const { number, revision, supersedes, state } of revisions) {
    last.set(number, Math.max(revision, last.get(number) ?? 0));
    if (state !== 'void') superseded.add(supersedes);
  }
  const chunks = await reservedChunksOf(transaction, institution, options);
  for (const { certificate } of await reservedRows(
    transaction,
    chunks,
    'certificate',
    rows.map(({ id }) => id),
  ))
    superseded.add(certificate);
  return new Map(
    rows.map((row) => [
      row.id,
      { row, isSuperseded: superseded.has(row.id), lastRevision: last.get(row.number) ?? row.revision },
    ]),
  );
}

/**
 * Refuses to correct what is no longer good.
 * @throws YizhengError `CERTIFICATE_NOT_FOUND` (404), `CERTIFICATE_REVOKED`, `CERTIFICATE_SUSPENDED`, `CERTIFICATE_SUPERSEDED` (409)
 */
export function requireCorrectable(found: Correctable | undefined): Correctable {
  if (found?.row.state !== 'issued') throw notCorrectable();
  const { status } = found.row;
  if (status === 'revoked')
    throw refused('CERTIFICATE_REVOKED', 'A revoked certificate cannot be corrected; issue a new one.');
  if (status === 'suspended')
    throw refused('CERTIFICATE_SUSPENDED', 'A suspended certificate is not corrected; decide about it first.');
  if (found.isSuperseded)
    throw refused('CERTIFICATE_SUPERSEDED', 'This certificate was corrected already; correct the newest one.');
  return found;
}

/** `CERTIFICATE_NOT_FOUND` (404) for the certificate to be corrected. */
export function notCorrectable(): YizhengError {
  return new YizhengError('CERTIFICATE_NOT_FOUND', 'The certificate to be corrected was not issued here.', {
    at: '/supersedes',
    status: 404,
  });
}

/** `NUMBER_TAKEN` (422) for a correction that gives itself another number. */
export function keepsNumber(): YizhengError {
  return new YizhengError('NUMBER_TAKEN', 'A correction keeps the number of what it corrects.', {
    at: '/certificateNumber',
    status: 422,
  });
}

function refused(code: string, message: string): YizhengError {
  return new YizhengError(code, message, { at: '/supersedes', status: 409 });
}
