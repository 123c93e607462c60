import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { base58 } from '@scure/base';
import {
  decodeMultikey,
  encodeMultikey,
  jwkOfPublicKey,
  publicKeyOfJwk,
  type KeyAlgorithm,
  type PublicJwk,
  type PublicKey,
} from '../shared/did/multikey.js';
import { YizhengError } from '../shared/errors.js';

/** Makes a private key of a kind. */
export function generatePrivateKey(algorithm: KeyAlgorithm): KeyObject {
  return algorithm === 'Ed25519'
    ? generateKeyPairSync('ed25519').privateKey
    : generateKeyPairSync('ec', { namedCurve: algorithm }).privateKey;
}

/** Public half of a private key, as Multikey (Controlled Identifiers §2.2.2). @throws YizhengError `KEYSTORE_TAMPERED` */
export function publicMultikey(privateKey: KeyObject): string {
  return encodeMultikey(publicHalf(privateKey));
}

/** Kind and JWK (RFC 7518, RFC 8037) of a Multikey. @throws YizhengError `KEY_FORMAT` */
export function describeMultikey(publicKeyMultibase: string): { algorithm: KeyAlgorithm; publicKeyJwk: PublicJwk } {
  // The keystore is authenticated, so the cheap way will do: a keystore may hold many thousand keys.
  const key: PublicKey = publicKeyMultibase.startsWith('z6Mk')
    ? { algorithm: 'Ed25519', bytes: base58.decode(publicKeyMultibase.slice(1)).slice(2) }
    : decodeMultikey(publicKeyMultibase);
  return { algorithm: key.algorithm, publicKeyJwk: jwkOfPublicKey(key) };
}

/**
 * Signs bytes with a private key: Ed25519 (RFC 8032), or ECDSA over SHA-256 (P-256) or SHA-384 (P-384) as raw r‖s (IEEE P1363).
 */
export function signWith(privateKey: KeyObject, bytes: Uint8Array): Uint8Array {
  const { asymmetricKeyType, asymmetricKeyDetails } = privateKey;
  if (asymmetricKeyType === 'ed25519') return new Uint8Array(sign(null, bytes, privateKey));
  const hash = asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'sha384' : 'sha256';
  return new Uint8Array(sign(hash, bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }));
}

function publicHalf(privateKey: KeyObject): PublicKey {
  try {
    return publicKeyOfJwk(createPublicKey(privateKey).export({ format: 'jwk' }));
  } catch (cause) {
    throw new YizhengError('KEYSTORE_TAMPERED', 'The keystore holds a key of a kind it never makes.', { cause });
  }
}
