import { p256 } from '@noble/curves/nist.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { base58, base64urlnopad } from '@scure/base';
import { YizhengError } from '../errors.js';

/** Key types we verify with. */
export type KeyAlgorithm = 'Ed25519' | 'P-256';

/** A public key: 32 bytes for Ed25519, a compressed point of 33 bytes for P-256. */
export interface PublicKey {
  algorithm: KeyAlgorithm;
  bytes: Uint8Array;
}

const PREFIXES: Record<KeyAlgorithm, readonly [number, number]> = { Ed25519: [0xed, 0x01], 'P-256': [0x80, 0x24] };
const LENGTHS: Record<KeyAlgorithm, number> = { Ed25519: 32, 'P-256': 33 };

/** Writes a public key as `publicKeyMultibase` (Multikey, Controlled Identifiers §2.2.2). */
export function encodeMultikey(key: PublicKey): string {
  return `z${base58.encode(Uint8Array.of(...PREFIXES[key.algorithm], ...key.bytes))}`;
}

/**
 * Reads a `publicKeyMultibase`.
 * @throws YizhengError `KEY_FORMAT` when it is no Ed25519 or P-256 Multikey, or no point of its curve
 */
export function decodeMultikey(multibase: string): PublicKey {
  if (!/^z[1-9A-HJ-NP-Za-km-z]{40,60}$/.test(multibase)) throw badKey();
  const bytes = base58.decode(multibase.slice(1));
  for (const algorithm of ['Ed25519', 'P-256'] as const) {
    const [first, second] = PREFIXES[algorithm];
    if (bytes[0] !== first || bytes[1] !== second || bytes.length !== LENGTHS[algorithm] + 2) continue;
    const key = { algorithm, bytes: bytes.slice(2) };
    if (!isOnCurve(key)) throw badKey();
    return key;
  }
  throw badKey();
}

/**
 * Reads a public JWK (RFC 7518 §6.2, RFC 8037 §2).
 * @throws YizhengError `KEY_FORMAT` when it is no Ed25519 or P-256 public key, or holds a private one
 */
export function publicKeyOfJwk(jwk: unknown): PublicKey {
  const { kty, crv, x, y, d } = (typeof jwk === 'object' && jwk !== null ? jwk : {}) as Record<string, unknown>;
  if (d !== undefined || typeof x !== 'string') throw badKey();
  let key: PublicKey;
  if (kty === 'OKP' && crv === 'Ed25519') key = { algorithm: 'Ed25519', bytes: coordinate(x) };
  else if (kty === 'EC' && crv === 'P-256' && typeof y === 'string')
    key = { algorithm: 'P-256', bytes: compress(coordinate(x), coordinate(y)) };
  else throw badKey();
  if (!isOnCurve(key)) throw badKey();
  return key;
}

function compress(x: Uint8Array, y: Uint8Array): Uint8Array {
  try {
    return p256.Point.fromBytes(Uint8Array.of(4, ...x, ...y)).toBytes(true);
  } catch (cause) {
    throw badKey(cause);
  }
}

function coordinate(text: string): Uint8Array {
  try {
    const bytes = base64urlnopad.decode(text);
    if (bytes.length === 32) return bytes;
  } catch (cause) {
    throw badKey(cause);
  }
  throw badKey();
}

function isOnCurve(key: PublicKey): boolean {
  return key.algorithm === 'Ed25519'
    ? ed25519.utils.isValidPublicKey(key.bytes, false)
    : p256.utils.isValidPublicKey(key.bytes, true);
}

function badKey(cause?: unknown): YizhengError {
  return new YizhengError('KEY_FORMAT', 'Not an Ed25519 or P-256 public key.', { cause });
}
