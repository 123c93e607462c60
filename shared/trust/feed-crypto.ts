import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';

/**
 * The primitives trust data is checked with. They are passed in because where a platform has its own, it is many times faster than
 * the pure ones; whatever is passed must answer exactly as {@link PURE_CRYPTO} does.
 */
export interface FeedCrypto {
  /**
   * Ed25519 (RFC 8032), strict: false for a key or point written non-canonically, a key of small order, `S ≥ L`, or a wrong length.
   * Never throws.
   */
  checkEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
  /** SHA-256 digest, 32 bytes. */
  sha256(data: Uint8Array): Uint8Array;
}

/** The primitives in plain JavaScript, the same on every platform. */
export const PURE_CRYPTO: FeedCrypto = {
  checkEd25519: (signature, message, publicKey) => {
    try {
      return ed25519.verify(signature, message, publicKey, { zip215: false });
    } catch {
      return false;
    }
  },
  sha256,
};
