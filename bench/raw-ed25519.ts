import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { NativeEd25519 } from '../keys/signing/native-ed25519.js';
import { each, type Work } from './measure.js';

const RAW = 2000;

/**
 * What everything is measured by: signatures and verifications of 64 bytes, and nothing else. Each of another message, as those of
 * certificates are: verifying the same again and again is a twelfth faster, for the processor foresees every branch of it.
 */
export function raw(library: string, { signerOf, verify }: NativeEd25519): Record<string, Work> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const publicBytes = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'));
  const sign = signerOf(privateKey);
  const signed = Array.from({ length: RAW }, () => {
    const message = randomBytes(64);
    return { message, signature: sign(message) };
  });
  return {
    [`${library} sign`]: each(signed, ({ message }) => sign(message)),
    [`${library} verify`]: each(signed, ({ message, signature }) =>
      assertTrue(verify(signature, message, publicBytes)),
    ),
  };
}

/** @throws Error where a good signature was refused */
export function assertTrue(verified: boolean): void {
  if (!verified) throw new Error('a good signature was refused');
}
