import { sha256 } from '@noble/hashes/sha2.js';
import { base64urlnopad, hex } from '@scure/base';

const SHA2_256_MULTIHASH = [0x12, 0x20];

/** SHA-256 in lower-case hex. A text is hashed as UTF-8. */
export function sha256Hex(data: string | Uint8Array): string {
  return hex.encode(sha256(bytesOf(data)));
}

/** Bytes in lower-case hex. */
export function hexOf(bytes: Uint8Array): string {
  return hex.encode(bytes);
}

/** `digestMultibase` (VC Data Integrity 1.0 §2.6): base64url multihash of the SHA-256, `uEi…`. A text is hashed as UTF-8. */
export function digestMultibase(data: string | Uint8Array): string {
  return `u${base64urlnopad.encode(new Uint8Array([...SHA2_256_MULTIHASH, ...sha256(bytesOf(data))]))}`;
}

/** Bytes of a text in UTF-8; bytes stay as they are. */
export function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? new TextEncoder().encode(data) : data;
}
