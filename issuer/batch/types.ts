import type { CertificateStatus } from '../certificate-row.js';
import type { StatusChange } from '../change-status.js';

/** What a batch does with each row of its sheet. `correct` issues a new certificate that supersedes the old one. */
export const BATCH_OPERATIONS = ['issue', 'revoke', 'suspend', 'reinstate', 'correct', 'void-session'] as const;

/** One of {@link BATCH_OPERATIONS}. */
export type BatchOperation = (typeof BATCH_OPERATIONS)[number];

/**
 * Life of a batch. `checking` (dry run, nothing issued) → `checked` → `waiting-approval` (where a second person must agree) →
 * `running` ⇄ `paused` → `done`; `cancelled` from any state before `done`: what was issued by then stays issued.
 */
export const BATCH_STATES = [
  'checking',
  'checked',
  'waiting-approval',
  'running',
  'paused',
  'cancelled',
  'done',
] as const;

/** One of {@link BATCH_STATES}. */
export type BatchState = (typeof BATCH_STATES)[number];

/**
 * Life of a row. `wrong` rows have problems and are never done; `already` rows have a certificate from before this sheet and need
 * nothing; `ready` rows wait; `done` rows have their certificate (or its new status); `failed` rows were refused when their turn
 * came (the code says why); `skipped` rows were left out by cancelling.
 */
export const BATCH_ROW_STATES = ['wrong', 'already', 'ready', 'done', 'failed', 'skipped'] as const;

/** One of {@link BATCH_ROW_STATES}. */
export type BatchRowState = (typeof BATCH_ROW_STATES)[number];

/** One wrong cell, or (without `column`) one wrong row. Values of identity document numbers are masked before they get here. */
export interface CellProblem {
  /** Row as the spreadsheet program numbers it: the header is row 1. */
  row: number;
  /** Key of the column, e.g. `idNumber`; see `issuer/batch/sheet`. */
  column?: string;
  /** Column as the spreadsheet program letters it, e.g. `C`, where the sheet has one. */
  letter?: string;
  /** Header as it stands in the sheet. */
  header?: string;
  /** What stands there, at most 60 characters; document numbers masked. */
  value?: string;
  /** Stable code, e.g. `LEVEL_OUT_OF_SCOPE`. */
  code: string;
  /** Facts the message needs, e.g. `{ allowed: '五级、四级' }`. Strings only, no personal data. */
  parameters: Record<string, string>;
}

/** A sheet of changes to certificates that exist: one row names one certificate. */
export interface StatusRow {
  /** Certificate number or credential id. */
  certificate: string;
  reason: StatusChange['reason'];
}

/** How far a batch is; what the progress stream sends. */
export interface BatchProgress {
  id: string;
  operation: BatchOperation;
  state: BatchState;
  /** Rows of the sheet without header and empty rows. */
  rows: number;
  /** Rows by their state. */
  wrong: number;
  already: number;
  ready: number;
  done: number;
  failed: number;
  skipped: number;
  /** Rows a second over the last half minute, while running. */
  rowsPerSecond?: number;
  secondsLeft?: number;
  /** Why it does not go on, or goes on only later: code of the error, and when it is tried again; without that, a person must act. */
  trouble?: { code: string; retryAt?: string };
  /** A second person must agree before it runs. */
  needsApproval: boolean;
  /** Name of the uploaded file; only shown. */
  fileName?: string;
  /** Keyed digest of the uploaded file, hex; whether a file is that one, `Batches.isSheet` says. */
  fileHmac?: string;
  /** Assessment whose certificates are all withdrawn (`void-session`). */
  assessmentId?: string;
  /** Ids of API keys or accounts. */
  uploadedBy: string;
  confirmedBy?: string;
  approvedBy?: string;
  approvedAt?: string;
  /** Why the second person sent it back, the last time; who, and when. */
  sentBack?: string;
  sentBackBy?: string;
  sentBackAt?: string;
  /** RFC 3339 with milliseconds. */
  uploadedAt: string;
  startedAt?: string;
  finishedAt?: string;
}

/** What became of one row of a sheet: a line of the result sheet. */
export interface BatchResultRow {
  /** As the spreadsheet program numbers it. */
  row: number;
  state: BatchRowState;
  /** Certificate that was issued, whose status was changed, or that was there already. */
  certificate?: { id: string; number: string; revision: number; status: CertificateStatus; name: string };
  /** Why it was refused. */
  code?: string;
}
