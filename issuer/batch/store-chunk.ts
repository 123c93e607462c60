import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { MadeCertificate } from '../../keys/bulk-signer.js';
import { appendAudit, insertRows, isUniqueViolation, type InsertRow } from '../../server/index.js';
import type { CertificateRow } from '../certificate-row.js';
import type { IssuerEffects } from '../effects.js';
import { markChanged } from '../status-lists.js';
import { cellMaker, idsOfCells, type CountedFacts } from '../supervision/certificate-cells.js';
import { rowKey, type StoredBatch, type StoredChunk, type StoredRow } from './batch-tables.js';
import { failedLines, failRows } from './chunk-rows.js';
import type { PlannedRow, Reservation } from './reservation.js';
import type { ClaimedChunk } from './reserve-chunk.js';

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

/** Stores certificates. @returns the code of each that could not be, by its row */
type Insert = (
  transaction: Knex.Transaction,
  certificates: readonly { row: number; columns: InsertRow }[],
) => Promise<ReadonlyMap<number, string>>;

const insertAll: Insert = async (transaction, certificates) => {
  await insertRows(
    transaction,
    'certificates',
    certificates.map(({ columns }) => columns),
  );
  return new Map();
};

const insertEach: Insert = async (transaction, certificates) => {
  const refused = new Map<number, string>();
  for (const { row, columns } of certificates)
    try {
      await transaction.transaction((savepoint) => insertRows(savepoint, 'certificates', [columns]));
    } catch (error) {
      if (!isNotTaken(error)) throw error;
      refused.set(row, isUniqueViolation(error) ? 'NUMBER_TAKEN' : 'RECORD_INVALID');
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
    const cells = await cellIds(transaction, batch.institution, rows, reservation);
    const unstored = await insert(
      transaction,
      rows.map((row, i) => ({
        row: row.stored.row,
        columns: certificateOf(row, voided.has(row.stored.row), batch, { keyId, created, now, cell: cells[i] ?? null }),
      })),
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

/** Where each row's certificate is counted. */
async function cellIds(
  transaction: Knex.Transaction,
  institution: string,
  rows: readonly SignedRow[],
  { under }: Reservation,
): Promise<(number | undefined)[]> {
  const cellOf = cellMaker(institution);
  const cells = rows.map(({ planned }) => {
    const facts = JSON.parse(planned.draft) as CountedFacts;
    facts.issuedOn = planned.issuedOn;
    return cellOf(facts, under[planned.under]?.accreditation.id ?? '');
  });
  const ids = await idsOfCells(transaction, cells);
  return cells.map(({ key }) => ids.get(key));
}

function certificateOf(
  { stored, planned, made }: SignedRow,
  isVoid: boolean,
  batch: StoredBatch,
  { keyId, created, now, cell }: { keyId: string; created: string; now: Date; cell: number | null },
): InsertRow {
  return {
    id: made.id,
    institution: batch.institution,
    number: planned.number,
    revision: planned.revision,
    kind: made.kind,
    list: planned.list,
    list_index: planned.index,
    unsigned: isVoid ? made.json.slice(0, made.json.lastIndexOf(',"proof":')) + '}' : null,
    proof_created: created,
    key_id: keyId,
    state: isVoid ? 'void' : 'issued',
    credential: isVoid ? null : made.json,
    qr: isVoid ? null : made.qr,
    status: 'active',
    duplicate_key: stored.duplicate_key,
    result_key: stored.result_key,
    holder_key: stored.holder_key,
    assessment: stored.assessment,
    supersedes: stored.certificate,
    cell,
    idempotency_key: rowKey(batch.id, stored.row),
    actor: batch.confirmed_by ?? 'system',
    reserved_at: created,
    issued_at: isVoid ? null : now.toISOString(),
  };
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
