import { z } from 'zod';
import { encodeMultikey, jwkOfPublicKey, publicKeyOfJwk, type PublicJwk } from '../../../../../shared/did/multikey.js';
import { YizhengError } from '../../../../../shared/errors.js';
import type { Signer } from '../../../../../shared/proof/types.js';
import { fromBase64url, ownBytes, toBase64url } from '../bytes.js';
import type { Platform } from '../platform.js';
import type { Vault, VaultChange } from '../vault/vault.js';

/** A key of the person who carries this wallet, in use: it signs, and its private half cannot be read. */
export interface HolderKey {
  /** `did:key:zDn…` (P-256). */
  did: string;
  jwk: PublicJwk;
  /** Signs with ES256; `id` is `<did>#<multibase>`. */
  signer: Signer;
}

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const PREFIX = 'key/';
const storedSchema = z.strictObject({ pkcs8: z.string().max(400), createdAt: z.string() });

/**
 * Makes a key for one certificate. Each certificate gets its own, so that two employers who compare what they were shown find no
 * common key; only the forms of one certificate share it.
 * @returns the key, and the change that keeps it: to be written together with what is bound to it
 */
export async function createHolderKey(platform: Platform): Promise<{ key: HolderKey; change: VaultChange }> {
  const { crypto, now } = platform;
  const pair = await crypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  const key = await holderKey(crypto, pkcs8);
  const value = { pkcs8: toBase64url(pkcs8), createdAt: new Date(now()).toISOString() };
  return { key, change: { key: PREFIX + key.did, value } };
}

/** The key of a DID. @throws YizhengError `HOLDER_KEY_MISSING`, and the codes of the vault */
export async function loadHolderKey(vault: Vault, did: string, { crypto }: Platform): Promise<HolderKey> {
  const stored = storedSchema.safeParse(await vault.read(PREFIX + did));
  if (!stored.success)
    throw new YizhengError('HOLDER_KEY_MISSING', 'The key of this certificate is not in this wallet.');
  return holderKey(crypto, fromBase64url(stored.data.pkcs8, 'VAULT_DAMAGED'));
}

/** DIDs whose keys are kept. */
export async function holderDids(vault: Vault): Promise<string[]> {
  return (await vault.list(PREFIX)).map(({ key }) => key.slice(PREFIX.length));
}

/** Whether a value is a key as the vault keeps it. */
export function isStoredKey(value: unknown): boolean {
  return storedSchema.safeParse(value).success;
}

/** The change that forgets a key. */
export function forgetHolderKey(did: string): VaultChange {
  return { key: PREFIX + did, value: undefined };
}

async function holderKey(crypto: Crypto, pkcs8: Uint8Array<ArrayBuffer>): Promise<HolderKey> {
  const jwk = await publicHalf(crypto, pkcs8);
  const multibase = encodeMultikey(publicKeyOfJwk(jwk));
  const did = `did:key:${multibase}`;
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, ECDSA, false, ['sign']);
  const sign: Signer['sign'] = async ({ data }) =>
    new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, ownBytes(data)));
  return { did, jwk, signer: { id: `${did}#${multibase}`, algorithm: 'P-256', sign } };
}

/** WebCrypto gives the public half of a private key only through an exportable copy, which is dropped at once. */
async function publicHalf(crypto: Crypto, pkcs8: Uint8Array<ArrayBuffer>): Promise<PublicJwk> {
  const copy = await crypto.subtle.importKey('pkcs8', pkcs8, ECDSA, true, ['sign']);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', copy);
  return jwkOfPublicKey(publicKeyOfJwk({ kty, crv, x, y }));
}
