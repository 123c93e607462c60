import type { DIDResolutionResult } from 'did-resolver';
import { claimsToBeCertificate } from '../shared/certificate/credential.js';
import { createResolver } from '../shared/did/create-resolver.js';
import { YizhengError } from '../shared/errors.js';
import { isJsonObject } from '../shared/json/parse-json.js';
import { verifierBusy } from './verifier-busy.js';

/** Resolution results by DID, as a verification is given them. */
export type DidDocuments = { [did: string]: DIDResolutionResult };

/** Limits of what strangers can make the verifier fetch. */
export interface ForeignDidLimits {
  /** Longest one resolution may take, milliseconds. */
  resolveMs: number;
  /** Most resolutions running at once; one more is refused. */
  atOnce: number;
  /** Most DIDs resolved for one request; further ones stay unknown. */
  perRequest: number;
  /** How long an answer is kept, also that there is none, milliseconds. */
  keepMs: number;
  /** Most answers kept. */
  kept: number;
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
  const { resolveMs, atOnce, perRequest, keepMs, kept } = { ...DEFAULT_FOREIGN_DID_LIMITS, ...limits };
  const resolver = createResolver({
    fetchDidDocument: (url) => {
      const signal = AbortSignal.timeout(resolveMs);
      return Promise.race([fetchDidDocument(url, signal), givenUp(signal)]);
    },
  });
  const answers = new Map<string, Promise<DIDResolutionResult>>();
  let running = 0;

  const resolve = (did: string): Promise<DIDResolutionResult> => {
    const known = answers.get(did);
    if (known) return known;
    if (running >= atOnce) throw verifierBusy();
    running++;
    const answer = resolver.resolve(did).finally(() => {
      running--;
      setTimeout(() => answers.delete(did), keepMs).unref();
    });
    answers.set(did, answer);
    for (const oldest of answers.keys()) {
      if (answers.size <= kept) break;
      answers.delete(oldest);
    }
    return answer;
  };
  return {
    documentsFor: async (document) => {
      const dids = [...new Set(didsOf(document))].slice(0, perRequest);
      return Object.fromEntries(await Promise.all(dids.map(async (did) => [did, await resolve(did)] as const)));
    },
  };
}

/** Whose keys the proofs of a credential, or of a presentation and the credentials in it, name. */
function didsOf(document: { readonly [member: string]: unknown }): string[] {
  const shown = [document['verifiableCredential'] ?? []].flat().filter(isJsonObject);
  return [document, ...shown].flatMap((signed) => {
    const { proof } = signed;
    const method = isJsonObject(proof) ? proof['verificationMethod'] : undefined;
    const did = typeof method === 'string' ? method.split('#', 1)[0] : undefined;
    return did?.startsWith('did:web:') && !claimsToBeCertificate(signed) ? [did] : [];
  });
}

function givenUp(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) =>
    signal.addEventListener(
      'abort',
      () => reject(new YizhengError('FETCH_TIMEOUT', 'The host of the DID did not answer in time.', { status: 504 })),
      { once: true },
    ),
  );
}
