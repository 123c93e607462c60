import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, scrypt } from 'node:crypto';
import { YizhengError } from '../shared/errors.js';

/** Cost of opening a keystore; stored beside what it protects. Salt: base64, 32 bytes. */
export interface KdfParameters {
  name: 'scrypt';
  N: number;
  r: 8;
  p: number;
  salt: string;
}

/** A secret under AES-256-GCM; every member base64. */
export interface Sealed {
  /** 12 bytes. */
  iv: string;
  /** 16 bytes. */
  tag: string;
  ciphertext: string;
}

/** Bounds of stored parameters: below N = 2^17 a stolen file is too cheap to guess, above 2^20 (1 GiB) opening is an attack. */
export const KDF_BOUNDS = { minN: 2 ** 17, maxN: 2 ** 20, r: 8, maxP: 4, saltBytes: 32 } as const;

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** New parameters with a fresh salt: scrypt N = 2^17, r = 8, p = 1 (design/SECURITY.md F11, §2.5). */
export function newKdfParameters(): KdfParameters {
  const salt = randomBytes(KDF_BOUNDS.saltBytes).toString('base64');
  return { name: 'scrypt', N: KDF_BOUNDS.minN, r: KDF_BOUNDS.r, p: 1, salt };
}

/** Derives 32 bytes from a passphrase (RFC 7914). The passphrase is taken in NFC, so every keyboard gives the same key. */
export function deriveMasterKey(passphrase: string, kdf: KdfParameters): Promise<Buffer> {
  const { N, r, p } = kdf;
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, key: Buffer): void => {
      if (error) reject(error);
      else resolve(key);
    };
    scrypt(
      passphrase.normalize('NFC'),
      Buffer.from(kdf.salt, 'base64'),
      KEY_BYTES,
      { N, r, p, maxmem: 256 * N * r },
      done,
    );
  });
}

/** Derives an independent 32-byte key for one use from a master key (HKDF-SHA-256, RFC 5869). */
export function deriveSubkey(master: Uint8Array, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, new Uint8Array(0), `yizheng keystore v1 ${use}`, KEY_BYTES));
}

/** Seals a secret with AES-256-GCM; `context` is authenticated with it and must be given again to open it. */
export function seal(key: Uint8Array, context: string, secret: Uint8Array): Sealed {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context, 'utf8'));
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()]);
  return {
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    ciphertext: ciphertext.toString('base64'),
  };
}

/**
 * Opens what {@link seal} made. Sizes are pinned, because Node 20 would accept a tag of four bytes (SECURITY F11).
 * @throws YizhengError `KEYSTORE_TAMPERED`
 */
export function unseal(key: Uint8Array, context: string, sealed: Sealed): Buffer {
  const iv = Buffer.from(sealed.iv, 'base64');
  const tag = Buffer.from(sealed.tag, 'base64');
  try {
    if (iv.length !== IV_BYTES || tag.length !== TAG_BYTES) throw new RangeError('IV or tag of a wrong size');
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context, 'utf8'));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(Buffer.from(sealed.ciphertext, 'base64')), decipher.final()]);
  } catch (cause) {
    throw new YizhengError(
      'KEYSTORE_TAMPERED',
      'A secret in the keystore was changed; restore the file from a backup.',
      {
        status: 500,
        cause,
      },
    );
  }
}
