import type { PlannedCertificates } from '../../keys/bulk-signer.js';
import type { IssuedUnder } from '../covering-accreditation.js';
import type { ReadyRows } from './waiting-rows.js';

/**
 * Everything that was decided about a chunk before it is signed. From this and the rows anyone makes the same certificates, byte
 * for byte.
 */
export interface Reservation {
  keyId: string;
  /** `proof.created`. */
  created: string;
  under: IssuedUnder[];
  /** What was reserved for each row, in the order of the rows. */
  rows: ReservedRows;
}

/** Number, revision, date of issue, place in `under`, status list and index of rows. */
export type PlannedLists = Omit<PlannedCertificates, 'draft'>;

/** {@link PlannedLists} with the row of each. */
export interface ReservedRows extends PlannedLists {
  readonly row: readonly number[];
}

/** A row as the text of a reservation holds it. */
export type ReservedPlace = [
  row: number,
  number: string,
  revision: number,
  issuedOn: string,
  under: number,
  list: number,
  index: number,
];

/** Rows written at once, so that what they are written from is gone before the next. */
const WRITTEN_ROWS = 256;

/** A reservation as it is stored with its chunk. */
export function reservationText({ rows, ...common }: Reservation): string {
  const parts: string[] = [];
  for (let start = 0; start < rows.row.length; start += WRITTEN_ROWS) {
    const places: ReservedPlace[] = [];
    for (let i = start; i < Math.min(start + WRITTEN_ROWS, rows.row.length); i++)
      places.push([
        rows.row[i] ?? 0,
        rows.number[i] ?? '',
        rows.revision[i] ?? 0,
        rows.issuedOn[i] ?? '',
        rows.under[i] ?? 0,
        rows.list[i] ?? 0,
        rows.index[i] ?? 0,
      ]);
    parts.push(JSON.stringify(places).slice(1, -1));
  }
  return `${JSON.stringify({ ...common, rows: [] }).slice(0, -2)}${parts.join(',')}]}`;
}

/** Reads what {@link reservationText} wrote, also in an earlier release. */
export function parseReservation(text: string): Reservation {
  const { rows, ...common } = JSON.parse(text) as Omit<Reservation, 'rows'> & { rows: ReservedPlace[] };
  return {
    ...common,
    rows: {
      row: rows.map(([row]) => row),
      number: rows.map(([, number]) => number),
      revision: rows.map(([, , revision]) => revision),
      issuedOn: rows.map(([, , , issuedOn]) => issuedOn),
      under: rows.map(([, , , , under]) => under),
      list: rows.map(([, , , , , list]) => list),
      index: rows.map(([, , , , , , index]) => index),
    },
  };
}

/** Rows with what was reserved for them. */
export interface PlannedRows {
  /** Place of each among the rows of the chunk. */
  places: readonly number[];
  certificates: PlannedCertificates;
}

/** Puts rows and reservation together; a row that was refused meanwhile has none. */
export function plannedRows({ row, draft }: ReadyRows, { rows }: Reservation): PlannedRows {
  const places: number[] = [];
  const reserved: number[] = [];
  let at = 0;
  for (let place = 0; place < row.length; place++) {
    const one = row[place] ?? 0;
    while (at < rows.row.length && (rows.row[at] ?? 0) < one) at++;
    if (rows.row[at] !== one || draft.starts[place] === draft.ends[place]) continue;
    places.push(place);
    reserved.push(at);
  }
  return {
    places,
    certificates: {
      draft: {
        bytes: draft.bytes,
        starts: pickOffsets(draft.starts, places),
        ends: pickOffsets(draft.ends, places),
      },
      ...pickLists(rows, reserved),
    },
  };
}

/** The lists at these places, which ascend; the lists themselves where that is all of them. */
export function pickLists(
  { number, revision, issuedOn, under, list, index }: PlannedLists,
  at: readonly number[],
): PlannedLists {
  return {
    number: pick(number, at),
    revision: pick(revision, at),
    issuedOn: pick(issuedOn, at),
    under: pick(under, at),
    list: pick(list, at),
    index: pick(index, at),
  };
}

/** The values at these places, which ascend; the list itself where that is all of it. */
export function pick<T>(values: readonly T[], at: readonly number[]): readonly T[] {
  return at.length === values.length ? values : at.flatMap((i) => values.slice(i, i + 1));
}

/** What is there of these places. */
export function presentAt<T>(values: readonly (T | null)[], places: readonly number[]): T[] {
  const present: T[] = [];
  for (const place of places) {
    const value = values[place] ?? null;
    if (value !== null) present.push(value);
  }
  return present;
}

function pickOffsets(offsets: Uint32Array, places: readonly number[]): Uint32Array {
  if (places.length === offsets.length) return offsets;
  const picked = new Uint32Array(places.length);
  for (let i = 0; i < places.length; i++) picked[i] = offsets[places[i] ?? 0] ?? 0;
  return picked;
}
