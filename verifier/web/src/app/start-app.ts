import { h, render } from 'preact';
import { startTrust } from '../../../../ui/trust/trust-state.js';
import { engine } from '../../../../ui/verify/verify-client.js';
import { App } from './App.js';
import { keepApp } from '../../../../ui/app/app-update.js';
import { takeArrival } from './arrival.js';

/** Shows the app in `#app`, reads the trust data kept, and makes everything ready for the first certificate. */
export function startApp(): void {
  const place = document.getElementById('app');
  if (!place) throw new TypeError('the page has no #app');
  takeArrival();
  render(h(App, {}), place);
  void startTrust()
    .then(() => engine.ask('warm', undefined))
    .catch(() => undefined)
    .finally(() => {
      document.documentElement.dataset['ready'] = 'true';
    });
  void keepApp();
}
