import type { KeyAlgorithm } from '../shared/did/multikey.js';
import { YizhengError } from '../shared/errors.js';
import type { Instant, KeyInfo, KeyPurpose } from './custody.js';
import { instantText, nextSecond } from './instant.js';
import type { StoredKey } from './keystore-file.js';
import { describeMultikey } from './key-pair.js';

/** Certificates, registries and audit are Ed25519 only: their verifiers, also the offline ones, know nothing else. */
export function demandFitting(algorithm: KeyAlgorithm, purpose: KeyPurpose): void {
  if (algorithm !== 'Ed25519' && purpose !== 'vc-api' && purpose !== 'presentation-request')
    throw new YizhengError('KEY_ALGORITHM', `A ${purpose} key is an Ed25519 key.`, { at: 'algorithm' });
}

/** May it sign now? */
export function isActive(key: StoredKey): boolean {
  return key.validUntil === undefined && key.compromisedSince === undefined && key.isNext === undefined;
}

/** Is it prepared to follow the active key? */
export function isNext(key: StoredKey): boolean {
  return key.isNext === true;
}

/** A did:key has no successor. @throws YizhengError `KEY_IS_IDENTITY` (409) */
export function refuseIdentity(controller: string): void {
  if (controller.startsWith('did:key:'))
    throw new YizhengError('KEY_IS_IDENTITY', 'A did:key is its key; make another identity instead.', { status: 409 });
}

/** One successor at a time. @throws YizhengError `KEY_NEXT_EXISTS` (409) */
export function refuseSecondNext(keys: readonly StoredKey[], controller: string, purpose: KeyPurpose): void {
  const next = keys.find((key) => isNext(key) && key.controller === controller && key.purpose === purpose);
  if (next)
    throw new YizhengError('KEY_NEXT_EXISTS', `${next.id} is prepared as the next key; activate or retire it first.`, {
      status: 409,
    });
}

/** Is it the active key of this DID for this purpose? */
export function serves(key: StoredKey, controller: string, purpose: KeyPurpose): boolean {
  return isActive(key) && key.controller === controller && key.purpose === purpose;
}

/** The one active key. @throws YizhengError `KEY_NOT_FOUND` (404), `KEY_AMBIGUOUS` (409) */
export function only(keys: readonly StoredKey[], controller: string, purpose: KeyPurpose): StoredKey {
  const [key, another] = keys.filter((candidate) => serves(candidate, controller, purpose));
  if (key === undefined) throw notFound(`${controller} has no active ${purpose} key.`);
  if (another !== undefined)
    throw new YizhengError('KEY_AMBIGUOUS', `${controller} has several active ${purpose} keys; name one.`, {
      status: 409,
    });
  return key;
}

/** The public side of a stored key. */
export function keyInfo(key: StoredKey): KeyInfo {
  const { id, controller, purpose, publicKeyMultibase, validFrom, validUntil, compromisedSince } = key;
  const { createdAt = validFrom, token } = key;
  return {
    id,
    controller,
    purpose,
    publicKeyMultibase,
    ...describeMultikey(publicKeyMultibase),
    createdAt,
    validFrom,
    ...(validUntil === undefined ? {} : { validUntil }),
    ...(compromisedSince === undefined ? {} : { compromisedSince }),
    ...(token && { token: { label: token.label, serial: token.serial, isDestroyed: token.isDestroyed === true } }),
    state: stateOf(key),
  };
}

function stateOf({ compromisedSince, validUntil, isNext }: StoredKey): KeyInfo['state'] {
  if (compromisedSince !== undefined) return 'compromised';
  if (validUntil !== undefined) return 'retired';
  return isNext ? 'next' : 'active';
}

/** @throws YizhengError `KEY_NOT_FOUND` (404) */
export function stored(keys: readonly StoredKey[], keyId: string): StoredKey {
  const key = keys.find(({ id }) => id === keyId);
  if (key === undefined) throw notFound(`The keystore holds no key ${keyId}.`);
  return key;
}

/** Ends its interval with the second of `at` and erases a private key of the file. @throws YizhengError `KEY_INTERVAL` */
export function endInterval(key: StoredKey, at: Instant): void {
  refuseOutside(key, at);
  key.validUntil = nextSecond(at);
  delete key.privateKey;
  delete key.isNext;
}

/** Nothing ends before it began. @throws YizhengError `KEY_INTERVAL` */
export function refuseOutside(key: StoredKey, at: Instant): void {
  if (instantText(at) < key.validFrom) throw tooEarly(key);
}

/** What happened to a key cannot lie before it was there. */
export function tooEarly(key: StoredKey): YizhengError {
  return new YizhengError('KEY_INTERVAL', `${key.id} is valid from ${key.validFrom} only.`, { at: 'at' });
}

/** `key-<n>`, counting up per DID. */
export function nextFragment(keys: readonly StoredKey[], controller: string): string {
  const numbers = keys
    .filter((key) => key.controller === controller)
    .map((key) => Number(/#key-(\d{1,9})$/.exec(key.id)?.[1] ?? 0));
  return `key-${numbers.reduce((highest, number) => Math.max(highest, number), 0) + 1}`;
}

/** There is no such key. */
export function notFound(message: string): YizhengError {
  return new YizhengError('KEY_NOT_FOUND', message, { status: 404 });
}

/** Why a key does not sign. */
export function notActive(key: StoredKey): YizhengError {
  const what = isNext(key) ? 'does not sign yet; activate it first' : 'may no longer sign';
  return new YizhengError('KEY_NOT_ACTIVE', `${key.id} ${what}.`, { status: 409 });
}
