import type { SignaturePublicKey } from '../check-signature.js';

/** JWS algorithms we sign with (RFC 7518 §3.4, RFC 8037 §3.1). */
export type JwsAlgorithm = 'EdDSA' | 'ES256' | 'ES384' | 'ES512';

/** The one algorithm each type of key signs with. */
export const JWS_ALGORITHM_OF: Readonly<Record<SignaturePublicKey['algorithm'], JwsAlgorithm>> = {
  Ed25519: 'EdDSA',
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
};

/** The type of key each algorithm name demands; `Ed25519` is the fully-specified name of RFC 9864. Anything else is refused. */
export const KEY_ALGORITHM_OF: ReadonlyMap<string, SignaturePublicKey['algorithm']> = new Map([
  ['EdDSA', 'Ed25519'],
  ['Ed25519', 'Ed25519'],
  ['ES256', 'P-256'],
  ['ES384', 'P-384'],
  ['ES512', 'P-521'],
]);
