/** The verifier service: `createVerifier` + `listen` of `server/`. */
export { createVerifier, type Verifier, type VerifierOptions } from './create-verifier.js';
export type { Anchor, ImportSummary, TrustStore } from './trust-store.js';
export { DEFAULT_POOL_LIMITS, type PoolLimits } from './verify-pool.js';
export { exportSingleFile, type SingleFile } from './export-single-file.js';
