import type { Knex } from 'knex';
import { certificateId } from '../../shared/certificate/credential.js';
import { errorCode, YizhengError } from '../../shared/errors.js';
import { appendAudit } from '../../server/index.js';
import type { AccreditationStore } from '../accreditation-store.js';
import { findCorrectable, requireCorrectable } from '../correctable.js';
import type { IssuedUnder } from '../covering-accreditation.js';
import type { IssuerEffects } from '../effects.js';
import { findDuplicates } from '../find-duplicates.js';
import type { Institution } from '../institutions.js';
import { levelToNumber, reserveNumbers, takenNumbers, type WantedNumbers } from '../reserve-number.js';
import { reserveStatuses } from '../reserve-status.js';
import { numberRanges, reservedChunks, type NumberRange, type ReservedChunk } from '../reserved-by-batches.js';
import { chinaDate, wholeSecond } from '../time.js';
import type { StoredBatch, StoredChunk, StoredRow } from './batch-tables.js';
import { factsOf, failRows } from './chunk-rows.js';
import { CoverDecisions, type CoverFacts } from './cover-facts.js';
import { recheckRow } from './recheck-row.js';
import type { Reservation } from './reservation.js';

/** A chunk somebody has claimed, with its batch and its rows. */
export interface ClaimedChunk {
  batch: StoredBatch;
  chunk: StoredChunk;
  institution: Institution;
  /** Rows that wait for their turn. */
  rows: StoredRow[];
}

/** What reserving works with. */
export interface ReserveTools {
  effects: IssuerEffects;
  accreditations: AccreditationStore;
}

/** Highest revision a certificate record can have. */
const LAST_REVISION = 255;

interface DecidedRow {
  stored: StoredRow;
  facts: CoverFacts;
  issuedOn: string;
  under: IssuedUnder;
}

interface NumberedRow extends DecidedRow {
  number: string;
  revision: number;
}

/** What numbering rows looks at and comes to. */
interface Numbering {
  reserved: readonly ReservedChunk[];
  numbered: Map<number, { number: string; revision: number }>;
  refused: Map<number, string>;
  ranges: NumberRange[];
}

/** Rows with what was decided for each, and the codes of those that were refused. */
interface Decided {
  keyId: string;
  created: string;
  rows: DecidedRow[];
  refused: Map<number, string>;
}

/**
 * Transaction A: takes numbers and status indexes for every row of a chunk, decides the accreditation, key and signing time, and
 * writes all of it down before anything is signed. Rows that may not be issued any more fail with their reason.
 * @returns what was reserved; undefined when the chunk is no longer ours or its batch no longer runs
 * @throws YizhengError what concerns more than a row: codes of `coverByAccreditation`, `KEY_NOT_FOUND`, `STORAGE_*`
 */
export async function reserveChunk(claimed: ClaimedChunk, tools: ReserveTools): Promise<Reservation | undefined> {
  const { database, clock, randomBytes } = tools.effects;
  const decided = await decide(claimed, tools);
  return database.write(async (transaction) => {
    const { batch, chunk, institution } = claimed;
    const mine = await transaction<StoredChunk>('batch_chunks')
      .where({ batch: batch.id, chunk: chunk.chunk, claim: chunk.claim ?? '', state: 'waiting' })
      .first('chunk');
    const owner = await transaction<StoredBatch>('batches').where({ id: batch.id }).first('state');
    if (!mine || owner?.state !== 'running') return undefined;
    const refused = new Map(decided.refused);
    const reserved = await reservedChunks(transaction);
    const decidedRows = await unique(transaction, claimed, decided, { refused, reserved });
    const { rows, ranges } = await numberRows(transaction, claimed, decidedRows, { refused, reserved });
    const places = await reserveStatuses(transaction, institution.code, rows.length, randomBytes);
    const reservation = reservationOf(decided, rows, (_, i) => places[i] ?? { list: 0, index: 0 });
    await failRows(transaction, batch.id, refused);
    await transaction<StoredChunk>('batch_chunks')
      .where({ batch: batch.id, chunk: chunk.chunk })
      .update({ state: 'reserved', reservation: JSON.stringify(reservation), numbers: JSON.stringify(ranges) });
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
          rows: rows.length,
          refused: refused.size,
          numbers: ranges.map(([first, last]) => (first === last ? first : `${first}–${last}`)),
          lists: [...new Set(places.map(({ list }) => list))],
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
  const places = new Map(old.rows.map((place) => [place[0], place]));
  const rowsLeft = claimed.rows.filter(({ row }) => places.has(row));
  const decided = await decide(
    { ...claimed, rows: rowsLeft },
    tools,
    new Map(old.rows.map(([row, , , issuedOn]) => [row, issuedOn])),
  );
  const rows = decided.rows.flatMap((row) => {
    const place = places.get(row.stored.row);
    return place ? [{ ...row, number: place[1], revision: place[2], list: place[5], index: place[6] }] : [];
  });
  const reservation = reservationOf(decided, rows, ({ list, index }) => ({ list, index }));
  return database.write(async (transaction) => {
    const { batch, chunk } = claimed;
    const changed = await transaction<StoredChunk>('batch_chunks')
      .where({ batch: batch.id, chunk: chunk.chunk, claim: chunk.claim ?? '', state: 'reserved' })
      .update({ reservation: JSON.stringify(reservation) });
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

/** Asks the accreditation about every row, with the key that is active now. */
async function decide(
  { batch, institution, rows }: ClaimedChunk,
  { effects, accreditations }: ReserveTools,
  dates: ReadonlyMap<number, string> = new Map(),
): Promise<Decided> {
  const { database, keystore, clock } = effects;
  const facts = await factsOf(database.knex, batch.id, rows);
  const view = await accreditations.view(institution.authority);
  await keystore.refresh();
  const { id: keyId } = keystore.activeKey(institution.did, 'assertion');
  const now = clock();
  const created = wholeSecond(now);
  const today = chinaDate(now);
  const decisions = new CoverDecisions(institution, view, { verificationMethod: keyId, created });
  const decided: Decided = { keyId, created, rows: [], refused: new Map() };
  for (const stored of rows) {
    const own = facts.get(stored.facts ?? 0);
    if (!own) throw new YizhengError('BATCH_DAMAGED', 'A row of the batch has lost its facts.', { status: 500 });
    const issuedOn = dates.get(stored.row) ?? stored.issued_on ?? today;
    const wrong = recheckRow(stored, own, { institution: institution.code, issuedOn });
    const found = wrong === undefined ? decisions.decide(stored.facts ?? 0, own.cover, issuedOn) : { code: wrong };
    if ('code' in found) decided.refused.set(stored.row, found.code);
    else decided.rows.push({ stored, facts: own.cover, issuedOn, under: found.under });
  }
  return decided;
}

/** Rows whose result nobody has certified or reserved since the dry run. */
async function unique(
  transaction: Knex.Transaction,
  { batch, institution }: ClaimedChunk,
  { rows }: Decided,
  { refused, reserved }: Pick<Numbering, 'refused' | 'reserved'>,
): Promise<DecidedRow[]> {
  const duplicates = await findDuplicates(
    transaction,
    institution.code,
    rows.map(({ stored }) => ({
      duplicateKey: stored.duplicate_key,
      resultKey: stored.result_key ?? '',
      supersedes: stored.certificate ?? undefined,
    })),
    { except: batch.id, reserved },
  );
  return rows.filter(({ stored }, i) => {
    if (duplicates[i] !== undefined) refused.set(stored.row, 'CERTIFICATE_DUPLICATE');
    return duplicates[i] === undefined;
  });
}

/** Numbers for every row: that of the corrected certificate, the one given by hand, or the next serials in blocks. */
async function numberRows(
  transaction: Knex.Transaction,
  { batch, institution }: ClaimedChunk,
  rows: readonly DecidedRow[],
  { refused, reserved }: Pick<Numbering, 'refused' | 'reserved'>,
): Promise<{ rows: NumberedRow[]; ranges: NumberRange[] }> {
  const ranges: NumberRange[] = [];
  const numbered: Numbering['numbered'] = new Map();
  const corrected = rows.flatMap(({ stored }) => stored.certificate ?? []);
  const olds = await findCorrectable(transaction, institution.code, corrected, { except: batch.id, reserved });
  const given = rows.flatMap(({ stored }) => stored.number ?? []);
  const taken = await takenNumbers(transaction, given, { reserved });
  const blocks = new Map<string, DecidedRow[]>();
  for (const row of rows) {
    const { stored, facts, issuedOn } = row;
    if (stored.certificate !== null)
      try {
        const old = requireCorrectable(olds.get(stored.certificate));
        if (old.lastRevision < LAST_REVISION)
          numbered.set(stored.row, { number: old.row.number, revision: old.lastRevision + 1 });
        else refused.set(stored.row, 'RECORD_INVALID');
      } catch (error) {
        refused.set(stored.row, errorCode(error));
      }
    else if (stored.number !== null && taken.has(stored.number)) refused.set(stored.row, 'NUMBER_TAKEN');
    else if (stored.number !== null) {
      numbered.set(stored.row, { number: stored.number, revision: 1 });
      ranges.push([stored.number, stored.number]);
    } else {
      const name = `${issuedOn.slice(0, 4)} ${facts.level?.framework ?? ''} ${facts.level?.value ?? ''}`;
      const block = blocks.get(name);
      if (block) block.push(row);
      else blocks.set(name, [row]);
    }
  }
  await numberBlocks(transaction, institution.code, [...blocks.values()], { reserved, numbered, refused, ranges });
  const ids = new Set<string>();
  return {
    rows: rows.flatMap((row) => {
      const own = numbered.get(row.stored.row);
      if (!own) return [];
      const id = certificateId(own.number, own.revision);
      if (ids.has(id)) {
        refused.set(row.stored.row, 'NUMBER_TAKEN');
        return [];
      }
      ids.add(id);
      return [{ ...row, ...own }];
    }),
    ranges,
  };
}

/** The next serials for rows of one year and level each. */
async function numberBlocks(
  transaction: Knex.Transaction,
  institution: string,
  blocks: readonly (readonly DecidedRow[])[],
  { reserved, numbered, refused, ranges }: Numbering,
): Promise<void> {
  const wanted: { rows: readonly DecidedRow[]; of: WantedNumbers }[] = [];
  for (const rows of blocks)
    try {
      const [first] = rows;
      if (!first) continue;
      const { issuedOn, facts } = first;
      wanted.push({ rows, of: { issuedOn, level: levelToNumber(facts), count: rows.length } });
    } catch (error) {
      for (const { stored } of rows) refused.set(stored.row, errorCode(error));
    }
  const found = await reserveNumbers(
    transaction,
    institution,
    wanted.map(({ of }) => of),
    { reserved },
  );
  for (const [i, { rows }] of wanted.entries()) {
    const numbers = found[i] ?? [];
    for (const [n, { stored }] of rows.entries()) {
      const number = Array.isArray(numbers) ? numbers[n] : undefined;
      if (number === undefined)
        refused.set(stored.row, Array.isArray(numbers) ? 'NUMBER_SERIAL_EXHAUSTED' : numbers.code);
      else numbered.set(stored.row, { number, revision: 1 });
    }
    if (Array.isArray(numbers)) ranges.push(...numberRanges(numbers));
  }
}

function reservationOf<Row extends NumberedRow>(
  { keyId, created }: Decided,
  rows: readonly Row[],
  placeOf: (row: Row, i: number) => { list: number; index: number },
): Reservation {
  const under: IssuedUnder[] = [];
  const placeOfUnder = new Map<IssuedUnder, number>();
  return {
    keyId,
    created,
    under,
    rows: rows.map((row, i) => {
      let at = placeOfUnder.get(row.under);
      if (at === undefined) {
        at = under.push(row.under) - 1;
        placeOfUnder.set(row.under, at);
      }
      const { list, index } = placeOf(row, i);
      return [row.stored.row, row.number, row.revision, row.issuedOn, at, list, index];
    }),
  };
}
