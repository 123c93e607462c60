import { YizhengError } from '../shared/errors.js';
import type { StoredKey } from './keystore-file.js';
import { isActive, isNext, notFound } from './stored-key.js';

/**
 * Puts the keys of a DID among those held; a key held already is replaced by itself, so that it may be done again.
 * @param keys those held; changed
 * @param coming every key of `controller` elsewhere
 * @param reseal the key with its private half sealed for here
 * @returns id of the first
 * @throws YizhengError `KEY_NOT_FOUND` (404), `KEY_ID_TAKEN`, `KEY_NOT_MOVABLE` (409)
 */
export function adoptInto(
  keys: StoredKey[],
  coming: readonly StoredKey[],
  {
    controller,
    reseal,
  }: { controller: string; reseal: (key: StoredKey, sealed: NonNullable<StoredKey['privateKey']>) => StoredKey },
): string {
  const [first] = coming;
  if (first === undefined) throw notFound(`The keystore holds no key of ${controller}.`);
  for (const key of keys.filter((held) => held.controller === controller))
    if (!coming.some(({ id, publicKeyMultibase }) => id === key.id && publicKeyMultibase === key.publicKeyMultibase))
      throw new YizhengError('KEY_ID_TAKEN', `${key.id} is held here and does not come along.`, { status: 409 });
  for (const key of coming) {
    // Where an ended key lay on a token of the other host says nothing here.
    const { privateKey: sealed, token: _, ...known } = key;
    if (sealed === undefined && (isActive(key) || isNext(key)))
      throw new YizhengError('KEY_NOT_MOVABLE', `The private key of ${key.id} cannot be copied.`, { status: 409 });
    const adopted = sealed === undefined ? known : reseal(known, sealed);
    const at = keys.findIndex(({ id }) => id === key.id);
    if (at === -1) keys.push(adopted);
    else keys[at] = adopted;
  }
  return first.id;
}

/** Erases the private halves of a DID's keys. @returns id of the first @throws YizhengError `KEY_NOT_FOUND` (404) */
export function eraseHalves(keys: readonly StoredKey[], controller: string): string {
  const own = keys.filter((key) => key.controller === controller);
  const [first] = own;
  if (first === undefined) throw notFound(`The keystore holds no key of ${controller}.`);
  for (const key of own) delete key.privateKey;
  return first.id;
}
