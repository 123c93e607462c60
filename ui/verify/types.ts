import type { CarrierKind } from '../../shared/carrier/open-carrier.js';
import type { Explanation } from '../../shared/trust/explain.js';
import type { ImportFinding } from '../../shared/trust/import-bundle.js';
import type { HeldState } from '../../shared/trust/import-bundle.js';
import type { Freshness } from '../../shared/trust/types.js';
import type { Verdict } from '../../shared/verdict/types.js';

/** What is to be verified: the bytes of a file, or the text of a QR code or a paste. `name` is shown with the result. */
export type CheckInput = { bytes: Uint8Array; name?: string } | { text: string; name?: string };

/** What a verification found. Structured-cloneable and JSON. */
export interface CheckResult {
  verdict: Verdict;
  /** The credential as signed; with it and the bundle anybody can check again. */
  json: string;
  carrier: CarrierKind;
  /** Host of the address around a QR payload; it proves nothing. */
  host?: string;
  /** Name of the file. */
  name?: string;
  /** Agreements the recognition rests on, by name. */
  memoranda: string[];
  /** Pages of a long PDF that were looked at, when not all were. */
  pages?: { looked: number; all: number };
}

/** Why a certificate counts or not, with the statements it rests on as they were published. */
export interface Explained {
  explanation: Explanation;
  /** By id, as JSON text for a reader. */
  statements: Record<string, string>;
}

/** How old and how wide what is known is. */
export interface TrustSummary {
  anchor: string;
  name: string;
  dataAsOf: string | null;
  goodUntil: string | null;
  freshness: Freshness | null;
  feeds: { authority: string; name: string; sequence: number }[];
}

/** What a bundle says it holds of one authority; nothing of it is verified. */
export interface BundleFeed {
  authority: string;
  name: string;
  /** Digests of all its roots, oldest first: the one announced must be among them. */
  rootDigests: string[];
  issuedAt: string;
}

/** New trust data, verified and not kept yet. */
export interface NewTrust {
  state: HeldState;
  summary: TrustSummary;
  findings: ImportFinding[];
  /** Bytes that came over the network, for an update. */
  bytesFetched?: number;
}
