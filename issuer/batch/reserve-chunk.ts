import type { Knex } from 'knex';
import { appendAudit } from '../../server/index.js';
import { findDuplicates, type Candidate } from '../find-duplicates.js';
import type { PackedCandidates } from '../packed-candidates.js';
import { reserveStatuses } from '../reserve-status.js';
import { reservedChunks, type ReservedChunk } from '../reserved-by-batches.js';
import type { StoredBatch, StoredChunk } from './batch-tables.js';
import { failRows } from './chunk-rows.js';
import { decideChunk, placesLeft, type ClaimedChunk, type Decided, type ReserveTools } from './decide-chunk.js';
import { numberRows } from './number-rows.js';
import { pick, reservationText, type PlannedLists, type Reservation } from './reservation.js';
import { countRows, type ReadyRows } from './waiting-rows.js';

/**
 * Transaction A: takes numbers and status indexes for every row of a chunk, decides the accreditation, key and signing time, and
 * writes all of it down before anything is signed. Rows that may not be issued any more fail with their reason.
 * @returns what was reserved; undefined when the chunk is no longer ours or its batch no longer runs
 * @throws YizhengError what concerns more than a row: codes of `coverByAccreditation`, `KEY_NOT_FOUND`, `STORAGE_*`
 */
export async function reserveChunk(claimed: ClaimedChunk, tools: ReserveTools): Promise<Reservation | undefined> {
  const { database, clock, randomBytes } = tools.effects;
  const { batch, chunk, institution, rows } = claimed;
  const decided = await decideChunk(claimed, tools, [...Array(countRows(rows)).keys()]);
  return database.write(async (transaction) => {
    const mine = await transaction<StoredChunk>('batch_chunks')
      .where({ batch: batch.id, chunk: chunk.chunk, claim: chunk.claim ?? '', state: 'waiting' })
      .first('chunk');
    const owner = await transaction<StoredBatch>('batches').where({ id: batch.id }).first('state');
    if (!mine || owner?.state !== 'running') return undefined;
    const refused = new Map(decided.refused);
    const reserved = await reservedChunks(transaction);
    await refuseDuplicates(transaction, claimed, refused, reserved);
    const { number, revision, ranges } = await numberRows(transaction, claimed, decided, refused, reserved);
    const places = placesLeft(rows, refused);
    const statuses = await reserveStatuses(transaction, institution.code, places.length, randomBytes);
    const reservation = reservationOf(rows, places, decided, {
      number: pick(number, places),
      revision: pick(revision, places),
      ...statuses,
    });
    await failRows(transaction, batch.id, refused);
    await transaction<StoredChunk>('batch_chunks')
      .where({ batch: batch.id, chunk: chunk.chunk })
      .update({ state: 'reserved', reservation: reservationText(reservation), numbers: JSON.stringify(ranges) });
    await appendAudit(
      transaction,
      {
        tenant: institution.code,
        actor: batch.confirmed_by ?? 'system',
        action: 'batch.reserve',
        subject: batch.id,
        detail: {
          chunk: chunk.chunk,
          key: decided.keyId,
          created: decided.created,
          rows: places.length,
          refused: refused.size,
          numbers: ranges.map(([first, last]) => (first === last ? first : `${first}–${last}`)),
          lists: [...new Set(reservation.rows.list)],
          accreditations: [...new Set(reservation.under.map(({ accreditation }) => accreditation.id))],
        },
      },
      clock(),
    );
    return reservation;
  });
}

/**
 * Plans a reserved chunk anew for the key that is active now, when its own may no longer sign. Numbers and status indexes stay; a
 * row the accreditation does not cover with this key fails, and nobody gets its number again.
 * @returns the new reservation; undefined when the chunk is no longer ours
 * @throws as {@link reserveChunk}
 */
export async function replanChunk(
  claimed: ClaimedChunk,
  old: Reservation,
  tools: ReserveTools,
): Promise<Reservation | undefined> {
  const { database, clock } = tools.effects;
  const { batch, chunk, rows } = claimed;
  const reservedAt = new Map(old.rows.row.map((row, at) => [row, at]));
  const places = [...rows.row.keys()].filter((place) => reservedAt.has(rows.row[place] ?? 0));
  const atOf = (place: number): number => reservedAt.get(rows.row[place] ?? 0) ?? 0;
  const dates = new Map(places.map((place) => [place, old.rows.issuedOn[atOf(place)] ?? '']));
  const decided = await decideChunk(claimed, tools, places, dates);
  const left = places.filter((place) => !decided.refused.has(rows.row[place] ?? 0));
  const { number, revision, list, index } = old.rows;
  const at = left.map(atOf);
  const reservation = reservationOf(rows, left, decided, {
    number: pick(number, at),
    revision: pick(revision, at),
    list: pick(list, at),
    index: pick(index, at),
  });
  return database.write(async (transaction) => {
    const changed = await transaction<StoredChunk>('batch_chunks')
      .where({ batch: batch.id, chunk: chunk.chunk, claim: chunk.claim ?? '', state: 'reserved' })
      .update({ reservation: reservationText(reservation) });
    if (changed === 0) return undefined;
    await failRows(transaction, batch.id, decided.refused);
    await appendAudit(
      transaction,
      {
        tenant: batch.institution,
        actor: 'system',
        action: 'batch.replan',
        subject: batch.id,
        detail: {
          chunk: chunk.chunk,
          key: old.keyId,
          newKey: decided.keyId,
          created: decided.created,
          refused: decided.refused.size,
        },
      },
      clock(),
    );
    return reservation;
  });
}

/** Refuses rows whose result somebody has certified or reserved since the dry run. */
async function refuseDuplicates(
  transaction: Knex.Transaction,
  { batch, institution, rows }: ClaimedChunk,
  refused: Map<number, string>,
  reserved: readonly ReservedChunk[],
): Promise<void> {
  const places = placesLeft(rows, refused);
  const packed = batch.operation === 'issue' ? packedCandidates(rows, places) : undefined;
  const duplicates = await findDuplicates(
    transaction,
    institution.code,
    packed ? [] : places.map((place) => candidateAt(rows, place)),
    { except: batch.id, reserved, ...(packed && { packed }) },
  );
  for (const [i, place] of places.entries())
    if (duplicates[i] !== undefined) refused.set(rows.row[place] ?? 0, 'CERTIFICATE_DUPLICATE');
}

function candidateAt(rows: ReadyRows, place: number): Candidate {
  return {
    duplicateKey: rows.duplicate_key.at(place),
    resultKey: rows.result_key.at(place) ?? '',
    supersedes: rows.certificate[place] ?? undefined,
  };
}

/** All rows, where none is left out and all have keys that are digests. */
function packedCandidates(rows: ReadyRows, places: readonly number[]): PackedCandidates | undefined {
  const count = countRows(rows);
  const [duplicateKey, resultKey] = [rows.duplicate_key.packed, rows.result_key.packed];
  return duplicateKey && resultKey && places.length === count ? { count, duplicateKey, resultKey } : undefined;
}

/** @param lists of the rows at `places` */
function reservationOf(
  { row }: ReadyRows,
  places: readonly number[],
  { keyId, created, under, underOf, issuedOn }: Decided,
  lists: Omit<PlannedLists, 'issuedOn' | 'under'>,
): Reservation {
  const chosen = pick(underOf, places);
  const used = [...new Set(chosen)];
  return {
    keyId,
    created,
    under: used.flatMap((at) => under.slice(at, at + 1)),
    rows: {
      row: pick(row, places),
      ...lists,
      issuedOn: pick(issuedOn, places),
      under: used.every((at, i) => at === i) ? chosen : chosen.map((at) => used.indexOf(at)),
    },
  };
}
