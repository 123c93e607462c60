import type { ForeignDids } from './foreign-dids.js';
import type { ForeignStatusLists } from './foreign-status-lists.js';
import type { TrustStore } from './trust-store.js';
import type { VerifyPool } from './verify-pool.js';

/** What the routes of the verifier share. */
export interface VerifierContext {
  trust: TrustStore;
  pool: VerifyPool;
  foreignDids: ForeignDids;
  foreignStatusLists: ForeignStatusLists;
  clock: () => Date;
  /** Hosts of this verifier; a QR that points elsewhere gets a warning. */
  ownHosts: readonly string[];
}

/** The anchor asked for, or the default one. @throws YizhengError `ANCHOR_UNKNOWN` (422) */
export function anchorOf({ trust }: VerifierContext, asked: string | undefined): string {
  const anchor = asked ?? trust.anchors[0]?.did ?? '';
  trust.viewOf(anchor);
  return anchor;
}
