import { CERTIFICATE_CONTEXT_URL, CREDENTIALS_V2_URL } from '../../certificate/context.js';
import { buildCredential } from '../../certificate/credential.js';
import type { CertificateRecord } from '../../certificate/record.js';
import { CERTIFICATE_SHAPE, PROOF_SHAPE } from './certificate-shape.js';
import type { OpenApartText } from './bytes-filler.js';
import { RecordMatcher } from './record-matcher.js';
import { ShapeCanonizer, type Canonical, type Refusal } from './shape-canonizer.js';
import type { DeriveTemplates } from './template.js';

/** SHA-256 (FIPS 180-4): 32 bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** Members of an `eddsa-rdfc-2022` proof that are signed. */
export interface ProofConfig {
  type: 'DataIntegrityProof';
  created: string;
  verificationMethod: string;
  cryptosuite: 'eddsa-rdfc-2022';
  proofPurpose: 'assertionMethod';
}

/** A certificate ready to be signed. */
export interface Hashed {
  /** What is signed: the hash of the proof, then that of the document. */
  bytes: Uint8Array;
  /** The credential as `JSON.stringify` writes it, without the last brace; to be asked for before the next call. */
  openJson: () => string;
  /** UTF-8 of that, good until the next call; undefined where a value is not written as it is. */
  openJsonBytes: () => Uint8Array | undefined;
  /** The same, apart from what following certificates share with it; to be asked for after the bytes. */
  openJsonApart: () => OpenApartText | undefined;
}

/**
 * Makes the 64 bytes an `eddsa-rdfc-2022` signature covers (VC Data Integrity EdDSA Cryptosuites §3.2.4) for certificates, from
 * compiled templates. Holds templates and the last proof's hash, no secret.
 */
export class CertificateHasher {
  readonly #sha256: Sha256;
  readonly #documents: ShapeCanonizer;
  readonly #records = new RecordMatcher();
  readonly #proofs: ShapeCanonizer;
  #lastProof: { proof: ProofConfig; hash: Uint8Array } | undefined;

  /**
   * @param sha256 how to hash
   * @param derive where templates come from: `deriveTemplates`, or whoever has it at hand
   */
  constructor(sha256: Sha256, derive: DeriveTemplates) {
    this.#sha256 = sha256;
    this.#documents = new ShapeCanonizer(CERTIFICATE_SHAPE, derive);
    this.#proofs = new ShapeCanonizer(PROOF_SHAPE, derive);
  }

  /**
   * The bytes to sign, without waiting.
   * @param unsigned credential without proof
   * @param proof what the proof says
   * @param beside name of a last member that does not belong to the credential and is not looked at; no text may be asked for then
   * @returns the bytes and the text, or why there are none
   */
  hash(unsigned: object, proof: ProofConfig, beside?: 'proof'): Hashed | Refusal {
    return this.#hash(this.#documents.canonize(unsigned, beside), proof);
  }

  /** {@link CertificateHasher.hash} of the credential of a record, which is not built where nothing asks for it. */
  hashRecord(record: CertificateRecord, proof: ProofConfig): Hashed | Refusal {
    const match = this.#records.match(record);
    return match
      ? this.#hash(
          this.#documents.canonizeMatch(match, () => buildCredential(record)),
          proof,
        )
      : this.hash(buildCredential(record), proof);
  }

  #hash(document: Canonical | Refusal, proof: ProofConfig): Hashed | Refusal {
    if (typeof document === 'string') return document;
    const bytes = new Uint8Array(64);
    bytes.set(this.#sha256(document.nQuads), 32);
    const proofHash = this.#proofHash(proof);
    if (typeof proofHash === 'string') return proofHash;
    bytes.set(proofHash);
    const { openJson, openJsonBytes, openJsonApart } = document;
    return { bytes, openJson, openJsonBytes, openJsonApart };
  }

  /**
   * Derives what {@link CertificateHasher.hash} misses for this document; milliseconds, once for each shape.
   * @returns whether it can answer now
   */
  async learn(unsigned: object, proof: ProofConfig): Promise<boolean> {
    const learnt = await Promise.all([this.#documents.learn(unsigned), this.#proofs.learn(inContext(proof))]);
    return learnt.every(Boolean);
  }

  /** Whether what was filled in place, or kept, since the last look is still what it was made of. */
  isSound(): boolean {
    const last = this.#lastProof;
    this.#lastProof = undefined;
    const hash = last && this.#proofHash(last.proof);
    const isSameHash = !last || (typeof hash !== 'string' && String(hash) === String(last.hash));
    return isSameHash && this.#documents.isSound() && this.#proofs.isSound();
  }

  #proofHash(proof: ProofConfig): Uint8Array | Refusal {
    const { created, verificationMethod } = proof;
    const last = this.#lastProof;
    if (last?.proof.created === created && last.proof.verificationMethod === verificationMethod) return last.hash;
    const config = this.#proofs.canonize(inContext(proof));
    if (typeof config === 'string') return config;
    const hash = this.#sha256(config.nQuads);
    this.#lastProof = { proof, hash };
    return hash;
  }
}

function inContext(proof: ProofConfig): object {
  const { type, created, verificationMethod, cryptosuite, proofPurpose } = proof;
  const context = [CREDENTIALS_V2_URL, CERTIFICATE_CONTEXT_URL];
  return { '@context': context, type, created, verificationMethod, cryptosuite, proofPurpose };
}
