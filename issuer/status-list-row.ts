/** A pair of status lists (revocation and suspension) with one numbering. */
export interface StatusListRow {
  institution: string;
  list: number;
  /** Length of each. */
  entries: number;
  /** How many indices were given out. */
  used: number;
  /** A bit for each index that was given out, as packed as the list itself; none is ever cleared. */
  taken: Uint8Array;
  /** Count of changes; a publication that has seen as many is current. */
  revocation_changes: number;
  suspension_changes: number;
}
