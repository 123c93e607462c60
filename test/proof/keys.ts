import { ed25519 } from '@noble/curves/ed25519.js';
import { encodeMultikey } from '../../shared/did/multikey.js';
import type { Signer, VerificationKey } from '../../shared/proof/types.js';

export interface TestKey {
  signer: Signer;
  key: VerificationKey;
}

/** A key of fixed bytes; valid from 2026-01-01 unless changed. */
export function testKey(controller: string, byte: number, changes: Partial<VerificationKey> = {}): TestKey {
  const secret = new Uint8Array(32).fill(byte);
  const publicKeyMultibase = encodeMultikey({ algorithm: 'Ed25519', bytes: ed25519.getPublicKey(secret) });
  const id = `${controller}#${publicKeyMultibase}`;
  return {
    signer: { id, algorithm: 'Ed25519', sign: ({ data }) => Promise.resolve(ed25519.sign(data, secret)) },
    key: { id, controller, publicKeyMultibase, validFrom: '2026-01-01T00:00:00Z', ...changes },
  };
}
