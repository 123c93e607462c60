import type { CarrierKind } from '../shared/carrier/open-carrier.js';
import type { HeldState } from '../shared/trust/import-bundle.js';
import type { AskedQuery, VpTokenCheck } from '../shared/presentation/check-vp-token.js';
import type { Answer } from '../shared/trust/types.js';
import type { Verdict } from '../shared/verdict/types.js';
import type { DidDocuments } from './foreign-dids.js';
import type { StatusListTexts } from './foreign-status-lists.js';

interface ForeignParts {
  /** DIDs resolved for it; any other did:web stays unknown. */
  documents?: DidDocuments;
  /** Status lists fetched for it; any other stays unknown. */
  statusLists?: StatusListTexts;
  /** The caller asked for statuses by name: one nobody here understands is then a problem. */
  statusWanted?: boolean;
}

/** A credential of anybody, for the VC-API. */
export interface CredentialJob extends ForeignParts {
  kind: 'credential';
  json: string;
  anchor: string;
  now: string;
  /** What its proof must repeat, where it was asked for. */
  challenge?: string;
  domain?: string;
}

/** A presentation of anybody, for the VC-API. */
export interface PresentationJob extends ForeignParts {
  kind: 'presentation';
  json: string;
  anchor: string;
  now: string;
  /** What the holder was asked to sign. */
  challenge?: string;
  domain?: string;
}

/** One thing to be verified. */
export type Job =
  | { kind: 'carrier'; carrier: Uint8Array | string; anchor: string; now: string }
  | CredentialJob
  | PresentationJob
  | { kind: 'proof-only'; json: string; publicKeyMultibase?: string; documents?: DidDocuments; now: string }
  | { kind: 'vp-token'; json: string; asked: AskedQuery; anchor: string; now: string };

/** Why something did not verify. */
export interface Problem {
  code: string;
  answer: Exclude<Answer, 'pass'>;
  /** `authentic`, `authorised` or `current`, where it is about one of them. */
  question?: string;
}

/** What a job found. */
export type JobResult =
  | { kind: 'carrier'; verdict: Verdict; carrier: CarrierKind; host?: string }
  | { kind: 'credential'; problems: Problem[]; warnings: Problem[]; verdict?: Verdict }
  | { kind: 'presentation'; problems: Problem[]; warnings: Problem[]; holder?: string }
  | { kind: 'proof-only'; problems: Problem[] }
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
