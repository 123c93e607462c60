import { createStore } from '../../../../ui/app/store.js';
import { trustState } from '../../../../ui/trust/trust-state.js';
import { engine } from '../../../../ui/verify/verify-client.js';
import type { Ask } from '../../../../ui/worker/rpc.js';
import type { WalletEngine } from './wallet-engine.js';

/** Asks the engine of the wallet, which `worker/roles.ts` put in the place of the common one. */
export const askWallet = engine.ask as unknown as Ask<WalletEngine>;

/** Hosts of the authorities and institutions of the trust data held. */
export const trustedHosts = createStore<readonly string[]>([]);

/** Reads them again; called when the trust data changed. */
export function followTrustedHosts(): void {
  if (trustState.get().phase === 'ready')
    askWallet('hosts', undefined).then(
      (hosts) => trustedHosts.set(hosts),
      () => undefined,
    );
}
