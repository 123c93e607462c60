import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { encodeMultikey, type KeyAlgorithm, type PublicKey } from '../../../shared/did/multikey.js';
import type { Signer } from '../../../shared/proof/types.js';

const CURVES = { 'P-256': p256, 'P-384': p384, 'P-521': p521 };

/** A key of fixed bytes, with a signer whose id is the verification method of its did:key. */
export function joseKey(algorithm: KeyAlgorithm, byte = 7): { did: string; signer: Signer; key: PublicKey } {
  const secret = new Uint8Array(algorithm === 'P-384' ? 48 : 32).fill(byte);
  const bytes = algorithm === 'Ed25519' ? ed25519.getPublicKey(secret) : CURVES[algorithm].getPublicKey(secret, true);
  const multibase = encodeMultikey({ algorithm, bytes });
  const did = `did:key:${multibase}`;
  return {
    did,
    key: { algorithm, bytes },
    signer: {
      id: `${did}#${multibase}`,
      algorithm,
      sign: ({ data }) =>
        Promise.resolve(
          algorithm === 'Ed25519' ? ed25519.sign(data, secret) : CURVES[algorithm].sign(data, secret, { lowS: false }),
        ),
    },
  };
}

/** A P-521 key, which only JOSE and COSE know. */
export function p521Key(byte = 7) {
  const secret = new Uint8Array(66).fill(byte, 1);
  return {
    key: { algorithm: 'P-521' as const, bytes: p521.getPublicKey(secret, true) },
    signer: {
      algorithm: 'P-521' as const,
      sign: ({ data }: { data: Uint8Array }) => Promise.resolve(p521.sign(data, secret, { lowS: false })),
    },
  };
}
