import type { Knex } from 'knex';
import type { TextRanges } from '../../keys/bulk-signer.js';
import { copyRows } from '../../server/index.js';
import type { StoredChunk, StoredRow } from './batch-tables.js';
import { CopiedColumns } from './copied-columns.js';
import { emptyColumn } from './empty-column.js';
import { letGo } from './let-go.js';
import { RowKeys } from './row-keys.js';

/** Columns of text that differ from row to row; none of them is ever an empty text. */
const TEXTS = ['number', 'issued_on', 'assessment', 'certificate', 'reason'] as const;
/** Columns of digests. */
const KEYS = ['duplicate_key', 'result_key', 'holder_key'] as const;

type Text = (typeof TEXTS)[number];
type Key = (typeof KEYS)[number];

/** Rows of a chunk in order, column by column: what lives as long as a chunk is to be a few lists, not an object for each row. */
export interface ReadyRows extends Readonly<Record<Text, readonly (string | null)[]> & Record<Key, RowKeys>> {
  readonly row: readonly number[];
  readonly facts: readonly (number | null)[];
  /** Empty where there is none. */
  readonly draft: TextRanges;
}

/** Between the values of a column: U+001F, which JSON writes as an escape and no other column may hold. */
const SEPARATOR = '\u001f';
const SEPARATOR_BYTE = 0x1f;

/** Of texts that are the same one is kept, as long as a column seems to have a few kinds of them. */
const KINDS = 64;

type Joined = Record<'row' | 'facts' | Text, string | null> & Record<'draft' | Key, Uint8Array | null> & { n: number };

/**
 * The rows of a chunk that wait for their turn, column by column: drivers make rows of fourteen members at several times the cost.
 * Drafts and keys stay bytes, which the signing threads and the database read.
 */
export async function readyRowsOf(knex: Knex, chunk: StoredChunk): Promise<ReadyRows> {
  const { dialect } = knex.client as { dialect: string };
  return dialect === 'postgresql' ? copiedRowsOf(knex, chunk) : joinedRowsOf(knex, chunk);
}

const COPIED = ['row', 'facts', ...TEXTS, ...KEYS, 'draft'] as const;

function copiedRowsOf(knex: Knex, chunk: StoredChunk): Promise<ReadyRows> {
  const query = ofChunk(knex.from('batch_rows'), chunk)
    .orderBy('row')
    .select(...COPIED);
  return copyRows(knex, query, COPIED.length, (copied) => {
    const columns = new CopiedColumns(copied, COPIED);
    return {
      row: columns.numbers('row').map((row) => row ?? 0),
      draft: columns.ranges('draft'),
      facts: columns.numbers('facts'),
      ...(Object.fromEntries(TEXTS.map((column) => [column, columns.texts(column)])) as Record<
        Text,
        readonly (string | null)[]
      >),
      ...(Object.fromEntries(KEYS.map((column) => [column, columns.keys(column)])) as Record<Key, RowKeys>),
    };
  });
}

/** The database puts the values of a column into one text. */
async function joinedRowsOf(knex: Knex, chunk: StoredChunk): Promise<ReadyRows> {
  const joined = (column: string): string => `group_concat(coalesce("${column}", ''), char(31))`;
  const columns = [
    ...['row', 'facts', ...TEXTS].map((column) => `${joined(column)} as "${column}"`),
    ...['draft', ...KEYS].map((column) => `cast(${joined(column)} as blob) as "${column}"`),
  ];
  const found = await knex
    .with('waiting', (waiting) => {
      void ofChunk(waiting.from('batch_rows'), chunk)
        .orderBy('row')
        .select('row', 'draft', 'facts', ...TEXTS, ...KEYS);
    })
    .from('waiting')
    .select<Joined[]>(knex.raw(`count(*) as n, ${columns.join(', ')}`));
  const [first] = found;
  return (
    (first && takenApart(first)) ?? columnsOfRows(await ofChunk(knex<StoredRow>('batch_rows'), chunk).orderBy('row'))
  );
}

/** How many rows there are. */
export function countRows({ row }: ReadyRows): number {
  return row.length;
}

/** Gives the memory of drafts and keys back, of rows whose certificates are stored. */
export function letGoOfRows(rows: ReadyRows): void {
  letGo(rows.draft.bytes);
  for (const column of KEYS) rows[column].letGo();
}

/** The draft of a row as text. */
export function draftAt({ draft: { bytes, starts, ends } }: ReadyRows, place: number): string | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8', starts[place], ends[place]);
  return text === '' ? null : text;
}

/** @returns undefined where a value holds what stands between values, or the order is another */
function takenApart(joined: Joined): ReadyRows | undefined {
  const count = joined.n;
  if (count === 0) return columnsOfRows([]);
  const row = joined.row?.split(SEPARATOR).map(Number) ?? [];
  if (row.length !== count || !ascend(row)) return undefined;
  const draft = rangesOf(joined.draft ?? new Uint8Array(), count);
  const facts = textsOf(joined.facts, count);
  const texts = TEXTS.map((column) => [column, textsOf(joined[column], count)] as const);
  const keys = KEYS.map((column) => [column, keysOf(joined[column] ?? new Uint8Array(), count)] as const);
  if (!draft || !facts || texts.some(([, list]) => !list) || keys.some(([, list]) => !list)) return undefined;
  return {
    row,
    draft,
    facts: numbersOf(facts),
    ...(Object.fromEntries(texts) as Record<Text, readonly (string | null)[]>),
    ...(Object.fromEntries(keys) as Record<Key, RowKeys>),
  };
}

// Loops: a function made anew for each chunk is compiled anew as well.

function ascend(row: readonly number[]): boolean {
  for (let i = 1; i < row.length; i++) if ((row[i] ?? 0) <= (row[i - 1] ?? 0)) return false;
  return true;
}

function numbersOf(texts: readonly (string | null)[]): (number | null)[] {
  const numbers: (number | null)[] = [];
  for (const text of texts) numbers.push(text === null ? null : Number(text));
  return numbers;
}

function keysOf(joined: Uint8Array, count: number): RowKeys | undefined {
  const packed = RowKeys.inPlace(joined, { count, separator: SEPARATOR_BYTE });
  if (packed) return packed;
  const list = textsOf(new TextDecoder('utf-8', { ignoreBOM: true }).decode(joined), count);
  return list && RowKeys.of(list);
}

function textsOf(joined: string | null, count: number): readonly (string | null)[] | undefined {
  if (joined === null) return undefined;
  if (joined.length < count) return joined === SEPARATOR.repeat(count - 1) ? emptyColumn(count) : undefined;
  const list: (string | null)[] = joined.split(SEPARATOR);
  if (list.length !== count) return undefined;
  const known = new Map<string, string>();
  for (let i = 0; i < count && known.size < KINDS; i++) {
    const text = list[i] ?? '';
    const same = known.get(text);
    if (same === undefined) known.set(text, text);
    else list[i] = same;
  }
  for (let i = 0; i < count; i++) if (list[i] === '') list[i] = null;
  return list;
}

function rangesOf(bytes: Uint8Array, count: number): TextRanges | undefined {
  const starts = new Uint32Array(count);
  const ends = new Uint32Array(count);
  let start = 0;
  for (let i = 0; i < count; i++) {
    const end = i === count - 1 ? bytes.length : bytes.indexOf(SEPARATOR_BYTE, start);
    if (end === -1) return undefined;
    starts[i] = start;
    ends[i] = end;
    start = end + 1;
  }
  return !bytes.includes(SEPARATOR_BYTE, starts[count - 1]) ? { bytes, starts, ends } : undefined;
}

function columnsOfRows(rows: readonly StoredRow[]): ReadyRows {
  const drafts = rows.map(({ draft }) => Buffer.from(draft ?? ''));
  const ends = new Uint32Array(rows.length);
  let end = 0;
  for (const [i, { length }] of drafts.entries()) ends[i] = end += length;
  const starts = Uint32Array.from(ends, (_, i) => (i === 0 ? 0 : (ends[i - 1] ?? 0)));
  const list = (column: Text | Key): (string | null)[] => rows.map((row) => row[column]);
  return {
    row: rows.map(({ row }) => row),
    facts: rows.map(({ facts }) => facts),
    draft: { bytes: Buffer.concat(drafts), starts, ends },
    ...(Object.fromEntries(TEXTS.map((column) => [column, list(column)])) as Record<Text, (string | null)[]>),
    ...(Object.fromEntries(KEYS.map((column) => [column, RowKeys.of(list(column))])) as Record<Key, RowKeys>),
  };
}

function ofChunk<Query extends Knex.QueryBuilder>(query: Query, { batch, first_row, last_row }: StoredChunk): Query {
  void query.where({ batch, state: 'ready' }).whereBetween('row', [first_row, last_row]);
  return query;
}
