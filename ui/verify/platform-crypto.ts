import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Ed25519Verify } from '../../shared/proof/compiled-eddsa-rdfc-2022.js';

const pure: Ed25519Verify = (signature, message, publicKey) =>
  ed25519.verify(signature, message, publicKey, { zip215: false });

/**
 * The signature check of this browser: WebCrypto's Ed25519 where it exists and answers a known signature rightly, else pure code.
 * What WebCrypto refuses is asked once more of the pure code, and keys and points it would take but the strict rules refuse never
 * reach it, so that every browser answers as Node does.
 */
export async function platformVerify(): Promise<Ed25519Verify> {
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle;
  if (!subtle || !(await knowsEd25519(subtle))) return pure;
  const keys = new WeakMap<Uint8Array, Promise<CryptoKey | null>>();
  return async (signature, message, publicKey) => {
    const known = keys.get(publicKey) ?? importKey(subtle, publicKey);
    keys.set(publicKey, known);
    const key = await known;
    if (!key || signature.length !== 64) return false;
    const good = await subtle.verify({ name: 'Ed25519' }, key, owned(signature), owned(message));
    return good || pure(signature, message, publicKey);
  };
}

/** Lets libraries that ask for `crypto.subtle.digest` work where the page was not opened securely. */
export function provideDigest(): void {
  const { crypto } = globalThis;
  if ((crypto as Partial<Crypto>).subtle) return;
  const digest = (algorithm: string | { name: string }, data: BufferSource): Promise<ArrayBuffer> => {
    const name = typeof algorithm === 'string' ? algorithm : algorithm.name;
    if (name !== 'SHA-256') return Promise.reject(new TypeError(`no ${name} here`));
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    return Promise.resolve(sha256(bytes).slice().buffer);
  };
  Object.defineProperty(crypto, 'subtle', { value: { digest } });
}

function importKey(subtle: SubtleCrypto, publicKey: Uint8Array): Promise<CryptoKey | null> {
  if (!isStrict(publicKey)) return Promise.resolve(null);
  return subtle.importKey('raw', owned(publicKey), { name: 'Ed25519' }, false, ['verify']).catch(() => null);
}

function isStrict(publicKey: Uint8Array): boolean {
  try {
    return !ed25519.Point.fromBytes(publicKey, false).isSmallOrder();
  } catch {
    return false;
  }
}

/** RFC 8032 §7.1, test 2. */
const KNOWN = {
  key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  message: '72',
  signature:
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
};

async function knowsEd25519(subtle: SubtleCrypto): Promise<boolean> {
  try {
    const key = await subtle.importKey('raw', fromHex(KNOWN.key), { name: 'Ed25519' }, false, ['verify']);
    const ask = (message: string): Promise<boolean> =>
      subtle.verify({ name: 'Ed25519' }, key, fromHex(KNOWN.signature), fromHex(message));
    return (await ask(KNOWN.message)) && !(await ask('73'));
  } catch {
    return false;
  }
}

function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}

function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : Uint8Array.from(bytes);
}
