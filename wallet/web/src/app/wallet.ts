import { errorCode, YizhengError } from '../../../../shared/errors.js';
import { judgingNow } from '../../../../ui/app/clock.js';
import { ownHosts } from '../../../../ui/app/own-hosts.js';
import { createStore } from '../../../../ui/app/store.js';
import { engine } from '../../../../ui/verify/verify-client.js';
import { listCertificates } from '../core/certificates/certificates.js';
import type { HeldCertificate } from '../core/certificates/held-certificate.js';
import type { Platform } from '../core/platform.js';
import { openIndexedDbStore } from '../core/store/indexeddb-store.js';
import { openVault, type Vault, type VaultPhase } from '../core/vault/vault.js';
import { trustedHosts } from '../engine/wallet-engine-client.js';
import { verifierAddress } from './wallet-host.js';

/** What there is to show: a wallet in one of the phases of its vault, or none because this browser keeps nothing. */
export type WalletState =
  | { phase: 'starting' }
  | { phase: 'unavailable'; code: string }
  | { phase: Exclude<VaultPhase, 'open'> }
  | { phase: 'open'; certificates: readonly HeldCertificate[] };

/** Follow it with `useStore(walletState)`. */
export const walletState = createStore<WalletState>({ phase: 'starting' });

interface Opened {
  vault: Vault;
  platform: Platform;
}
let opened: Opened | undefined;

/** The vault and what it works with. @throws YizhengError `VAULT_MISSING` before {@link startVault} */
export function wallet(): Opened {
  if (!opened) throw new YizhengError('VAULT_MISSING', 'The wallet is not open yet.');
  return opened;
}

/** Opens what this device keeps, locked, and follows it. Never throws. */
export async function startVault(): Promise<void> {
  try {
    const platform = createPlatform(await openIndexedDbStore());
    const vault = await openVault(platform);
    opened = { vault, platform };
    vault.subscribe(() => void follow());
    await follow();
  } catch (error) {
    walletState.set({ phase: 'unavailable', code: errorCode(error, 'STORAGE_UNAVAILABLE') });
  }
}

let turn = 0;

async function follow(): Promise<void> {
  const mine = ++turn;
  const { vault } = wallet();
  const { phase } = vault;
  if (phase !== 'open') {
    walletState.set({ phase });
    return;
  }
  try {
    const certificates = await listCertificates(vault);
    if (mine === turn) walletState.set({ phase, certificates });
  } catch (error) {
    if (mine !== turn) return;
    const locked = errorCode(error) === 'VAULT_LOCKED' || errorCode(error) === 'VAULT_REPLACED';
    walletState.set({ phase: locked ? 'locked' : 'damaged' });
  }
}

function createPlatform(store: Platform['store']): Platform {
  return {
    store,
    crypto: globalThis.crypto,
    fetch: (...request) => globalThis.fetch(...request),
    now: () => Date.now(),
    judge: (text, { holder } = {}) => engine.ask('judge', { text, now: judgingNow(), ...(holder && { holder }) }),
    knownHosts: () => [...ownHosts.get(), ...trustedHosts.get()],
    get verifier() {
      return verifierAddress();
    },
    ...(typeof BroadcastChannel !== 'undefined' && { channel: new BroadcastChannel('yizheng-wallet') }),
  };
}
