import { createHash, timingSafeEqual } from 'node:crypto';
import type { Custody } from '../../keys/custody.js';

/** Bytes of a code, token or id that nobody may guess. */
const SECRET_BYTES = 32;

/** A new code, token or id: 256 random bits in base64url. */
export function newSecret(randomBytes: (length: number) => Uint8Array): string {
  return Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url');
}

/** How a secret of {@link newSecret} is stored: SHA-256, hex. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** HMAC in custody, hex: for what is short enough to be searched, so that the stored value says nothing without the keystore. */
export async function keyedHash(
  custody: Pick<Custody, 'hmac'>,
  purpose: string,
  parts: readonly string[],
): Promise<string> {
  const mac = await custody.hmac(`openid4vci ${purpose}`, new TextEncoder().encode(JSON.stringify(parts)));
  return Buffer.from(mac).toString('hex');
}

/** {@link keyedHash} of each of many, in one call to custody. */
export async function keyedHashes(
  custody: Pick<Custody, 'hmacAll'>,
  purpose: string,
  all: readonly (readonly string[])[],
): Promise<Buffer[]> {
  const encoder = new TextEncoder();
  const macs = await custody.hmacAll(
    `openid4vci ${purpose}`,
    all.map((parts) => encoder.encode(JSON.stringify(parts))),
  );
  return macs.map((mac) => Buffer.from(mac));
}

/** Compares two hashes in constant time. */
export function sameHash(a: string, b: string): boolean {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.length === second.length && timingSafeEqual(first, second);
}

/** A code of decimal digits, each as likely as any other. */
export function newTxCode(randomBytes: (length: number) => Uint8Array, length: number): string {
  let code = '';
  while (code.length < length)
    for (const byte of randomBytes(2 * length)) if (byte < 250 && code.length < length) code += String(byte % 10);
  return code;
}
