import type { Say } from './index.js';

const DID = /did:[a-z0-9]+:[A-Za-z0-9._%:-]*[A-Za-z0-9]/g;

/** Puts words a reader knows in the place of identifiers that stand for a name the data does not hold. */
export function namelessText(text: string, say: Say): string {
  return text.replace(DID, (did) => say('name.unknown', { host: hostOf(did) }));
}

/** Whether a name is only an identifier. */
export function isNameless(name: string): boolean {
  return name.startsWith('did:');
}

function hostOf(did: string): string {
  const host = /^did:web:([^:]+)/.exec(did)?.[1];
  return host === undefined ? did : host.replaceAll(/%3a/gi, ':');
}
