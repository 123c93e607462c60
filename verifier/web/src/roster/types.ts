import type { Level } from '../../../../shared/certificate/level.js';
import type { Headline } from '../../../../shared/verdict/types.js';
import type { CheckInput } from '../../../../ui/verify/types.js';

/** What the reader's own roster says of a person, to be compared with the certificate. */
export interface Expected {
  name?: string;
  /** Last four of the ID number; of a longer number in the roster only these are taken. */
  lastFour?: string;
  certificateNumber?: string;
}

/** One thing to be checked. */
export interface RosterEntry {
  /** Name of the file, or of the sheet with its row. */
  name: string;
  /** Gives the input when its turn comes; absent where the roster has only a number, which nobody can verify. */
  read?: () => Promise<CheckInput>;
  expected?: Expected;
}

/** Where a row stands. */
export type RowState = 'waiting' | 'checking' | 'done' | 'failed' | 'cancelled';

/** What differs from the roster: a person must compare. */
export type Difference = 'name' | 'lastFour' | 'certificateNumber';

/** What a certificate says, as a table shows it. */
export interface RowCertificate {
  number: string;
  name: string;
  lastFour: string;
  occupation: string;
  level?: Level;
  institution: string;
  issuedOn: string;
  expiresOn?: string;
  credentialId: string;
}

/** One line of the result. Plain and small: pictures and files are let go once read. */
export interface RosterRow {
  /** Place in the order given, from 1. */
  number: number;
  name: string;
  state: RowState;
  expected?: Expected;
  headline?: Headline;
  /** Reason code of the headline, or code of what was wrong with the file. */
  code?: string;
  /** Values for the sentence of the code. */
  params?: Record<string, string>;
  certificate?: RowCertificate;
  differences: Difference[];
  /** Numbers of other rows with the same certificate. */
  sameAs: number[];
  /** The signed JSON, to look at the row once more. */
  json?: string;
}
