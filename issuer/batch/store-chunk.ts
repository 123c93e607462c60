import type { Knex } from 'knex';
import type { MadeCertificates } from '../../keys/bulk-signer.js';
import { madeAt } from '../../keys/made-certificates.js';
import { certificateId } from '../../shared/certificate/credential.js';
import { YizhengError } from '../../shared/errors.js';
import { appendAudit, insertColumns, isUniqueViolation } from '../../server/index.js';
import type { CertificateRow } from '../certificate-row.js';
import type { IssuerEffects } from '../effects.js';
import { markChanged } from '../status-lists.js';
import { cellMaker, idsOfCells, type NewCell } from '../supervision/certificate-cells.js';
import type { StoredBatch, StoredChunk, StoredRow } from './batch-tables.js';
import { certificateColumns, type StoredWith } from './certificate-columns.js';
import { issuedDigest } from './chunk-digest.js';
import { failedLines, failRows } from './chunk-rows.js';
import { withIdTexts } from './id-texts.js';
import { skeletonIds } from './credential-skeletons.js';
import type { ClaimedChunk } from './decide-chunk.js';
import { pick, pickLists, presentAt, type PlannedLists, type Reservation } from './reservation.js';
import { countedFacts } from './row-facts.js';
import { draftAt, type ReadyRows } from './waiting-rows.js';

/** What signing the rows of a chunk came to. */
export interface SignedRows {
  /** Place of each signed row among the rows of the chunk. */
  places: readonly number[];
  certificates: PlannedLists;
  made: MadeCertificates;
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
  signed: SignedRows,
  effects: Pick<IssuerEffects, 'database' | 'clock'>,
): Promise<number | undefined> {
  try {
    return await store(claimed, reservation, signed, effects, insertAll);
  } catch (error) {
    if (!isNotTaken(error)) throw error;
    return store(claimed, reservation, signed, effects, insertEach);
  }
}

function isNotTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && NOT_TAKEN.test(error.code);
}

/** Stores the certificates of signed rows. @returns the code of each that could not be, by its row */
type Insert = (
  transaction: Knex.Transaction,
  signed: SignedRows,
  common: StoredWith,
) => Promise<ReadonlyMap<number, string>>;

const insertAll: Insert = async (transaction, signed, common) => {
  await withIdTexts((texts) =>
    insertColumns(transaction, 'certificates', signed.places.length, certificateColumns(signed, common, texts)),
  );
  return new Map();
};

const insertEach: Insert = async (transaction, signed, common) => {
  const refused = new Map<number, string>();
  for (const [i, place] of signed.places.entries())
    try {
      await withIdTexts((texts) => {
        const columns = certificateColumns(signedAt(signed, i), common, texts);
        return transaction.transaction((savepoint) => insertColumns(savepoint, 'certificates', 1, columns));
      });
    } catch (error) {
      if (!isNotTaken(error)) throw error;
      refused.set(common.rows.row[place] ?? 0, isUniqueViolation(error) ? 'NUMBER_TAKEN' : 'RECORD_INVALID');
    }
  return refused;
};

function signedAt({ places, certificates, made, refused }: SignedRows, i: number): SignedRows {
  return { places: places.slice(i, i + 1), certificates: pickLists(certificates, [i]), made: madeAt(made, i), refused };
}

function store(
  claimed: ClaimedChunk,
  reservation: Reservation,
  signed: SignedRows,
  { database, clock }: Pick<IssuerEffects, 'database' | 'clock'>,
  insert: Insert,
): Promise<number | undefined> {
  const { batch, chunk, rows } = claimed;
  const { keyId, created } = reservation;
  return database.write(async (transaction) => {
    const now = clock();
    const at = { batch: batch.id, chunk: chunk.chunk };
    const mine = await transaction<StoredChunk>('batch_chunks')
      .where({ ...at, claim: chunk.claim ?? '', state: 'reserved' })
      .update({ state: 'done', claim: null, claimed_until: null, reservation: null, done_at: now.toISOString() });
    if (mine === 0) return undefined;
    const voided = await voidedRows(transaction, rows, signed.places);
    const cells = await cellIds(transaction, claimed, signed, reservation);
    const skeletons = await skeletonIds(transaction, batch.institution, signed.made.json);
    const common = { batch, rows, keyId, created, now, cells, voided, skeletons };
    const unstored = await insert(transaction, signed, common);
    const refused = new Map([...signed.refused, ...unstored]);
    const failed = new Map([...voided, ...refused]);
    await failRows(transaction, batch.id, failed);
    const issued = issuedAmong(rows, signed, failed);
    const issuedPlaces = pick(signed.places, issued);
    await supersedeAll(transaction, batch, presentAt(rows.certificate, issuedPlaces), now);
    await transaction<StoredRow>('batch_rows')
      .where({ batch: batch.id, state: 'ready' })
      .whereBetween('row', [chunk.first_row, chunk.last_row])
      .delete();
    const digest = issuedDigest(rows, signed, issued, await failedLines(transaction, chunk));
    await transaction<StoredChunk>('batch_chunks').where(at).update({ digest, done: issued.length });
    await transaction('batches')
      .where({ id: batch.id })
      .update({ trouble: null, retry_at: null })
      .increment('done', issued.length);
    const otherHolder = batch.operation === 'correct' ? issued.filter((i) => isOtherHolder(rows, signed, i)) : [];
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
          ...(otherHolder.length === 0 ? {} : { correctsHolder: otherHolder.map((i) => idOf(signed, i)) }),
        },
      },
      now,
    );
    return issued.length;
  });
}

// Loops in functions of the module: V8 forgets what it has compiled of a callback that nothing holds from one chunk to the next.

/** Which of the signed rows did not fail. */
function issuedAmong({ row }: ReadyRows, { places }: SignedRows, failed: ReadonlyMap<number, string>): number[] {
  const issued: number[] = [];
  for (let i = 0; i < places.length; i++) if (!failed.has(row[places[i] ?? 0] ?? 0)) issued.push(i);
  return issued;
}

function idOf({ certificates: { number, revision } }: SignedRows, i: number): string {
  return certificateId(number[i] ?? '', revision[i] ?? 0);
}

function isOtherHolder({ reason }: ReadyRows, { places }: SignedRows, i: number): boolean {
  return reason[places[i] ?? 0] === 'correct-holder';
}

/** Corrections of what is no longer active, with the code of why. */
async function voidedRows(
  transaction: Knex.Transaction,
  { row, certificate }: ReadyRows,
  places: readonly number[],
): Promise<Map<number, string>> {
  const corrected = presentAt(certificate, places);
  if (corrected.length === 0) return new Map();
  const olds = await transaction<CertificateRow>('certificates')
    .whereIn('id', corrected)
    .whereNot({ status: 'active' })
    .select('id', 'status');
  const status = new Map(olds.map((old) => [old.id, old.status]));
  return new Map(
    places.flatMap((place) => {
      const now = status.get(certificate[place] ?? '');
      return now === undefined ? [] : [[row[place] ?? 0, `CERTIFICATE_${now.toUpperCase()}`] as const];
    }),
  );
}

/** Cells remembered for the same facts. */
const MOST_CELLS = 16;

/** Where rows of the same facts are counted. */
interface KnownCell {
  party: number;
  issuedOn: string;
  assessment: string | null;
  cell: NewCell;
}

function cellAmong(
  known: readonly KnownCell[],
  { party, issuedOn, assessment }: Omit<KnownCell, 'cell'>,
): NewCell | undefined {
  for (const one of known)
    if (one.assessment === assessment && one.issuedOn === issuedOn && one.party === party) return one.cell;
  return undefined;
}

/** Where each signed row's certificate is counted, by its place in the chunk. */
async function cellIds(
  transaction: Knex.Transaction,
  { batch, rows, facts }: ClaimedChunk,
  { places, certificates }: SignedRows,
  { under }: Reservation,
): Promise<readonly (number | null)[]> {
  const cellOf = cellMaker(batch.institution);
  const known = new Map<number | null, KnownCell[]>();
  const cells: NewCell[] = [];
  for (let i = 0; i < places.length; i++) {
    const place = places[i] ?? 0;
    const own = facts.get(rows.facts[place] ?? 0);
    if (!own) throw new YizhengError('BATCH_DAMAGED', 'A row of the batch has lost its facts.', { status: 500 });
    const assessment = rows.assessment[place] ?? null;
    const issuedOn = certificates.issuedOn[i] ?? '';
    const party = certificates.under[i] ?? 0;
    const id = rows.facts[place] ?? null;
    const alike = own.seen && assessment !== null ? (known.get(id) ?? []) : undefined;
    const before = alike && cellAmong(alike, { party, issuedOn, assessment });
    const cell =
      before ??
      cellOf(
        countedFacts({ draft: draftAt(rows, place), assessment }, own, issuedOn),
        under[party]?.accreditation.id ?? '',
      );
    if (alike && !before && alike.length < MOST_CELLS) {
      alike.push({ party, issuedOn, assessment, cell });
      known.set(id, alike);
    }
    cells[place] = cell;
  }
  const ids = await idsOfCells(transaction, [...new Set(pick(cells, places))]);
  const found: (number | null)[] = [];
  // Where a row was not signed there is none.
  for (const cell of cells as readonly (NewCell | undefined)[]) found.push(ids.get(cell?.key ?? '') ?? null);
  return found;
}

async function supersedeAll(
  transaction: Knex.Transaction,
  batch: StoredBatch,
  ids: readonly string[],
  now: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await transaction<CertificateRow>('certificates')
    .whereIn('id', ids)
    .update({ status: 'revoked', status_reason: 'superseded', status_at: now.toISOString() });
  const lists = await transaction<CertificateRow>('certificates').whereIn('id', ids).distinct('list');
  for (const { list } of lists)
    await markChanged(transaction, { institution: batch.institution, list }, ['revocation']);
}
