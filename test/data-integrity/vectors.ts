import { readFileSync } from 'node:fs';
import { ed25519 } from '@noble/curves/ed25519.js';
import { base58 } from '@scure/base';
import { encodeMultikey } from '../../shared/did/multikey.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import type { Cryptosuite } from '../../shared/proof/data-integrity/cryptosuites.js';
import type { Signer } from '../../shared/proof/types.js';

/** A signed document its specification publishes. */
export interface Vector {
  name: string;
  /** Section tag of `npm run test:standards`. */
  section: string;
  file: string;
  document: JsonObject & {
    proof: JsonObject & { created: string; verificationMethod: string; proofValue: string; cryptosuite: Cryptosuite };
  };
  /** Key, where the verification method is no DID. */
  publicKeyMultibase?: string;
}

/** Reads a file of published vectors; each names its source. */
export function readVectors(name: string): unknown {
  return JSON.parse(readFileSync(`test/data-integrity/vectors/${name}.json`, 'utf8'));
}

/** A signer with a published Ed25519 secret key (multikey secret, 0x80 0x26). */
export function signerOfSecret(secretKeyMultibase: string, id?: string): Signer {
  const secret = base58.decode(secretKeyMultibase.slice(1)).slice(2);
  const multibase = encodeMultikey({ algorithm: 'Ed25519', bytes: ed25519.getPublicKey(secret) });
  return {
    id: id ?? `did:key:${multibase}#${multibase}`,
    algorithm: 'Ed25519',
    sign: ({ data }) => Promise.resolve(ed25519.sign(data, secret)),
  };
}
