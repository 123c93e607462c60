import { createStore } from './store.js';

/** Hosts of this verifier: where it was opened from, and what that host says it is also reached by. */
export const ownHosts = createStore<readonly string[]>(__SINGLE_FILE__ ? [] : [location.host]);

/** Adds hosts that whoever offers the trust data calls its own. */
export function addOwnHosts(hosts: readonly string[]): void {
  ownHosts.set([...new Set([...ownHosts.get(), ...hosts])]);
}
