import type { DIDResolutionResult } from 'did-resolver';
import { createResolver } from '../shared/did/create-resolver.js';
import { boundedLookup, givenUp, type LookupLimits } from './bounded-lookup.js';
import { signedParts } from './signed-parts.js';

/** Resolution results by DID, as a verification is given them. */
export type DidDocuments = { [did: string]: DIDResolutionResult };

/** Limits of what strangers can make the verifier fetch. */
export interface ForeignDidLimits extends LookupLimits {
  /** Longest one resolution may take, milliseconds. */
  resolveMs: number;
  /** Most DIDs resolved for one request; further ones stay unknown. */
  perRequest: number;
}

/** Limits unless others are given. */
export const DEFAULT_FOREIGN_DID_LIMITS: ForeignDidLimits = {
  resolveMs: 2000,
  atOnce: 8,
  perRequest: 4,
  keepMs: 60_000,
  kept: 200,
};

/** Resolves the did:web of others' credentials before they are verified, so that no silent host holds a thread. */
export interface ForeignDids {
  /**
   * Resolves what a credential or presentation needs; certificates of ours need nothing.
   * @param document as it came in, nothing about it verified
   * @throws YizhengError `VERIFIER_BUSY` (503)
   */
  documentsFor(document: { readonly [member: string]: unknown }): Promise<DidDocuments>;
}

/** Asks no address: every did:web of others stays unknown. */
export const NO_FOREIGN_DIDS: ForeignDids = { documentsFor: () => Promise.resolve({}) };

/**
 * Makes the resolution of others' did:web (SECURITY F7, F13).
 * @param fetchDidDocument gets a did:web document from the address somebody else chose: SSRF-safe, heeding the signal
 */
export function createForeignDids(
  fetchDidDocument: (url: string, signal: AbortSignal) => Promise<Uint8Array>,
  limits: Partial<ForeignDidLimits> = {},
): ForeignDids {
  const { resolveMs, perRequest, ...bounds } = { ...DEFAULT_FOREIGN_DID_LIMITS, ...limits };
  const resolver = createResolver({
    fetchDidDocument: (url) => {
      const signal = AbortSignal.timeout(resolveMs);
      return Promise.race([fetchDidDocument(url, signal), givenUp(signal)]);
    },
  });
  const resolve = boundedLookup((did) => resolver.resolve(did), bounds);
  return {
    documentsFor: async (document) => {
      const dids = [...new Set(didsOf(document))].slice(0, perRequest);
      return Object.fromEntries(await Promise.all(dids.map(async (did) => [did, await resolve(did)] as const)));
    },
  };
}

/** Whose keys the signatures of a credential, or of a presentation and the credentials in it, name. */
function didsOf(document: { readonly [member: string]: unknown }): string[] {
  return signedParts(document)
    .flatMap(({ methods }) => methods)
    .map((method) => method.split('#', 1)[0] ?? '')
    .filter((did) => did.startsWith('did:web:'));
}
