import type { CarrierKind } from '../shared/carrier/open-carrier.js';
import type { HeldState } from '../shared/trust/import-bundle.js';
import type { AskedQuery, VpTokenCheck } from '../shared/presentation/check-vp-token.js';
import type { Answer } from '../shared/trust/types.js';
import type { Verdict } from '../shared/verdict/types.js';
import type { DidDocuments } from './foreign-dids.js';

/** One thing to be verified; `documents` are the DIDs resolved for it, any other did:web stays unknown. */
export type Job =
  | { kind: 'carrier'; carrier: Uint8Array | string; anchor: string; now: string }
  | { kind: 'credential'; json: string; anchor: string; now: string; documents?: DidDocuments }
  | {
      kind: 'presentation';
      json: string;
      anchor: string;
      now: string;
      challenge: string;
      domain: string;
      documents?: DidDocuments;
    }
  | { kind: 'vp-token'; json: string; asked: AskedQuery; anchor: string; now: string };

/** Why something did not verify. */
export interface Problem {
  code: string;
  answer: Exclude<Answer, 'pass'>;
  /** `authentic`, `authorised` or `current` for our certificates. */
  question?: string;
}

/** What a job found. */
export type JobResult =
  | { kind: 'carrier'; verdict: Verdict; carrier: CarrierKind; host?: string }
  | { kind: 'credential'; problems: Problem[]; verdict?: Verdict }
  | { kind: 'presentation'; problems: Problem[]; holder?: string }
  | { kind: 'vp-token'; check: VpTokenCheck };

/** An error on its way between threads. */
export interface ErrorMessage {
  code: string;
  message: string;
  status: number;
  at?: string;
}

/** What the service tells a worker. */
export type ToWorker = { type: 'trust'; anchor: string; state: HeldState } | { type: 'job'; id: number; job: Job };

/** What a worker tells the service. */
export type FromWorker =
  | { type: 'ready' }
  | { type: 'done'; id: number; result: JobResult }
  | { type: 'failed'; id: number; error: ErrorMessage };
