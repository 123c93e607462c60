import { h, render } from 'preact';
import { keepApp } from '../../../../ui/app/app-update.js';
import { startTrust, trustState } from '../../../../ui/trust/trust-state.js';
import { engine } from '../../../../ui/verify/verify-client.js';
import { followTrustedHosts } from '../engine/wallet-engine-client.js';
import { App } from './App.js';
import { takeArrival } from './arrival.js';
import { startAutoLock } from './auto-lock.js';
import { readWalletHost } from './wallet-host.js';
import { startVault } from './wallet.js';

/** Shows the wallet in `#app`, locked, and reads the trust data kept. */
export function startWallet(): void {
  const place = document.getElementById('app');
  if (!place) throw new TypeError('the page has no #app');
  takeArrival();
  render(h(App, {}), place);
  void startVault().then(() => {
    document.documentElement.dataset['ready'] = 'true';
  });
  void readWalletHost();
  void startTrust()
    .then(() => engine.ask('warm', undefined))
    .catch(() => undefined);
  trustState.subscribe(followTrustedHosts);
  startAutoLock();
  void keepApp();
}
