import type { KeyAlgorithm } from '../did/multikey.js';
import type { JsonObject } from '../json/parse-json.js';

/**
 * The only way to a private key: something in custody that signs bytes. The shape is the one `@digitalbazaar` suites take.
 */
export interface Signer {
  /** Verification method URL, `<did>#<fragment>`. */
  id: string;
  algorithm: KeyAlgorithm;
  /**
   * Signs the bytes: Ed25519 (RFC 8032), 64 bytes; ECDSA over SHA-256 (P-256) or SHA-384 (P-384) of the bytes, raw r‖s, 64 or 96
   * bytes.
   */
  sign(input: { data: Uint8Array }): Promise<Uint8Array>;
}

/** What a signature is checked with. */
export type PublicVerificationKey = Pick<VerificationKey, 'id' | 'controller' | 'publicKeyMultibase'>;

/** A public key with the time in which it may sign; intervals are kept for ever, also for retired keys. */
export interface VerificationKey {
  /** Verification method URL. */
  id: string;
  /** DID that may use it. */
  controller: string;
  /** Multikey (z6Mk… for Ed25519). */
  publicKeyMultibase: string;
  /** First instant it may sign, RFC 3339. */
  validFrom: string;
  /** First instant it may no longer sign; absent while active. */
  validUntil?: string;
  /** Instant since when it is known to be in other hands; signatures from then on prove nothing. */
  compromisedSince?: string;
}

/** Finds the key of a verification method in trusted material; never the network. Undefined = unknown to us. */
export type KeyLookup = (verificationMethod: string) => VerificationKey | undefined;

/** Result of checking the proof of a credential. Three-valued: `unknown` = could not find out. */
export interface ProofCheck {
  answer: 'pass' | 'fail' | 'unknown';
  /** Reason code: `PROOF_VALID`, or why not. */
  code: string;
  /** English detail for logs and experts; holds no personal data. */
  detail?: string;
  /** `proof.created`, when the proof could be read. */
  created?: string;
  /** The key it was checked against. */
  key?: VerificationKey;
}

/** A way to secure a credential; the compiled fast path will implement the same interface as the general one. */
export interface ProofSuite {
  /** `cryptosuite` of the proofs it makes and checks. */
  readonly cryptosuite: string;
  /**
   * Signs a credential.
   * @param unsigned credential without proof; not changed
   * @param options `signer` and the proof's `created`, RFC 3339 UTC with whole seconds
   * @returns the credential with its proof appended as last member
   */
  sign<T extends object>(unsigned: T, options: { signer: Signer; created: string }): Promise<T & { proof: JsonObject }>;
  /**
   * Checks one signature, nothing else: the guards and time rules stand in `checkCredentialProof`.
   * @param signed credential with exactly one proof of this suite
   * @param key the key that must have made it
   */
  verifySignature(signed: object, key: PublicVerificationKey): Promise<boolean>;
}
