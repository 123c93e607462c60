import { buildCredential } from '../../certificate/credential.js';
import type { CertificateRecord } from '../../certificate/record.js';
import { compiledEddsaRdfc2022 } from '../compiled-eddsa-rdfc-2022.js';
import { CertificateHasher, type ProofConfig, type Sha256 } from './certificate-hasher.js';
import { encodeSignature } from '../../did/signature-base58.js';

/** What a bulk signer needs of its platform. */
export interface TextSignerOptions {
  /** Verification method of the key. */
  keyId: string;
  sha256: Sha256;
  /** Ed25519 (RFC 8032) with that key; 64 bytes. */
  sign: (bytes: Uint8Array) => Uint8Array;
}

/**
 * Turns records into the JSON text of signed certificates, for many at a time: nothing is waited for once the shape of a
 * certificate is known. The text is what `JSON.stringify` makes of the credential the proof suites sign.
 */
export class CertificateTextSigner {
  readonly #options: TextSignerOptions;
  readonly #hasher: CertificateHasher;
  #lastProof: { proof: ProofConfig; text: string } | undefined;

  /** @param options key and platform */
  constructor(options: TextSignerOptions) {
    this.#options = options;
    this.#hasher = new CertificateHasher(options.sha256);
  }

  /**
   * Signs one certificate.
   * @param record parsed record
   * @param created `proof.created`, RFC 3339 UTC with whole seconds
   * @returns JSON text; a promise only for the first certificate of a shape
   * @throws YizhengError the codes of {@link compiledEddsaRdfc2022}, as rejection
   */
  sign(record: CertificateRecord, created: string): string | Promise<string> {
    const { proof, text } = this.#proofOf(created);
    const hashed = this.#hasher.hashRecord(record, proof);
    return typeof hashed === 'string'
      ? this.#signFirst(buildCredential(record), proof, text)
      : this.#text(hashed, text);
  }

  async #signFirst(unsigned: object, proof: ProofConfig, text: string): Promise<string> {
    const { keyId, sha256, sign } = this.#options;
    if (await this.#hasher.learn(unsigned, proof)) {
      const hashed = this.#hasher.hash(unsigned, proof);
      if (typeof hashed !== 'string') return this.#text(hashed, text);
    }
    const signed = await compiledEddsaRdfc2022({ sha256 }).sign(unsigned, {
      signer: { id: keyId, algorithm: 'Ed25519', sign: ({ data }) => Promise.resolve(sign(data)) },
      created: proof.created,
    });
    return JSON.stringify(signed);
  }

  #text({ bytes, openJson }: { bytes: Uint8Array; openJson: () => string }, proofText: string): string {
    const proofValue = encodeSignature(this.#options.sign(bytes));
    return `${openJson()},"proof":${proofText},"proofValue":"z${proofValue}"}}`;
  }

  /** The proof of a batch, the same for every certificate in it; `text`: its JSON without the closing brace. */
  #proofOf(created: string): { proof: ProofConfig; text: string } {
    if (this.#lastProof?.proof.created === created) return this.#lastProof;
    const proof: ProofConfig = {
      type: 'DataIntegrityProof',
      created,
      verificationMethod: this.#options.keyId,
      cryptosuite: 'eddsa-rdfc-2022',
      proofPurpose: 'assertionMethod',
    };
    this.#lastProof = { proof, text: JSON.stringify(proof).slice(0, -1) };
    return this.#lastProof;
  }
}
