import * as crypto from 'node:crypto';

const BYTES = 32;

/**
 * SHA-256 (FIPS 180-4) by Node's OpenSSL. The one-call form exists since Node 20.12 and saves an object; asking for a text of 32
 * characters saves making a Buffer, a quarter of the time of a certificate.
 */
export function sha256(bytes: Uint8Array): Uint8Array {
  const text = crypto.hash('sha256', bytes, 'binary');
  const digest = new Uint8Array(BYTES);
  for (let i = 0; i < BYTES; i++) digest[i] = text.charCodeAt(i);
  return digest;
}
