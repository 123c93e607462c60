import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { NativeEd25519 } from '../keys/signing/native-ed25519.js';
import { repeat, type Work } from './measure.js';

const RAW = 2000;

/** What everything is measured by: signatures and verifications of 64 bytes, and nothing else. */
export function raw(library: string, { signerOf, verify }: NativeEd25519): Record<string, Work> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const publicBytes = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'));
  const sign = signerOf(privateKey);
  const message = randomBytes(64);
  const signature = sign(message);
  return {
    [`${library} sign`]: repeat(RAW, () => sign(message)),
    [`${library} verify`]: repeat(RAW, () => assertTrue(verify(signature, message, publicBytes))),
  };
}

/** @throws Error where a good signature was refused */
export function assertTrue(verified: boolean): void {
  if (!verified) throw new Error('a good signature was refused');
}
