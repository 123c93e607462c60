import type { TrustView } from '../../../shared/trust/trust-view.js';
import type { StatusChange } from '../../change-status.js';
import type { ExamResult } from '../../exam-result.js';
import type { Institution } from '../../institutions.js';
import type { PlainBlocks } from '../plain-blocks.js';
import type { CellProblem, StatusRow } from '../types.js';

/** An uploaded file on a private disk. */
export interface SheetFile {
  path: string;
  /** Name the person gave it; only shown, never trusted: what the file is, its bytes say. */
  name: string;
}

/** Encodings a CSV file may come in. */
export type SheetEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

/** Bounds of what is read. Every one is checked while streaming; what goes beyond is refused, never cut off. */
export interface SheetLimits {
  /** Bytes of the file. */
  fileBytes: number;
  /** Bytes of an XLSX once inflated, all parts together. */
  inflatedBytes: number;
  /** Most bytes one stored byte of an XLSX part may inflate to. */
  inflateRatio: number;
  /** Parts in an XLSX. */
  entries: number;
  /** Rows below the header that hold anything. */
  rows: number;
  columns: number;
  /** Characters of one cell. */
  cellCharacters: number;
  /** Distinct texts of an XLSX, and their bytes together: they are held in memory while it is read. */
  sharedStrings: number;
  sharedStringBytes: number;
}

/** What the sheet as a whole has to say without being wrong, e.g. `HIDDEN_ROWS`; a sentence by `problemText`. */
export interface SheetNotice {
  code: string;
  /** First row it is about, where there is one. */
  row?: number;
  parameters: Record<string, string>;
}

/** One recognised column of the sheet, in the sheet's order. */
export interface HeaderColumn {
  /** Key of the column, e.g. `idNumber`. */
  column: string;
  letter: string;
  /** Header as it stands in the sheet. */
  header: string;
}

/** What rows of exam results are checked against. */
export interface IssueSheetContext {
  operation: 'issue' | 'correct';
  institution: Pick<Institution, 'code' | 'did' | 'authority'>;
  /** What the institution's authority says; undefined before its first bundle. */
  view: TrustView | undefined;
  /** Id of the key that will sign. */
  verificationMethod: string;
  now: Date;
  limits?: Partial<SheetLimits>;
}

/** What rows of a sheet of status changes are checked against. */
export interface StatusSheetContext {
  operation: 'revoke' | 'suspend' | 'reinstate';
  /** Used where a row names no reason of its own. */
  reason?: StatusChange['reason'];
  limits?: Partial<SheetLimits>;
}

/** One row of a sheet of exam results: what is to be certified, or everything that is wrong with it. */
export type CheckedRow =
  | {
      row: number;
      exam: ExamResult;
      /** In a sheet of corrections: number or credential id of the certificate to be corrected. `exam.supersedes` is not set. */
      corrects?: string;
      /** Worth a look, but not wrong. */
      notices?: CellProblem[];
    }
  | { row: number; problems: CellProblem[] };

/** One row of a sheet of status changes. */
export type CheckedStatusRow =
  | { row: number; change: StatusRow }
  /** `certificate` that a wrong row names, so that what is wrong with it is said at once. */
  | { row: number; problems: CellProblem[]; certificate?: string };

/** A sheet that was recognised and whose header is right. */
export interface OpenSheet<Row> {
  format: 'csv' | 'xlsx';
  /** Of a CSV file. */
  encoding?: SheetEncoding;
  /** Row of the header, as the spreadsheet program numbers it. */
  headerRow: number;
  header: readonly HeaderColumn[];
  /**
   * The rows below the header, empty ones left out; once only. Memory does not grow with the number of rows.
   * @throws SheetError `SHEET_TOO_LARGE`, `SHEET_TOO_WIDE`, `SHEET_DAMAGED`, `CELL_TOO_LONG` where the file goes wrong further down
   */
  rows(): AsyncIterable<Row>;
  /** What there was to say about the whole sheet; complete once all rows were read. */
  notices(): readonly SheetNotice[];
  /** Releases the file; also done when all rows were read. */
  close(): Promise<void>;
}

/** Some consecutive rows. */
export interface SheetPiece<Row> {
  rows: Row[];
  /** How many rows of the sheet these are, with those that went elsewhere. */
  count: number;
}

/** A sheet of exam results. */
export interface IssueSheet extends OpenSheet<CheckedRow> {
  /**
   * The rows as {@link OpenSheet.rows} gives them, several at once; good rows like an earlier one go to the current block of `plain` instead.
   * @param most how many the next piece may have, asked before each
   */
  pieces(most: () => number, plain: PlainBlocks): AsyncIterable<SheetPiece<CheckedRow>>;
}
