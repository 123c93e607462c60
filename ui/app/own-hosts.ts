import { remember, remembered } from './preferences.js';
import { createStore } from './store.js';

const told = remembered('own-hosts')?.split(' ') ?? [];

/** Hosts of this verifier: where it was opened from, and what whoever offered the trust data called its own. */
export const ownHosts = createStore<readonly string[]>([
  ...new Set([...(__SINGLE_FILE__ ? [] : [location.host]), ...told]),
]);

/** Adds hosts that whoever offers the trust data calls its own; they are remembered. */
export function addOwnHosts(hosts: readonly string[]): void {
  if (hosts.length === 0) return;
  ownHosts.set([...new Set([...ownHosts.get(), ...hosts])]);
  remember('own-hosts', ownHosts.get().join(' '));
}
