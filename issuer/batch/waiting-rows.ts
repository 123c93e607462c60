import type { Knex } from 'knex';
import type { StoredChunk, StoredRow } from './batch-tables.js';

/** Columns that differ from row to row; none of them is ever an empty text. */
const COLUMNS = [
  'row',
  'draft',
  'facts',
  'number',
  'issued_on',
  'assessment',
  'duplicate_key',
  'result_key',
  'holder_key',
  'certificate',
  'reason',
] as const;

/** Between the values of a column: U+001F, which JSON writes as an escape and no other column may hold. */
const SEPARATOR = '\u001f';

type Columns = Record<(typeof COLUMNS)[number], string | null> & { n: number };

/**
 * The rows of a chunk that wait for their turn, in order. The database puts the values of a column into one text: drivers make rows of
 * fourteen members at several times the cost.
 */
export async function readyRowsOf(knex: Knex, chunk: StoredChunk): Promise<StoredRow[]> {
  const { dialect } = knex.client as { dialect: string };
  const joined = (column: string): string =>
    dialect === 'postgresql'
      ? `string_agg(coalesce("${column}"::text, ''), chr(31)) as "${column}"`
      : `group_concat(coalesce("${column}", ''), char(31)) as "${column}"`;
  const found = await knex
    .with('waiting', (waiting) => {
      void ofChunk(waiting.from('batch_rows'), chunk).orderBy('row').select(COLUMNS);
    })
    .from('waiting')
    .select<Columns[]>(knex.raw(`count(*) as n, ${COLUMNS.map(joined).join(', ')}`));
  const [columns] = found;
  if (!columns || columns.n === 0) return [];
  const lists = COLUMNS.map((column) => columns[column]?.split(SEPARATOR) ?? []);
  if (lists.some(({ length }) => length !== columns.n))
    return ofChunk(knex<StoredRow>('batch_rows'), chunk).orderBy('row');
  const [row = [], draft = [], facts = [], number = [], issuedOn = [], assessment = [], ...more] = lists;
  const [duplicateKey = [], resultKey = [], holderKey = [], certificate = [], reason = []] = more;
  return row
    .map((at, i): StoredRow => ({
      batch: chunk.batch,
      row: Number(at),
      state: 'ready',
      code: null,
      draft: orNull(draft[i]),
      facts: facts[i] === '' ? null : Number(facts[i]),
      number: orNull(number[i]),
      issued_on: orNull(issuedOn[i]),
      assessment: orNull(assessment[i]),
      duplicate_key: orNull(duplicateKey[i]),
      result_key: orNull(resultKey[i]),
      holder_key: orNull(holderKey[i]),
      certificate: orNull(certificate[i]),
      reason: orNull(reason[i]),
    }))
    .sort((a, b) => a.row - b.row);
}

function ofChunk<Query extends Knex.QueryBuilder>(query: Query, { batch, first_row, last_row }: StoredChunk): Query {
  void query.where({ batch, state: 'ready' }).whereBetween('row', [first_row, last_row]);
  return query;
}

function orNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
