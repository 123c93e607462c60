import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384 } from '@noble/curves/nist.js';
import { base58, base64urlnopad } from '@scure/base';
import { YizhengError } from '../errors.js';

/** Key types we sign and verify with. */
export type KeyAlgorithm = 'Ed25519' | 'P-256' | 'P-384';

/** A public key: 32 bytes for Ed25519, a compressed point of 33 (P-256) or 49 (P-384) bytes. */
export interface PublicKey {
  algorithm: KeyAlgorithm;
  bytes: Uint8Array;
}

/** Public key as a JWK (RFC 7518 §6.2, RFC 8037 §2); coordinates in base64url. */
export type PublicJwk =
  { kty: 'OKP'; crv: 'Ed25519'; x: string } | { kty: 'EC'; crv: 'P-256' | 'P-384'; x: string; y: string };

const ALGORITHMS = ['Ed25519', 'P-256', 'P-384'] as const satisfies readonly KeyAlgorithm[];
const PREFIXES: Record<KeyAlgorithm, readonly [number, number]> = {
  Ed25519: [0xed, 0x01],
  'P-256': [0x80, 0x24],
  'P-384': [0x81, 0x24],
};
const LENGTHS: Record<KeyAlgorithm, number> = { Ed25519: 32, 'P-256': 33, 'P-384': 49 };
const CURVES = { 'P-256': p256, 'P-384': p384 };

/** Writes a public key as `publicKeyMultibase` (Multikey, Controlled Identifiers §2.2.2): z6Mk…, zDn…, z82… */
export function encodeMultikey(key: PublicKey): string {
  return `z${base58.encode(Uint8Array.of(...PREFIXES[key.algorithm], ...key.bytes))}`;
}

/**
 * Reads a `publicKeyMultibase`.
 * @throws YizhengError `KEY_FORMAT` when it is no Ed25519, P-256 or P-384 Multikey, or no point of its curve
 */
export function decodeMultikey(multibase: string): PublicKey {
  if (!/^z[1-9A-HJ-NP-Za-km-z]{40,80}$/.test(multibase)) throw badKey();
  const bytes = base58.decode(multibase.slice(1));
  for (const algorithm of ALGORITHMS) {
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
 * @throws YizhengError `KEY_FORMAT` when it is no Ed25519, P-256 or P-384 public key, or holds a private one
 */
export function publicKeyOfJwk(jwk: unknown): PublicKey {
  const { kty, crv, x, y, d } = (typeof jwk === 'object' && jwk !== null ? jwk : {}) as Record<string, unknown>;
  if (d !== undefined || typeof x !== 'string') throw badKey();
  let key: PublicKey;
  if (kty === 'OKP' && crv === 'Ed25519') key = { algorithm: 'Ed25519', bytes: coordinate(x, 32) };
  else if (kty === 'EC' && (crv === 'P-256' || crv === 'P-384') && typeof y === 'string')
    key = { algorithm: crv, bytes: compress(crv, x, y) };
  else throw badKey();
  if (!isOnCurve(key)) throw badKey();
  return key;
}

/**
 * Writes a public key as JWK.
 * @throws YizhengError `KEY_FORMAT` when the bytes are no point of the curve
 */
export function jwkOfPublicKey({ algorithm, bytes }: PublicKey): PublicJwk {
  if (algorithm === 'Ed25519') return { kty: 'OKP', crv: 'Ed25519', x: base64urlnopad.encode(bytes) };
  if (!isOnCurve({ algorithm, bytes })) throw badKey();
  const point = CURVES[algorithm].Point.fromBytes(bytes).toBytes(false);
  const size = (point.length - 1) / 2;
  return {
    kty: 'EC',
    crv: algorithm,
    x: base64urlnopad.encode(point.slice(1, 1 + size)),
    y: base64urlnopad.encode(point.slice(1 + size)),
  };
}

function compress(curve: 'P-256' | 'P-384', x: string, y: string): Uint8Array {
  const size = LENGTHS[curve] - 1;
  try {
    return CURVES[curve].Point.fromBytes(Uint8Array.of(4, ...coordinate(x, size), ...coordinate(y, size))).toBytes(
      true,
    );
  } catch (cause) {
    throw badKey(cause);
  }
}

function coordinate(text: string, size: number): Uint8Array {
  try {
    const bytes = base64urlnopad.decode(text);
    if (bytes.length === size) return bytes;
  } catch (cause) {
    throw badKey(cause);
  }
  throw badKey();
}

function isOnCurve({ algorithm, bytes }: PublicKey): boolean {
  return algorithm === 'Ed25519'
    ? ed25519.utils.isValidPublicKey(bytes, false)
    : CURVES[algorithm].utils.isValidPublicKey(bytes, true);
}

function badKey(cause?: unknown): YizhengError {
  return new YizhengError('KEY_FORMAT', 'Not an Ed25519, P-256 or P-384 public key.', { cause });
}
