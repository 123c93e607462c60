import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

const INFO = 'yizheng openid4vci sealed facts';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals facts that only the holder is to get (full document number, birth date, photo) with a key made of the code or token that asks
 * for them (HKDF-SHA-256, AES-256-GCM). What is stored keeps neither, so whoever reads the database reads nothing.
 * @param facts JSON text
 * @param secret code or token, 256 random bits
 */
export function sealFacts(facts: string, secret: string, randomBytes: (length: number) => Uint8Array): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), iv);
  const sealed = Buffer.concat([iv, cipher.update(facts, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return sealed.toString('base64url');
}

/** Opens what {@link sealFacts} sealed with the same secret. @throws Error when it was sealed with another one or changed */
export function openFacts(sealed: string, secret: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
}

function keyOf(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', INFO, 32));
}
