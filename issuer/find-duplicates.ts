import type { Knex } from 'knex';
import { YizhengError } from '../shared/errors.js';
import { DOCUMENT_KEY_BEGINNING } from './lean-storage-migrations.js';
import { jsonOfKeys, packedKey, type PackedCandidates } from './packed-candidates.js';
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
 * @param options which reserved rows count; `packed`: more candidates
 * @returns for each candidate, those that are packed behind the others, the id of the certificate, `batch:<id>:<row>` of a reserved row,
 *   or undefined
 */
export async function findDuplicates(
  transaction: Knex,
  institution: string,
  candidates: readonly Candidate[],
  { packed, ...options }: OfReserved & { packed?: PackedCandidates } = {},
): Promise<(string | undefined)[]> {
  const asked = new Asked(candidates, packed);
  const byDocument = await certificates(transaction, institution, OF_DOCUMENT, asked.beginnings());
  const byResult = (await holdsAny(transaction, institution, OF_RESULT))
    ? await certificates(transaction, institution, OF_RESULT, asked.results())
    : [];
  byResult.push(...(await sameAssessment(transaction, institution, candidates)));
  const chunks = await reservedChunksOf(transaction, institution, options);
  if (chunks.length > 0) {
    const known = ({ batch, row, ...own }: Omit<Known, 'id'> & { batch: string; row: number }): Known => ({
      ...own,
      id: `batch:${batch}:${row}`,
    });
    const all = asked.all();
    const keys = documentKeys(all);
    const results = resultKeys(all);
    byDocument.push(...(await reservedRows(transaction, chunks, 'duplicate_key', keys)).map(known));
    byResult.push(...(await reservedRows(transaction, chunks, 'result_key', results)).map(known));
  }
  if (byDocument.length === 0 && byResult.length === 0) return new Array<undefined>(asked.count).fill(undefined);
  const ofDocument = groupBy(byDocument, ({ duplicate_key }) => duplicate_key);
  const ofResult = groupBy(byResult, ({ result_key }) => result_key);
  return asked.all().map(({ duplicateKey, resultKey, supersedes }) => {
    const shown = ofResult.get(resultKey) ?? [];
    const same =
      duplicateKey === null
        ? shown
        : [...(ofDocument.get(duplicateKey) ?? []), ...shown.filter(({ duplicate_key }) => duplicate_key === null)];
    return same.find(({ id }) => id !== supersedes)?.id;
  });
}

/** Everything that is asked for, as texts only where it has to be. */
class Asked {
  constructor(
    private readonly candidates: readonly Candidate[],
    private readonly packed: PackedCandidates | undefined,
  ) {}

  get count(): number {
    return this.candidates.length + (this.packed?.count ?? 0);
  }

  all(): readonly Candidate[] {
    const { candidates, packed } = this;
    if (!packed) return candidates;
    const others = Array.from({ length: packed.count }, (_, i) => ({
      duplicateKey: packedKey(packed.duplicateKey, i),
      resultKey: packedKey(packed.resultKey, i),
    }));
    return [...candidates, ...others];
  }

  /** JSON lists of the beginnings of all keys of documents. */
  beginnings(): string[] {
    return this.lists(documentKeys(this.candidates, DOCUMENT_KEY_BEGINNING), 'duplicateKey', DOCUMENT_KEY_BEGINNING);
  }

  /** JSON lists of all keys of results. */
  results(): string[] {
    return this.lists(resultKeys(this.candidates), 'resultKey', this.packed?.resultKey.width ?? 0);
  }

  private lists(keys: readonly string[], name: 'duplicateKey' | 'resultKey', length: number): string[] {
    const lists = keys.length === 0 ? [] : [JSON.stringify(keys)];
    if (this.packed && this.packed.count > 0) lists.push(jsonOfKeys(this.packed[name], this.packed.count, length));
    return lists;
  }
}

// Loops: a function made anew for each call is compiled anew as well, which thousands of rows make expensive.

function documentKeys(candidates: readonly Candidate[], length?: number): string[] {
  const keys: string[] = [];
  for (const { duplicateKey } of candidates) if (duplicateKey !== null) keys.push(duplicateKey.slice(0, length));
  return keys;
}

function resultKeys(candidates: readonly Candidate[]): string[] {
  const keys: string[] = [];
  for (const { resultKey } of candidates) keys.push(resultKey);
  return keys;
}

function withoutDuplicateKey(candidates: readonly Candidate[]): Candidate[] {
  const unknown: Candidate[] = [];
  for (const candidate of candidates) if (candidate.duplicateKey === null) unknown.push(candidate);
  return unknown;
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
 * Does the index of results hold anything of an institution? In its order PostgreSQL finds the first entry at once, or that there is none;
 * without, it may look for one in the whole table.
 */
async function holdsAny(transaction: Knex, institution: string, { index, key, only = '' }: Lookup): Promise<boolean> {
  const isPostgres = dialectOf(transaction) === 'postgresql';
  const found = await transaction.raw<unknown[] | { rows: unknown[] }>(
    `select c.id from certificates c ${isPostgres ? '' : `indexed by ${index}`} where c.institution = ? ${only}
      order by c.institution, ${key} limit 1`,
    [institution],
  );
  return (Array.isArray(found) ? found : found.rows).length > 0;
}

/**
 * Certificates that count and have one of these keys. One binding for many keys, so that the common answer, none, costs next to nothing.
 * @param lists JSON lists of keys
 */
async function certificates(
  transaction: Knex,
  institution: string,
  { index, key, only = '' }: Lookup,
  lists: readonly string[],
): Promise<Known[]> {
  const among =
    dialectOf(transaction) === 'postgresql'
      ? `certificates c where ${key} = any(array(select json_array_elements_text(?::json)))`
      : `json_each(?) k cross join certificates c indexed by ${index} where ${key} = k.value`;
  const all: Known[] = [];
  for (const keys of lists) {
    const found = await transaction.raw<Known[] | { rows: Known[] }>(
      `select c.id, c.duplicate_key, c.result_key from ${among} and c.institution = ? and c.state <> 'void' and c.status <> 'revoked' ${only}`,
      [keys, institution],
    );
    all.push(...(Array.isArray(found) ? found : found.rows));
  }
  return all;
}

function dialectOf(transaction: Knex): string {
  return (transaction.client as { dialect: string }).dialect;
}

/** Certificates by a document number that may be of the same result as candidates of which none is known. */
async function sameAssessment(
  transaction: Knex,
  institution: string,
  candidates: readonly Candidate[],
): Promise<Known[]> {
  const found: Known[] = [];
  const unknown = withoutDuplicateKey(candidates);
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
