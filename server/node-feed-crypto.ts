import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { nodeProofPrimitives } from '../keys/signing-primitives.js';
import { PURE_CRYPTO, type FeedCrypto } from '../shared/trust/feed-crypto.js';

const MOST_KEYS = 4096;
const keys = new Map<string, Uint8Array | null>();
const { verify } = await nodeProofPrimitives();

/**
 * The primitives of libsodium, else of OpenSSL: twenty to fifty times faster than the pure ones, with the same answers.
 *
 * OpenSSL accepts keys the strict rules refuse (non-canonical, of small order): those are refused here before either is asked. And
 * both refuse some signatures the cofactored equation of RFC 8032 §5.1.7 accepts: what they refuse is asked once more of the pure
 * check.
 */
export const NODE_CRYPTO: FeedCrypto = {
  checkEd25519: (signature, message, publicKey) => {
    const key = keyOf(publicKey);
    if (!key || signature.length !== 64) return false;
    return verify(signature, message, key) || PURE_CRYPTO.checkEd25519(signature, message, publicKey);
  },
  sha256: (data) => createHash('sha256').update(data).digest(),
};

/** The key, always in the same array, or null for one that may not be used. Feeds are signed with a handful of keys, so they are kept. */
function keyOf(publicKey: Uint8Array): Uint8Array | null {
  const name = Buffer.from(publicKey).toString('base64');
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = isStrict(publicKey) ? publicKey.slice() : null;
  if (keys.size >= MOST_KEYS) keys.clear();
  keys.set(name, key);
  return key;
}

function isStrict(publicKey: Uint8Array): boolean {
  try {
    return !ed25519.Point.fromBytes(publicKey, false).isSmallOrder();
  } catch {
    return false;
  }
}
