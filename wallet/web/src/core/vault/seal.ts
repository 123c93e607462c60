import { YizhengError } from '../../../../../shared/errors.js';
import { ownBytes, randomBytes, utf8, type OwnBytes } from '../bytes.js';

const IV_BYTES = 12;

/** An AES-256-GCM key that never leaves WebCrypto again. */
export function sealingKey(crypto: Crypto, bytes: OwnBytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/**
 * Encrypts and authenticates (AES-256-GCM, NIST SP 800-38D): 12 random bytes, then the ciphertext with its tag.
 * @param purpose what the bytes are; they open for that purpose only
 */
export async function seal(crypto: Crypto, key: CryptoKey, bytes: OwnBytes, purpose: string): Promise<OwnBytes> {
  const iv = randomBytes(crypto, IV_BYTES);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(purpose) }, key, bytes);
  return Uint8Array.from([...iv, ...new Uint8Array(sealed)]);
}

/** Undoes {@link seal}. @throws YizhengError with the code given when the key, the purpose or a byte is another */
export async function unseal(
  crypto: Crypto,
  key: CryptoKey,
  sealed: Uint8Array,
  purpose: string,
  code: string,
): Promise<OwnBytes> {
  const [iv, body] = [ownBytes(sealed.subarray(0, IV_BYTES)), ownBytes(sealed.subarray(IV_BYTES))];
  try {
    const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: utf8(purpose) }, key, body);
    return new Uint8Array(opened);
  } catch (cause) {
    throw new YizhengError(code, 'This could not be opened: the secret is another, or it was changed.', { cause });
  }
}
