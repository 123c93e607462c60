import { base64urlnopad } from '@scure/base';
import { YizhengError } from '../../../../shared/errors.js';

/** Bytes in a buffer of their own, as WebCrypto wants them. */
export type OwnBytes = Uint8Array<ArrayBuffer>;

/** Copies bytes into a buffer of their own. */
export function ownBytes(bytes: Uint8Array): OwnBytes {
  return Uint8Array.from(bytes);
}

/** A text as UTF-8. */
export function utf8(text: string): OwnBytes {
  return ownBytes(new TextEncoder().encode(text));
}

/** base64url without padding. */
export function toBase64url(bytes: Uint8Array): string {
  return base64urlnopad.encode(bytes);
}

/** Reads base64url without padding. @throws YizhengError with the code given */
export function fromBase64url(text: string, code: string): OwnBytes {
  try {
    return ownBytes(base64urlnopad.decode(text));
  } catch (cause) {
    throw new YizhengError(code, 'A value is not base64url without padding.', { cause });
  }
}

/** Bytes nobody can guess. */
export function randomBytes(crypto: Crypto, length: number): OwnBytes {
  return crypto.getRandomValues(new Uint8Array(length));
}
