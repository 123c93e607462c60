import type { Custody, KeyInfo } from '../../keys/custody.js';
import { Keystore } from '../../keys/keystore.js';
import { YizhengError } from '../../shared/errors.js';
import type { Institution } from '../institutions.js';
import type { CeremonyRow } from './ceremony.js';

/** The keystore this service opened. @throws YizhengError `CUSTODY_ELSEWHERE` (409) where keys are held by something else */
export function keystoreOf(custody: Custody): Keystore {
  if (custody instanceof Keystore) return custody;
  throw new YizhengError(
    'CUSTODY_ELSEWHERE',
    'Keys of this host are not in a keystore; use the tools of where they are.',
    {
      status: 409,
    },
  );
}

/**
 * Does to the key what two people agreed upon. Doing it again changes nothing, so that one that was interrupted can be gone on with.
 * @returns the key after it, and the active one it replaced
 * @throws YizhengError `KEY_*` (404, 409), `KEYSTORE_*` (503)
 */
export async function doCeremony(
  row: CeremonyRow,
  { did }: Pick<Institution, 'did'>,
  { keystore, now }: { keystore: Keystore; now: Date },
): Promise<{ key: KeyInfo; replaced?: KeyInfo }> {
  const held = keystore.list({ controller: did, purpose: 'assertion' });
  const [next] = held.filter(({ state }) => state === 'next');
  const key = held.find(({ id }) => id === row.key_id);
  switch (row.kind) {
    case 'prepare':
      // One made since the second person agreed is the one that was interrupted.
      if (next && Date.parse(next.createdAt) + 1000 > Date.parse(row.confirmed_at ?? '')) return { key: next };
      return { key: await keystore.prepareNext({ controller: did, purpose: 'assertion', now }) };
    case 'activate': {
      if (key && key.state !== 'next') return withReplaced(key, held);
      if (next?.id !== row.key_id)
        throw new YizhengError('KEY_NOT_NEXT', 'Only a key that was prepared can be activated.', { status: 409 });
      const { active, retired } = await keystore.activateNext(did, 'assertion', now);
      return { key: active, ...(retired && { replaced: retired }) };
    }
    case 'retire':
      if (key && key.state !== 'active' && key.state !== 'next') return { key };
      return { key: await keystore.retire(row.key_id ?? '', now) };
    case 'compromise':
      return { key: await keystore.compromise(row.key_id ?? '', row.compromised_since ?? '', now) };
  }
}

function withReplaced(key: KeyInfo, held: readonly KeyInfo[]): { key: KeyInfo; replaced?: KeyInfo } {
  const replaced = held.find(
    ({ state, validUntil }) =>
      state === 'retired' && validUntil !== undefined && gap(key.validFrom, validUntil) === 1000,
  );
  return { key, ...(replaced && { replaced }) };
}

function gap(from: string, until: string): number {
  return Date.parse(until) - Date.parse(from);
}
