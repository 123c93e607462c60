import { createStore } from '../../../../ui/app/store.js';
import { readArrival, type Arrival } from '../core/arrive.js';
import { navigate } from './routes.js';

/** What the wallet was opened with, until it is looked at: an offer of a certificate, a request for facts, or a certificate. */
export const arrived = createStore<Arrival | undefined>(undefined);

/**
 * Takes an offer, a request or a certificate out of the part of the address after `#`, and clears it from the address bar and the
 * history at once: it may hold a code that is good once.
 */
export function takeArrival(): void {
  const { hash } = location;
  if (hash.length < 2 || hash.startsWith('#/')) return;
  const arrival = readArrival(hash);
  history.replaceState(history.state, '', `${location.pathname}${location.search}#/certificates`);
  arrive(arrival);
}

/** Hands on what was scanned, pasted or opened to the view it is for. */
export function arrive(arrival: Arrival): void {
  arrived.set(arrival);
  navigate(arrival.kind === 'request' ? 'share' : 'receive');
}
