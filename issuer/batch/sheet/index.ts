/**
 * Sheets in and out: the template, the uploaded sheet read and checked row by row, the sheets of results and problems. Pure
 * functions and streams; what needs the database is the engine's (`issuer/batch/batches.ts`).
 */
export { openIssueSheet, openStatusSheet } from './open-sheet.js';
export { SheetError } from './sheet-error.js';
export { SHEET_LIMITS } from './limits.js';
export { findColumn } from './columns.js';
export { writeTemplate, type TemplateRequest } from './template.js';
export { writeResultSheet, type ChangeOperation, type ResultRow, type SheetForm } from './write-result-sheet.js';
export { writeProblemSheet } from './write-problem-sheet.js';
export { problemText } from '../messages/problem-text.js';
export type {
  CheckedRow,
  CheckedStatusRow,
  HeaderColumn,
  IssueSheetContext,
  OpenSheet,
  SheetEncoding,
  SheetFile,
  SheetLimits,
  SheetNotice,
  StatusSheetContext,
} from './types.js';
