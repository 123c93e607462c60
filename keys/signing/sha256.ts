import * as crypto from 'node:crypto';

/** SHA-256 (FIPS 180-4) by Node's OpenSSL; the one-call form exists since Node 20.12 and saves an object. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return crypto.hash('sha256', bytes, 'buffer');
}
