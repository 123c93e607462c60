import type { DatabaseKind } from '../database/fresh-database.js';
import { answer, BASE_URL, CODE, exam, startWorld, type World } from '../issuer/world.js';
import { ThirdPartyWallet } from './third-party-wallet.js';

/** An offer as the API gives it. */
export interface MadeOffer {
  id: string;
  offer: { credential_issuer: string; credential_configuration_ids: string[]; grants: Record<string, object> };
  uri: string;
  uriByValue: string;
  walletLink?: string;
  txCode?: string;
  codeWithheld?: true;
  expiresAt: string;
}

/** A running issuer, and a wallet that reaches it. */
export interface WalletWorld extends World {
  wallet: ThirdPartyWallet;
  /** Fetches the issuer's public addresses from where it listens. */
  reach: typeof fetch;
  /** Issues a certificate. @returns its credential id */
  issue(n: number, changes?: object): Promise<string>;
  offer(certificate: string, request?: object): Promise<MadeOffer>;
}

/** Address of the credential issuer of the tests. */
export const ISSUER = `${BASE_URL}/institutions/${CODE}`;

/** Starts a {@link WalletWorld}. */
export async function startWalletWorld(
  options: { kind?: DatabaseKind; refusedTokensPerMinute?: number } = {},
): Promise<WalletWorld> {
  const world = await startWorld(options);
  const reach: typeof fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.startsWith(`${BASE_URL}/`)) throw new Error(`the wallet reached out to ${url}`);
    return fetch(world.listener.url + url.slice(BASE_URL.length), init);
  };
  return Object.assign(world, {
    reach,
    wallet: new ThirdPartyWallet(reach, () => world.time.now),
    issue: async (n: number, changes: object = {}) => {
      const issued = world.call('POST', `/institutions/${CODE}/certificates`, exam(n, changes));
      return (await answer<{ id: string }>(issued, 201)).id;
    },
    offer: (certificate: string, request: object = {}) =>
      answer<MadeOffer>(
        world.call('POST', `/institutions/${CODE}/certificates/${encodeURIComponent(certificate)}/offers`, request),
        201,
      ),
  });
}
