import type { KeyAlgorithm } from '../../did/multikey.js';
import type { JsonObject } from '../../json/parse-json.js';

/** Cryptosuites we sign and verify with. `Ed25519Signature2020` is a proof type of its own, without `cryptosuite`. */
export const CRYPTOSUITES = [
  'eddsa-rdfc-2022',
  'eddsa-jcs-2022',
  'ecdsa-rdfc-2019',
  'ecdsa-jcs-2019',
  'Ed25519Signature2020',
] as const;

/** One of {@link CRYPTOSUITES}. */
export type Cryptosuite = (typeof CRYPTOSUITES)[number];

/** What tells one cryptosuite from another. */
export interface CryptosuiteFacts {
  proofType: 'DataIntegrityProof' | 'Ed25519Signature2020';
  /** Canonicalisation: RDFC-1.0 of the meaning, or JCS (RFC 8785) of the JSON. */
  canonical: 'rdfc' | 'jcs';
  /** Keys it may be used with. */
  algorithms: readonly KeyAlgorithm[];
}

const EDDSA = ['Ed25519'] as const;
const ECDSA = ['P-256', 'P-384'] as const;

/** VC Data Integrity EdDSA Cryptosuites §3, ECDSA Cryptosuites §3.2–3.3, Ed25519Signature2020. */
export const CRYPTOSUITE_FACTS: Readonly<Record<Cryptosuite, CryptosuiteFacts>> = {
  'eddsa-rdfc-2022': { proofType: 'DataIntegrityProof', canonical: 'rdfc', algorithms: EDDSA },
  'eddsa-jcs-2022': { proofType: 'DataIntegrityProof', canonical: 'jcs', algorithms: EDDSA },
  'ecdsa-rdfc-2019': { proofType: 'DataIntegrityProof', canonical: 'rdfc', algorithms: ECDSA },
  'ecdsa-jcs-2019': { proofType: 'DataIntegrityProof', canonical: 'jcs', algorithms: ECDSA },
  Ed25519Signature2020: { proofType: 'Ed25519Signature2020', canonical: 'rdfc', algorithms: EDDSA },
};

/** Name of the cryptosuite a proof claims to be of, or undefined when it names none. */
export function cryptosuiteNameOf(proof: JsonObject): string | undefined {
  if (proof['type'] === 'Ed25519Signature2020') return 'Ed25519Signature2020';
  const { type, cryptosuite } = proof;
  return type === 'DataIntegrityProof' && typeof cryptosuite === 'string' ? cryptosuite : undefined;
}
