import type { KeyAlgorithm, PublicJwk } from '../shared/did/multikey.js';
import type { Signer } from '../shared/proof/types.js';

/**
 * What a key may sign. One key never serves two purposes: `assertion` certificates of an institution, `vc-api` what a VC-API identity
 * asks for and never a certificate, `presentation-request` what a verifier asks wallets for.
 */
export const KEY_PURPOSES = [
  'assertion',
  'registry-root',
  'registry',
  'freshness',
  'audit',
  'vc-api',
  'presentation-request',
] as const;

/** One of {@link KEY_PURPOSES}. */
export type KeyPurpose = (typeof KEY_PURPOSES)[number];

/** The public side of a key in custody. Kept for ever, also when the key may no longer sign. */
export interface KeyInfo {
  /** Verification method URL, `<did>#key-<n>` with n counting up per DID. Never used again. */
  id: string;
  /** DID the key belongs to. */
  controller: string;
  purpose: KeyPurpose;
  /** Ed25519 for every purpose but `vc-api` and `presentation-request`. */
  algorithm: KeyAlgorithm;
  /** Multikey, `z6Mk…`, `zDn…` or `z82…`. */
  publicKeyMultibase: string;
  publicKeyJwk: PublicJwk;
  /** When it was made, RFC 3339 UTC, whole seconds. */
  createdAt: string;
  /** First instant it may sign, RFC 3339 UTC, whole seconds; of a `next` key when it was made. */
  validFrom: string;
  /** First instant it may no longer sign; absent while active. */
  validUntil?: string;
  /** Instant since when it is known to be in other hands. */
  compromisedSince?: string;
  /** Where the private key lies, if not in the keystore file but on a token, which never gives it out. */
  token?: KeyPlace;
  /** `next`: made and published, so that others may get to know it, but not signing yet. */
  state: 'next' | 'active' | 'retired' | 'compromised';
}

/** The token a key lies on. */
export interface KeyPlace {
  label: string;
  serial: string;
  /** Whether the private key is gone from the token; false of an ended key means that it still has to be destroyed. */
  isDestroyed: boolean;
  /** Code of why it could not be destroyed, when this process tried last. */
  problem?: string;
}

/** An instant: a `Date`, or RFC 3339 text with a time zone. */
export type Instant = Date | string;

/**
 * Whoever holds private keys: the keystore file, alone or with a PKCS#11 token. Services know no more than this.
 *
 * `sign` is the only way out; no member hands out a private key.
 */
export interface Custody {
  /**
   * Takes over what other processes changed. `list` and `activeKey` answer from memory: whoever publishes keys or chooses one to
   * sign with asks for this first.
   */
  refresh(): Promise<void>;
  /** Every key ever held, oldest first. */
  list(filter?: Partial<Pick<KeyInfo, 'controller' | 'purpose' | 'state'>>): KeyInfo[];
  /** The one key that may sign for this. @throws YizhengError `KEY_NOT_FOUND` (404), `KEY_AMBIGUOUS` (409: several root keys) */
  activeKey(controller: string, purpose: KeyPurpose): KeyInfo;
  /** Signs bytes as the key's {@link Signer} does. @throws YizhengError `KEY_NOT_FOUND` (404), `KEY_NOT_ACTIVE` (409) */
  sign(keyId: string, bytes: Uint8Array): Promise<Uint8Array>;
  /** The key as the proof suites take it. @throws YizhengError `KEY_NOT_FOUND` (404), `KEY_NOT_ACTIVE` (409) */
  signer(keyId: string): Signer;
  /**
   * HMAC-SHA-256 with a secret that never leaves custody, one per `purpose`; finds duplicates of an ID number without
   * keeping it.
   */
  hmac(purpose: string, data: Uint8Array): Promise<Uint8Array>;
  /** {@link Custody.hmac} of each of many, in order, in one call; of a text, that of its UTF-8. */
  hmacAll(purpose: string, data: readonly (Uint8Array | string)[]): Promise<Uint8Array[]>;
  /**
   * {@link Custody.hmacAll} of texts that lie one behind the other; the HMACs do as well, 32 bytes each. Texts in shared memory may be
   * digested by another thread, and are not to be changed before the answer.
   */
  hmacPacked(purpose: string, texts: PackedTexts): Promise<Uint8Array>;
}

/** Many texts without an object for each. */
export interface PackedTexts {
  /** Their UTF-8, one after the other; what lies behind the last of them is not looked at. */
  bytes: Uint8Array;
  /** Where each ends. */
  ends: ArrayLike<number>;
}
