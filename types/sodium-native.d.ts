/** The few functions of libsodium that are used; the package ships no types. */
declare module 'sodium-native' {
  const sodium: {
    /** Memory that is guarded, never swapped and wiped when freed. */
    sodium_malloc(bytes: number): Buffer;
    sodium_memzero(buffer: Uint8Array): void;
    sodium_mprotect_readonly(buffer: Buffer): void;
    crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void;
    crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void;
    crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
  };
  export default sodium;
}
