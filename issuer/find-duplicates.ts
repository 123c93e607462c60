import type { Knex } from 'knex';
import { YizhengError } from '../shared/errors.js';
import type { CertificateRow } from './certificate-row.js';
import { reservedChunks, reservedRows } from './reserved-by-batches.js';
import type { ResultKeys } from './result-keys.js';

/** A result to be certified, as far as it can be a duplicate. */
export interface Candidate extends Pick<ResultKeys, 'duplicateKey' | 'resultKey'> {
  /** Certificate it corrects: no duplicate of it. */
  supersedes?: string | undefined;
}

/**
 * Finds results that were certified already, or are reserved by a running batch. Two people may share a name and last four
 * characters: what both documents are known of is told apart by them.
 * @param options `except`: batch whose own reserved rows do not count
 * @returns for each candidate the id of the certificate, `batch:<id>:<row>` of a reserved row, or undefined
 */
export async function findDuplicates(
  transaction: Knex,
  institution: string,
  candidates: readonly Candidate[],
  options: { except?: string } = {},
): Promise<(string | undefined)[]> {
  const byDocument = new Map<string, string[]>();
  const byResult = new Map<string, { id: string; isKnown: boolean }[]>();
  const add = (id: string, duplicateKey: string | null, resultKey: string | null): void => {
    if (duplicateKey !== null) byDocument.set(duplicateKey, [...(byDocument.get(duplicateKey) ?? []), id]);
    if (resultKey !== null)
      byResult.set(resultKey, [...(byResult.get(resultKey) ?? []), { id, isKnown: duplicateKey !== null }]);
  };
  const keys = candidates.flatMap(({ duplicateKey }) => duplicateKey ?? []);
  const results = candidates.map(({ resultKey }) => resultKey);
  // One query for each index: an OR over both would be read without any.
  const certificates = (column: 'duplicate_key' | 'result_key', values: readonly string[]) =>
    transaction<CertificateRow>('certificates')
      .where({ institution })
      .whereIn(column, [...values])
      .whereNot({ state: 'void' })
      .whereNot({ status: 'revoked' })
      .select('id', 'duplicate_key', 'result_key');
  for (const { id, duplicate_key } of await certificates('duplicate_key', keys)) add(id, duplicate_key, null);
  for (const { id, duplicate_key, result_key } of await certificates('result_key', results))
    add(id, duplicate_key, result_key);
  const chunks = await reservedChunks(transaction, institution, options);
  if (chunks.length > 0)
    for (const row of [
      ...(await reservedRows(transaction, chunks, 'duplicate_key', keys)),
      ...(await reservedRows(transaction, chunks, 'result_key', results)),
    ])
      add(`batch:${row.batch}:${row.row}`, row.duplicate_key, row.result_key);
  return candidates.map(({ duplicateKey, resultKey, supersedes }) => {
    const same =
      duplicateKey === null
        ? (byResult.get(resultKey) ?? []).map(({ id }) => id)
        : [
            ...(byDocument.get(duplicateKey) ?? []),
            ...(byResult.get(resultKey) ?? []).filter(({ isKnown }) => !isKnown).map(({ id }) => id),
          ];
    return same.find((id) => id !== supersedes);
  });
}

/** @throws YizhengError `CERTIFICATE_DUPLICATE` (409) naming what certifies the same */
export async function refuseDuplicate(
  transaction: Knex.Transaction,
  institution: string,
  candidate: Candidate,
): Promise<void> {
  const [same] = await findDuplicates(transaction, institution, [candidate]);
  if (same !== undefined)
    throw new YizhengError('CERTIFICATE_DUPLICATE', `This result was certified already: ${same}.`, {
      at: same,
      status: 409,
    });
}
