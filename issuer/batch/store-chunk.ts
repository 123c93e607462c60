import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { MadeCertificate } from '../../keys/bulk-signer.js';
import { YizhengError } from '../../shared/errors.js';
import { appendAudit, insertColumns, isUniqueViolation, type SqlColumn } from '../../server/index.js';
import type { CertificateRow } from '../certificate-row.js';
import type { IssuerEffects } from '../effects.js';
import { markChanged } from '../status-lists.js';
import { cellMaker, idsOfCells, type NewCell } from '../supervision/certificate-cells.js';
import { rowKey, type StoredBatch, type StoredChunk, type StoredRow } from './batch-tables.js';
import { factsOf, failedLines, failRows } from './chunk-rows.js';
import type { PlannedRow, Reservation } from './reservation.js';
import type { ClaimedChunk } from './reserve-chunk.js';
import { countedFacts } from './row-facts.js';

/** A row with its signed certificate. */
export interface SignedRow extends PlannedRow {
  made: MadeCertificate;
}

/** What signing the rows of a chunk came to. */
export interface SignedRows {
  signed: readonly SignedRow[];
  /** Rows that cannot become certificates, with the code of why. */
  refused: ReadonlyMap<number, string>;
}

/** What the database says of a value it does not take: too long, no text, or there already (PostgreSQL, Appendix A, classes 22 and 23). */
const NOT_TAKEN = /^(?:2[23]...|SQLITE_CONSTRAINT.*|SQLITE_TOOBIG|SQLITE_MISMATCH)$/;

/**
 * Transaction B: moves the rows of a chunk to `certificates`, as issued. A correction whose old certificate was revoked or
 * suspended meanwhile becomes void. A row the database can never take fails, with `NUMBER_TAKEN` or `RECORD_INVALID`, so that
 * the others are stored.
 * @returns how many were issued; undefined when somebody else has the chunk by now
 */
export async function storeChunk(
  claimed: ClaimedChunk,
  reservation: Reservation,
  rows: SignedRows,
  effects: Pick<IssuerEffects, 'database' | 'clock'>,
): Promise<number | undefined> {
  try {
    return await store(claimed, reservation, rows, effects, insertAll);
  } catch (error) {
    if (!isNotTaken(error)) throw error;
    return store(claimed, reservation, rows, effects, insertEach);
  }
}

function isNotTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && NOT_TAKEN.test(error.code);
}

/** Stores the certificates of these rows. @returns the code of each that could not be, by its row */
type Insert = (
  transaction: Knex.Transaction,
  rows: readonly SignedRow[],
  columnsOf: (rows: readonly SignedRow[]) => Record<string, SqlColumn>,
) => Promise<ReadonlyMap<number, string>>;

const insertAll: Insert = async (transaction, rows, columnsOf) => {
  await insertColumns(transaction, 'certificates', rows.length, columnsOf(rows));
  return new Map();
};

const insertEach: Insert = async (transaction, rows, columnsOf) => {
  const refused = new Map<number, string>();
  for (const row of rows)
    try {
      await transaction.transaction((savepoint) => insertColumns(savepoint, 'certificates', 1, columnsOf([row])));
    } catch (error) {
      if (!isNotTaken(error)) throw error;
      refused.set(row.stored.row, isUniqueViolation(error) ? 'NUMBER_TAKEN' : 'RECORD_INVALID');
    }
  return refused;
};

function store(
  { batch, chunk }: ClaimedChunk,
  reservation: Reservation,
  { signed: rows, refused: unsigned }: SignedRows,
  { database, clock }: Pick<IssuerEffects, 'database' | 'clock'>,
  insert: Insert,
): Promise<number | undefined> {
  const { keyId, created } = reservation;
  return database.write(async (transaction) => {
    const now = clock();
    const at = { batch: batch.id, chunk: chunk.chunk };
    const mine = await transaction<StoredChunk>('batch_chunks')
      .where({ ...at, claim: chunk.claim ?? '', state: 'reserved' })
      .update({ state: 'done', claim: null, claimed_until: null, reservation: null, done_at: now.toISOString() });
    if (mine === 0) return undefined;
    const voided = await voidedRows(transaction, rows);
    const cells = await cellIds(transaction, batch, rows, reservation);
    const unstored = await insert(transaction, rows, (some) =>
      columnsOf(some, { batch, keyId, created, now, cells, voided }),
    );
    const refused = new Map([...unsigned, ...unstored]);
    const failed = new Map([...voided, ...refused]);
    await failRows(transaction, batch.id, failed);
    const issued = rows.filter(({ stored }) => !failed.has(stored.row));
    await supersedeAll(transaction, batch, issued, now);
    await transaction<StoredRow>('batch_rows')
      .where({ batch: batch.id, state: 'ready' })
      .whereBetween('row', [chunk.first_row, chunk.last_row])
      .delete();
    const lines: [row: number, line: string][] = [
      ...issued.map(({ stored, made }): [number, string] => [stored.row, `${stored.row} ${made.id} ${made.sha256}\n`]),
      ...(await failedLines(transaction, chunk)),
    ];
    const digest = digestOf(lines);
    await transaction<StoredChunk>('batch_chunks').where(at).update({ digest, done: issued.length });
    await transaction('batches')
      .where({ id: batch.id })
      .update({ trouble: null, retry_at: null })
      .increment('done', issued.length);
    const otherHolder = issued.filter(({ stored }) => stored.reason === 'correct-holder');
    await appendAudit(
      transaction,
      {
        tenant: batch.institution,
        actor: batch.confirmed_by ?? 'system',
        action: batch.operation === 'correct' ? 'batch.correct' : 'batch.issue',
        subject: batch.id,
        detail: {
          chunk: chunk.chunk,
          key: keyId,
          issued: issued.length,
          digest,
          ...(voided.size === 0 ? {} : { void: [...voided.keys()] }),
          ...(refused.size === 0 ? {} : { refused: [...refused.keys()] }),
          ...(otherHolder.length === 0 ? {} : { correctsHolder: otherHolder.map(({ made }) => made.id) }),
        },
      },
      now,
    );
    return issued.length;
  });
}

/** SHA-256 (hex) over the lines of a chunk in the order of its rows. */
export function digestOf(lines: readonly [row: number, line: string][]): string {
  const hash = createHash('sha256');
  for (const [, line] of lines.toSorted(([a], [b]) => a - b)) hash.update(line);
  return hash.digest('hex');
}

/** Corrections of what is no longer active, with the code of why. */
async function voidedRows(transaction: Knex.Transaction, rows: readonly SignedRow[]): Promise<Map<number, string>> {
  const corrected = rows.flatMap(({ stored }) => stored.certificate ?? []);
  if (corrected.length === 0) return new Map();
  const olds = await transaction<CertificateRow>('certificates')
    .whereIn('id', corrected)
    .whereNot({ status: 'active' })
    .select('id', 'status');
  const status = new Map(olds.map((old) => [old.id, old.status]));
  return new Map(
    rows.flatMap(({ stored }) => {
      const now = status.get(stored.certificate ?? '');
      return now === undefined ? [] : [[stored.row, `CERTIFICATE_${now.toUpperCase()}`] as const];
    }),
  );
}

/** Where each row's certificate is counted, by row. */
async function cellIds(
  transaction: Knex.Transaction,
  { id: batch, institution }: StoredBatch,
  rows: readonly SignedRow[],
  { under }: Reservation,
): Promise<ReadonlyMap<number, number>> {
  const facts = await factsOf(
    transaction,
    batch,
    rows.map(({ stored }) => stored),
  );
  const cellOf = cellMaker(institution);
  const known = new Map<string, NewCell>();
  const cells = new Map<number, NewCell>();
  for (const { stored, planned } of rows) {
    const own = facts.get(stored.facts ?? 0);
    if (!own) throw new YizhengError('BATCH_DAMAGED', 'A row of the batch has lost its facts.', { status: 500 });
    const name = [stored.facts, planned.under, planned.issuedOn, stored.assessment].join(' ');
    const cell =
      (own.seen && known.get(name)) ??
      cellOf(countedFacts(stored, own, planned.issuedOn), accreditationOf(planned.under, under));
    known.set(name, cell);
    cells.set(stored.row, cell);
  }
  const ids = await idsOfCells(transaction, [...cells.values()]);
  return new Map(
    [...cells].flatMap(([row, { key }]) => {
      const id = ids.get(key);
      return id === undefined ? [] : [[row, id] as const];
    }),
  );
}

function accreditationOf(place: number, under: Reservation['under']): string {
  return under[place]?.accreditation.id ?? '';
}

interface Common {
  batch: StoredBatch;
  keyId: string;
  created: string;
  now: Date;
  cells: ReadonlyMap<number, number>;
  voided: ReadonlyMap<number, string>;
}

/** Columns of `certificates`: one value where all rows have the same. */
function columnsOf(
  rows: readonly SignedRow[],
  { batch, keyId, created, now, cells, voided }: Common,
): Record<string, SqlColumn> {
  const unlessVoid = <T>(value: (row: SignedRow) => T): (T | null)[] =>
    rows.map((row) => (voided.has(row.stored.row) ? null : value(row)));
  return {
    id: rows.map(({ made }) => made.id),
    institution: batch.institution,
    number: rows.map(({ planned }) => planned.number),
    revision: rows.map(({ planned }) => planned.revision),
    kind: rows.map(({ made }) => made.kind),
    list: rows.map(({ planned }) => planned.list),
    list_index: rows.map(({ planned }) => planned.index),
    unsigned: voided.size === 0 ? null : rows.map((row) => (voided.has(row.stored.row) ? unsignedOf(row) : null)),
    proof_created: created,
    key_id: keyId,
    state: voided.size === 0 ? 'issued' : rows.map(({ stored }) => (voided.has(stored.row) ? 'void' : 'issued')),
    credential: unlessVoid(({ made }) => made.json),
    qr: unlessVoid(({ made }) => made.qr),
    status: 'active',
    duplicate_key: rows.map(({ stored }) => stored.duplicate_key),
    result_key: rows.map(({ stored }) => stored.result_key),
    holder_key: rows.map(({ stored }) => stored.holder_key),
    assessment: rows.map(({ stored }) => stored.assessment),
    supersedes: batch.operation === 'correct' ? rows.map(({ stored }) => stored.certificate) : null,
    cell: rows.map(({ stored }) => cells.get(stored.row) ?? null),
    idempotency_key: rows.map(({ stored }) => rowKey(batch.id, stored.row)),
    actor: batch.confirmed_by ?? 'system',
    reserved_at: created,
    issued_at: voided.size === 0 ? now.toISOString() : unlessVoid(() => now.toISOString()),
  };
}

/** The credential before it was signed. */
function unsignedOf({ made }: SignedRow): string {
  const json = new TextDecoder().decode(made.json);
  return `${json.slice(0, json.lastIndexOf(',"proof":'))}}`;
}

async function supersedeAll(
  transaction: Knex.Transaction,
  batch: StoredBatch,
  rows: readonly SignedRow[],
  now: Date,
): Promise<void> {
  const ids = rows.flatMap(({ stored }) => stored.certificate ?? []);
  if (ids.length === 0) return;
  await transaction<CertificateRow>('certificates')
    .whereIn('id', ids)
    .update({ status: 'revoked', status_reason: 'superseded', status_at: now.toISOString() });
  const lists = await transaction<CertificateRow>('certificates').whereIn('id', ids).distinct('list');
  for (const { list } of lists)
    await markChanged(transaction, { institution: batch.institution, list }, ['revocation']);
}
