/** Where a key lies on a token, as the keystore file records it instead of a sealed private key. */
export interface TokenKeyRef {
  /** Serial number the token gives itself. */
  serial: string;
  /** What its owner called it. */
  label: string;
  /** CKA_ID of its objects, hex. */
  objectId: string;
}

/**
 * A token that makes Ed25519 keys, signs with them and never gives them out (keys/pkcs11). The keystore knows no more of it than this.
 * Every member may throw YizhengError `TOKEN_ABSENT`, `TOKEN_PIN_*`, `TOKEN_UNSUITABLE`, `TOKEN_FAILED` (503).
 */
export interface KeyToken {
  readonly label: string;
  readonly serial: string;
  /**
   * Makes a key that can be neither read nor copied, and proves it by a signature.
   * @param name CKA_LABEL, for who looks at the token with its own tools
   * @returns CKA_ID, hex, and the 32 bytes of the public key
   * @throws YizhengError `TOKEN_KEY_EXTRACTABLE` (503): the token made one that can be read; it is destroyed again
   */
  generate(name: string): Promise<{ objectId: string; publicKey: Uint8Array }>;
  /**
   * Holds what lies on the token against the recorded public key: the public object, attributes of the private one, a signed test message.
   * @throws YizhengError `TOKEN_KEY_MISSING`, `TOKEN_KEY_MISMATCH`, `TOKEN_KEY_EXTRACTABLE` (503)
   */
  check(objectId: string, publicKey: Uint8Array): Promise<void>;
  /**
   * Signs bytes (Ed25519, RFC 8032) and verifies the signature before it leaves.
   * @throws YizhengError `TOKEN_KEY_MISSING`, `SIGNATURE_REJECTED` (503)
   */
  sign(objectId: string, publicKey: Uint8Array, bytes: Uint8Array): Promise<Uint8Array>;
  /** Destroys the key for good; nothing happens where it is gone already. @throws YizhengError `TOKEN_FAILED` (503) */
  destroy(objectId: string): Promise<void>;
  /** Logs out and gives its sessions back. */
  close(): Promise<void>;
}
