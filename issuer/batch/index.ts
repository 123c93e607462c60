/** Many certificates at once: dry run, confirmation, workers, results. */
export { Batches, type Page } from './batches.js';
export { BatchWorker, type BatchWorkerOptions } from './worker.js';
export type {
  BatchOperation,
  BatchProgress,
  BatchResultRow,
  BatchRowState,
  BatchState,
  CellProblem,
  StatusRow,
} from './types.js';
export { BATCH_RECORD_TYPE } from './batch-record.js';
