import type { HolderCheck } from '../../../../shared/proof/holder-check.js';
import type { Verdict } from '../../../../shared/verdict/types.js';
import type { WalletStore } from './store/wallet-store.js';

/** Tells the other tabs of this wallet that something changed; a `BroadcastChannel` is one. */
export interface TabChannel {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
}

/** Everything with a side effect that the wallet uses. Passed in once, so that it runs in a browser and in a test alike. */
export interface Platform {
  store: WalletStore;
  crypto: Crypto;
  fetch: typeof fetch;
  /** Milliseconds since 1970. */
  now: () => number;
  /**
   * Answers the five questions about a credential in any of its forms, by the trust data of the authority chosen.
   * Undefined = no authority is chosen yet.
   */
  judge: (text: string, options?: { holder?: HolderCheck }) => Promise<Verdict | undefined>;
  /** Hosts a link may be made to resemble: those of this wallet and of the authorities and institutions it knows. */
  knownHosts: () => readonly string[];
  /** Address of the verifier that opens live codes, `https://host[:port]/[path]`. */
  verifier: string;
  channel?: TabChannel;
}

/** Now, RFC 3339 with whole seconds. */
export function nowText({ now }: Pick<Platform, 'now'>): string {
  return new Date(now()).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
