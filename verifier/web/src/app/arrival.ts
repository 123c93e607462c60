import { createStore } from '../../../../ui/app/store.js';

/** The text of a code that somebody's own camera opened this app with, until it is verified. */
export const arrived = createStore<string | undefined>(undefined);

/**
 * Takes a certificate out of the part of the address after `#`, where a code in the address form has it, and clears it from the
 * address bar and the history at once.
 */
export function takeArrival(): void {
  const digits = /^#(\d+)$/.exec(location.hash)?.[1];
  if (digits === undefined) return;
  history.replaceState(history.state, '', `${location.pathname}${location.search}#/verify`);
  arrived.set(`YZ:${digits}`);
}
