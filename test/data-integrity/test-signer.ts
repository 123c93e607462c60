import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384 } from '@noble/curves/nist.js';
import { encodeMultikey, type KeyAlgorithm } from '../../shared/did/multikey.js';
import type { Signer } from '../../shared/proof/types.js';

/** A did:key of any kind with a fixed secret, for tests. */
export interface TestDidKey {
  did: string;
  publicKeyMultibase: string;
  secret: Uint8Array;
  signer: Signer;
}

/** Makes a did:key; the same seed gives the same key. */
export function didKeyOf(algorithm: KeyAlgorithm, seed = 7): TestDidKey {
  const secret = new Uint8Array(algorithm === 'P-384' ? 48 : 32).fill(seed);
  const curve = { Ed25519: ed25519, 'P-256': p256, 'P-384': p384 }[algorithm];
  const publicKeyMultibase = encodeMultikey({ algorithm, bytes: curve.getPublicKey(secret) });
  const did = `did:key:${publicKeyMultibase}`;
  const sign = (data: Uint8Array): Uint8Array =>
    algorithm === 'Ed25519' ? ed25519.sign(data, secret) : (algorithm === 'P-256' ? p256 : p384).sign(data, secret);
  return {
    did,
    publicKeyMultibase,
    secret,
    signer: { id: `${did}#${publicKeyMultibase}`, algorithm, sign: ({ data }) => Promise.resolve(sign(data)) },
  };
}
