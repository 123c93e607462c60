import type { PlannedCertificate } from '../../keys/bulk-signer.js';
import type { IssuedUnder } from '../covering-accreditation.js';
import type { StoredRow } from './batch-tables.js';

/**
 * Everything that was decided about a chunk before it is signed, as stored in its row. From this and the rows anyone makes the same
 * certificates, byte for byte.
 */
export interface Reservation {
  keyId: string;
  /** `proof.created`. */
  created: string;
  under: IssuedUnder[];
  rows: ReservedPlace[];
}

/** Row, number, revision, date of issue, place in `under`, status list and index. */
export type ReservedPlace = [
  row: number,
  number: string,
  revision: number,
  issuedOn: string,
  under: number,
  list: number,
  index: number,
];

/** A row with what was reserved for it. */
export interface PlannedRow {
  stored: StoredRow;
  planned: PlannedCertificate;
}

/** Puts rows and reservation together; a row that was refused meanwhile has none. */
export function plannedRows(rows: readonly StoredRow[], reservation: Reservation): PlannedRow[] {
  const places = new Map(reservation.rows.map((place) => [place[0], place]));
  return rows.flatMap((stored) => {
    const place = places.get(stored.row);
    if (!place || stored.draft === null) return [];
    const [, number, revision, issuedOn, under, list, index] = place;
    return [{ stored, planned: { draft: stored.draft, number, revision, issuedOn, under, list, index } }];
  });
}
