import { createPublicKey, sign as opensslSign, verify as opensslVerify, type KeyObject } from 'node:crypto';
import type Sodium from 'sodium-native';

const SEED_BYTES = 32;
const SECRET_BYTES = 64;
const SIGNATURE_BYTES = 64;

/** Ed25519 (RFC 8032) of the fastest library on this machine. */
export interface NativeEd25519 {
  library: 'libsodium' | 'openssl';
  /** A function that signs with this key; the key stays in guarded memory of the library. */
  signerOf: (privateKey: KeyObject) => (message: Uint8Array) => Uint8Array;
  /** Checks a signature of 64 bytes with a public key of 32 bytes. */
  verify: (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => boolean;
}

/**
 * Loads libsodium, which signs and verifies about twice as fast as Node's OpenSSL; where the optional package has no binary
 * for the machine, OpenSSL.
 */
export async function loadNativeEd25519(): Promise<NativeEd25519> {
  try {
    return libsodium((await import('sodium-native')).default);
  } catch {
    return openssl;
  }
}

/** Ed25519 of Node's own OpenSSL. */
export const openssl: NativeEd25519 = {
  library: 'openssl',
  signerOf: (privateKey) => (message) => opensslSign(null, message, privateKey),
  verify: (signature, message, publicKey) => opensslVerify(null, message, publicKeyObject(publicKey), signature),
};

/** Key objects by the array they were made of: making one costs as much as a signature. */
const publicKeyObjects = new WeakMap<Uint8Array, KeyObject>();

function publicKeyObject(publicKey: Uint8Array): KeyObject {
  const known = publicKeyObjects.get(publicKey);
  if (known) return known;
  const x = Buffer.from(publicKey).toString('base64url');
  const made = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
  publicKeyObjects.set(publicKey, made);
  return made;
}

function libsodium(sodium: typeof Sodium): NativeEd25519 {
  return {
    library: 'libsodium',
    signerOf(privateKey) {
      const secret = guardedSecret(sodium, privateKey);
      return (message) => {
        const signature = new Uint8Array(SIGNATURE_BYTES);
        sodium.crypto_sign_detached(signature, message, secret);
        return signature;
      };
    },
    verify: (signature, message, publicKey) =>
      signature.length === SIGNATURE_BYTES && sodium.crypto_sign_verify_detached(signature, message, publicKey),
  };
}

function guardedSecret(sodium: typeof Sodium, privateKey: KeyObject): Buffer {
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  const seed = sodium.sodium_malloc(SEED_BYTES);
  const secret = sodium.sodium_malloc(SECRET_BYTES);
  // RFC 8410: the 32 bytes of the seed are the last of the PKCS #8 structure without attributes.
  der.copy(seed, 0, der.length - SEED_BYTES);
  der.fill(0);
  sodium.crypto_sign_seed_keypair(Buffer.alloc(SEED_BYTES), secret, seed);
  sodium.sodium_memzero(seed);
  sodium.sodium_mprotect_readonly(secret);
  return secret;
}
