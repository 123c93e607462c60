import { createPublicKey, type KeyObject } from 'node:crypto';
import { base58 } from '@scure/base';
import { YizhengError } from '../shared/errors.js';
import type { Ed25519Jwk } from './custody.js';

const MULTICODEC_ED25519_PUBLIC = [0xed, 0x01];

/** Public half of an Ed25519 private key, as Multikey (W3C Controlled Identifiers §2.2.2) and as JWK (RFC 8037). */
export function publicHalf(privateKey: KeyObject): { publicKeyMultibase: string; publicKeyJwk: Ed25519Jwk } {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (privateKey.asymmetricKeyType !== 'ed25519' || x === undefined)
    throw new YizhengError('KEYSTORE_TAMPERED', 'The keystore holds something that is not an Ed25519 key.');
  const bytes = Uint8Array.from([...MULTICODEC_ED25519_PUBLIC, ...Buffer.from(x, 'base64url')]);
  return { publicKeyMultibase: `z${base58.encode(bytes)}`, publicKeyJwk: { kty: 'OKP', crv: 'Ed25519', x } };
}

/** JWK of an Ed25519 Multikey. @throws YizhengError `KEY_NOT_ED25519` */
export function multikeyToJwk(publicKeyMultibase: string): Ed25519Jwk {
  let bytes: Uint8Array | undefined;
  try {
    if (publicKeyMultibase.startsWith('z6Mk')) bytes = base58.decode(publicKeyMultibase.slice(1));
  } catch {
    bytes = undefined;
  }
  if (bytes?.length !== 34)
    throw new YizhengError('KEY_NOT_ED25519', 'The public key is not an Ed25519 Multikey (z6Mk…).');
  return { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(bytes.subarray(2)).toString('base64url') };
}
