import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import type { PublicKey } from '../did/multikey.js';

/** A key JOSE and COSE verify with: beside ours, P-521 (a compressed point of 67 bytes), which only foreign texts use. */
export type SignaturePublicKey = PublicKey | { algorithm: 'P-521'; bytes: Uint8Array };

/**
 * Checks one signature with one public key; never throws.
 *
 * Ed25519 as RFC 8032 with strict points (no small order, no second writing); ECDSA over SHA-256 (P-256), SHA-384
 * (P-384) or SHA-512 (P-521), `r‖s` as in RFC 7518 §3.4, either value of `s`.
 */
export type SignatureCheck = (key: SignaturePublicKey, data: Uint8Array, signature: Uint8Array) => boolean;

/** {@link SignatureCheck} in plain JavaScript, the same on every platform. */
export const checkSignature: SignatureCheck = ({ algorithm, bytes }, data, signature) => {
  try {
    switch (algorithm) {
      case 'Ed25519':
        return ed25519.verify(signature, data, bytes, { zip215: false });
      case 'P-256':
        return p256.verify(signature, data, bytes, { lowS: false });
      case 'P-384':
        return p384.verify(signature, data, bytes, { lowS: false });
      case 'P-521':
        return p521.verify(signature, data, bytes, { lowS: false });
    }
  } catch {
    return false;
  }
};
