import type { Knex } from 'knex';
import { YizhengError } from '../shared/errors.js';
import { DOCUMENT_KEY_BEGINNING } from './lean-storage-migrations.js';
import { reservedChunksOf, reservedRows, type OfReserved } from './reserved-by-batches.js';
import type { ResultKeys } from './result-keys.js';

/** A result to be certified, as far as it can be a duplicate. */
export interface Candidate extends Pick<ResultKeys, 'duplicateKey' | 'resultKey'> {
  /** Id of its assessment, which is part of the result: without a duplicate key, only certificates of it are looked at. */
  assessment?: string | null | undefined;
  /** Certificate it corrects: no duplicate of it. */
  supersedes?: string | undefined;
}

/** A certificate or reserved row as far as it may be a duplicate. */
interface Known {
  id: string;
  duplicate_key: string | null;
  result_key: string | null;
}

/**
 * Finds results that were certified already, or are reserved by a running batch. Two people may share a name and last four
 * characters: what both documents are known of is told apart by them.
 * @param options which reserved rows count
 * @returns for each candidate the id of the certificate, `batch:<id>:<row>` of a reserved row, or undefined
 */
export async function findDuplicates(
  transaction: Knex,
  institution: string,
  candidates: readonly Candidate[],
  options: OfReserved = {},
): Promise<(string | undefined)[]> {
  const keys = candidates.flatMap(({ duplicateKey }) => duplicateKey ?? []);
  const results = candidates.map(({ resultKey }) => resultKey);
  const byDocument = await certificates(
    transaction,
    institution,
    OF_DOCUMENT,
    keys.map((key) => key.slice(0, DOCUMENT_KEY_BEGINNING)),
  );
  const byResult = [
    ...(await certificates(transaction, institution, OF_RESULT, results)),
    ...(await sameAssessment(transaction, institution, candidates)),
  ];
  const chunks = await reservedChunksOf(transaction, institution, options);
  if (chunks.length > 0) {
    const known = ({ batch, row, ...own }: Omit<Known, 'id'> & { batch: string; row: number }): Known => ({
      ...own,
      id: `batch:${batch}:${row}`,
    });
    byDocument.push(...(await reservedRows(transaction, chunks, 'duplicate_key', keys)).map(known));
    byResult.push(...(await reservedRows(transaction, chunks, 'result_key', results)).map(known));
  }
  if (byDocument.length === 0 && byResult.length === 0) return candidates.map(() => undefined);
  const ofDocument = groupBy(byDocument, ({ duplicate_key }) => duplicate_key);
  const ofResult = groupBy(byResult, ({ result_key }) => result_key);
  return candidates.map(({ duplicateKey, resultKey, supersedes }) => {
    const shown = ofResult.get(resultKey) ?? [];
    const same =
      duplicateKey === null
        ? shown
        : [...(ofDocument.get(duplicateKey) ?? []), ...shown.filter(({ duplicate_key }) => duplicate_key === null)];
    return same.find(({ id }) => id !== supersedes)?.id;
  });
}

/** Where certificates are looked up. */
interface Lookup {
  index: string;
  /** What is compared with the keys, in the words of the index. */
  key: string;
  /** What the index holds only. */
  only?: string;
}

/**
 * By the beginning of the key of the document: found are those that begin alike, which is next to none but the same, and who looks
 * compares them whole.
 */
const OF_DOCUMENT: Lookup = {
  index: 'certificates_of_document',
  key: `substr(c.duplicate_key, 1, ${DOCUMENT_KEY_BEGINNING})`,
};

/** Certificates whose document number nobody here has seen, and those of old. */
const OF_RESULT: Lookup = {
  index: 'certificates_of_result',
  key: 'c.result_key',
  only: 'and (c.duplicate_key is null or c.assessment is null)',
};

/**
 * Certificates that count and have one of these keys. One binding for all keys, so that the common answer, none, costs next to nothing.
 */
async function certificates(
  transaction: Knex,
  institution: string,
  { index, key, only = '' }: Lookup,
  keys: readonly string[],
): Promise<Known[]> {
  if (keys.length === 0) return [];
  const { dialect } = transaction.client as { dialect: string };
  const among =
    dialect === 'postgresql'
      ? `certificates c where ${key} = any(array(select json_array_elements_text(?::json)))`
      : `json_each(?) k cross join certificates c indexed by ${index} where ${key} = k.value`;
  const found = await transaction.raw<Known[] | { rows: Known[] }>(
    `select c.id, c.duplicate_key, c.result_key from ${among} and c.institution = ? and c.state <> 'void' and c.status <> 'revoked' ${only}`,
    [JSON.stringify(keys), institution],
  );
  return Array.isArray(found) ? found : found.rows;
}

/** Certificates by a document number that may be of the same result as candidates of which none is known. */
async function sameAssessment(
  transaction: Knex,
  institution: string,
  candidates: readonly Candidate[],
): Promise<Known[]> {
  const found: Known[] = [];
  const unknown = candidates.filter(({ duplicateKey }) => duplicateKey === null);
  for (const [assessment, own] of groupBy(unknown, (candidate) => candidate.assessment))
    found.push(
      ...(await transaction('certificates')
        .where({ institution, ...(assessment === undefined || assessment === null ? {} : { assessment }) })
        .whereNotNull('assessment')
        .whereNotNull('duplicate_key')
        .whereNot({ state: 'void' })
        .whereNot({ status: 'revoked' })
        .whereIn(
          'result_key',
          own.map(({ resultKey }) => resultKey),
        )
        .select<Known[]>('id', 'duplicate_key', 'result_key')),
    );
  return found;
}

function groupBy<Key, Value>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
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
