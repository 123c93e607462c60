import type { Knex } from 'knex';
import { certificateId } from '../../shared/certificate/credential.js';
import { YizhengError } from '../../shared/errors.js';
import { findCorrectable, requireCorrectable } from '../correctable.js';
import { levelToNumber, reserveNumbers, takenNumbers, type WantedNumbers } from '../reserve-number.js';
import { numberRanges, type NumberRange, type ReservedChunk } from '../reserved-by-batches.js';
import { placesLeft, type ClaimedChunk, type Decided } from './decide-chunk.js';
import { presentAt } from './reservation.js';

/** Highest revision a certificate record can have. */
const LAST_REVISION = 255;

/** Numbers and revisions of rows by their place in the chunk, none where the row was refused. */
export interface Numbered {
  number: string[];
  revision: number[];
  /** Of all numbers that were taken. */
  ranges: NumberRange[];
}

interface Block {
  of: Omit<WantedNumbers, 'count'>;
  places: number[];
}

/**
 * Numbers for every row that is not refused: that of the corrected certificate, the one given by hand, or the next serials in blocks.
 * @param refused rows that get none are added
 * @param reserved what batches have reserved
 */
export async function numberRows(
  transaction: Knex.Transaction,
  claimed: ClaimedChunk,
  { issuedOn }: Pick<Decided, 'issuedOn'>,
  refused: Map<number, string>,
  reserved: readonly ReservedChunk[],
): Promise<Numbered> {
  const { batch, institution, rows } = claimed;
  const numbered: Numbered = { number: [], revision: [], ranges: [] };
  const places = placesLeft(rows, refused);
  const corrected = presentAt(rows.certificate, places);
  const olds = await findCorrectable(transaction, institution.code, corrected, { except: batch.id, reserved });
  const given = presentAt(rows.number, places);
  const taken = await takenNumbers(transaction, given, { reserved });
  const blocks = new Map<string, Block>();
  const refuse = (place: number, code: string): void => void refused.set(rows.row[place] ?? 0, code);
  const give = (place: number, number: string, revision: number): void => {
    numbered.number[place] = number;
    numbered.revision[place] = revision;
  };
  for (const place of places)
    try {
      const certificate = rows.certificate[place];
      const number = rows.number[place];
      if (typeof certificate === 'string') {
        const old = requireCorrectable(olds.get(certificate));
        if (old.lastRevision < LAST_REVISION) give(place, old.row.number, old.lastRevision + 1);
        else refuse(place, 'RECORD_INVALID');
      } else if (typeof number === 'string') {
        if (taken.has(number)) refuse(place, 'NUMBER_TAKEN');
        else {
          give(place, number, 1);
          numbered.ranges.push([number, number]);
        }
      } else addTo(blocks, claimed, place, issuedOn[place] ?? '');
    } catch (error) {
      if (!(error instanceof YizhengError) || error.code === 'BATCH_DAMAGED') throw error;
      refuse(place, error.code);
    }
  const wanted = [...blocks.values()];
  const found = await reserveNumbers(
    transaction,
    institution.code,
    wanted.map(({ of, places: own }) => ({ ...of, count: own.length })),
    { reserved },
  );
  for (const [i, { places: own }] of wanted.entries()) {
    const numbers = found[i] ?? [];
    if (Array.isArray(numbers)) numbered.ranges.push(...numberRanges(numbers));
    for (let n = 0; n < own.length; n++) {
      const place = own[n] ?? 0;
      const number = Array.isArray(numbers) ? numbers[n] : undefined;
      if (number !== undefined) give(place, number, 1);
      else refuse(place, Array.isArray(numbers) ? 'NUMBER_SERIAL_EXHAUSTED' : numbers.code);
    }
  }
  // Serials are all different; who gave numbers by hand may have given one twice, and corrected one certificate twice.
  if (given.length + corrected.length > 0) refuseSecond(claimed, numbered, refused);
  return numbered;
}

/** @throws YizhengError `NUMBER_MISSING` where the kind has no numbers of its own */
function addTo(blocks: Map<string, Block>, { rows, facts }: ClaimedChunk, place: number, issuedOn: string): void {
  const own = facts.get(rows.facts[place] ?? 0);
  if (!own) throw new YizhengError('BATCH_DAMAGED', 'A row of the batch has lost its facts.', { status: 500 });
  const level = levelToNumber(own.cover);
  const name = `${issuedOn.slice(0, 4)} ${level.framework} ${level.value}`;
  const block = blocks.get(name);
  if (block) block.places.push(place);
  else blocks.set(name, { of: { issuedOn, level }, places: [place] });
}

function refuseSecond({ rows }: ClaimedChunk, { number, revision }: Numbered, refused: Map<number, string>): void {
  const ids = new Set<string>();
  for (const place of placesLeft(rows, refused)) {
    const id = certificateId(number[place] ?? '', revision[place] ?? 0);
    if (ids.has(id)) refused.set(rows.row[place] ?? 0, 'NUMBER_TAKEN');
    ids.add(id);
  }
}
