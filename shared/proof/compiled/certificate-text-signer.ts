import { OWN_TEXT_SEPARATOR, ownTextSign, type ApartText } from '../../certificate/credential-skeleton.js';
import { buildCredential } from '../../certificate/credential.js';
import type { CertificateRecord } from '../../certificate/record.js';
import type { SignedBytes } from '../../certificate/signed-bytes.js';
import { YizhengError } from '../../errors.js';
import type { ProofSuite } from '../types.js';
import type { OpenApartText } from './bytes-filler.js';
import { CertificateHasher, type Hashed, type ProofConfig, type Sha256 } from './certificate-hasher.js';
import { decodeSignature, encodeSignature, writeSignature } from '../../did/signature-base58.js';
import type { DeriveTemplates } from './template.js';

/** What a bulk signer needs of its platform. */
export interface TextSignerOptions {
  /** Verification method of the key. */
  keyId: string;
  sha256: Sha256;
  /** Ed25519 (RFC 8032) with that key; 64 bytes. */
  sign: (bytes: Uint8Array) => Uint8Array;
  /** Where templates come from: `deriveTemplates`, or whoever has it at hand. */
  derive: DeriveTemplates;
  /** Who signs what has no template: `compiledEddsaRdfc2022`, loaded where it is needed. */
  general: () => Promise<ProofSuite>;
}

const encoder = new TextEncoder();
const SEPARATOR = OWN_TEXT_SEPARATOR.charCodeAt(0);
/** Bytes of a signature in base58, at most, with the signs around it. */
const SIGNATURE_ROOM = 96;
const PROOF = ',"proof":';
const PROOF_VALUE = ',"proofValue":"z';
const END = '"}}';
const END_BYTES = encoder.encode(END);

/**
 * Turns records into the JSON text of signed certificates, for many at a time: nothing is waited for once the shape of a
 * certificate is known. The text is what `JSON.stringify` makes of the credential the proof suites sign.
 */
export class CertificateTextSigner {
  readonly #options: TextSignerOptions;
  readonly #hasher: CertificateHasher;
  #lastProof: ProofText | undefined;
  #bytes = new Uint8Array(4096);
  #own = new Uint8Array(512);
  #lastSkeleton: { open: string; proof: ProofText; skeleton: string } | undefined;

  /** @param options key and platform */
  constructor(options: TextSignerOptions) {
    this.#options = options;
    this.#hasher = new CertificateHasher(options.sha256, options.derive);
  }

  /**
   * Signs one certificate.
   * @param record parsed record
   * @param created `proof.created`, RFC 3339 UTC with whole seconds
   * @returns JSON text; a promise only for the first certificate of a shape
   * @throws YizhengError the codes of `compiledEddsaRdfc2022`, as rejection
   */
  sign(record: CertificateRecord, created: string): string | Promise<string> {
    const proof = this.#proofOf(created);
    const hashed = this.#hasher.hashRecord(record, proof.proof);
    return typeof hashed === 'string' ? this.#signFirst(buildCredential(record), proof) : this.#text(hashed, proof);
  }

  /**
   * {@link CertificateTextSigner.sign} as bytes.
   * @returns bytes that are good until the next call; those of a promise stay good
   */
  signBytes(record: CertificateRecord, created: string): SignedBytes | Promise<SignedBytes> {
    const proof = this.#proofOf(created);
    const hashed = this.#hasher.hashRecord(record, proof.proof);
    if (typeof hashed === 'string') return this.#signFirst(buildCredential(record), proof).then(bytesOf);
    const openJson = hashed.openJsonBytes();
    return openJson ? this.#signedBytes(hashed, openJson, proof) : bytesOf(this.#text(hashed, proof));
  }

  /**
   * Says whether all that was signed since the last call was put together soundly: certificates are filled in place, one over the
   * other, and a byte that went wrong would go wrong in all that follow. To be called before they leave.
   * @throws YizhengError `SIGNATURE_REJECTED` (503)
   */
  confirm(): void {
    if (!this.#hasher.isSound())
      throw new YizhengError(
        'SIGNATURE_REJECTED',
        'A certificate was not put together as it should; nothing was issued.',
        {
          status: 503,
        },
      );
  }

  async #signFirst(unsigned: object, proofText: ProofText): Promise<string> {
    const { proof } = proofText;
    const { keyId, sign, general } = this.#options;
    if (await this.#hasher.learn(unsigned, proof)) {
      const hashed = this.#hasher.hash(unsigned, proof);
      if (typeof hashed !== 'string') return this.#text(hashed, proofText);
    }
    const suite = await general();
    const signed = await suite.sign(unsigned, {
      signer: { id: keyId, algorithm: 'Ed25519', sign: ({ data }) => Promise.resolve(sign(data)) },
      created: proof.created,
    });
    return JSON.stringify(signed);
  }

  #text({ bytes, openJson }: Hashed, { text }: ProofText): string {
    return `${openJson()}${text}${encodeSignature(this.#options.sign(bytes))}${END}`;
  }

  #signedBytes({ bytes, openJsonApart }: Hashed, openJson: Uint8Array, proof: ProofText): SignedBytes {
    const signature = this.#options.sign(bytes);
    const length = openJson.length + proof.bytes.length;
    if (length + SIGNATURE_ROOM > this.#bytes.length) this.#bytes = new Uint8Array(2 * (length + SIGNATURE_ROOM));
    const json = this.#bytes;
    json.set(openJson);
    json.set(proof.bytes, openJson.length);
    const end = writeSignature(signature, json, length);
    json.set(END_BYTES, end);
    return {
      json: json.subarray(0, end + END_BYTES.length),
      signature,
      apart: () => {
        const open = openJsonApart();
        return open && this.#apart(open, proof, json.subarray(length, end));
      },
    };
  }

  /** With the proof, whose time and signature are two more texts of the certificate's own. */
  #apart({ skeleton: open, own, texts }: OpenApartText, proof: ProofText, signature: Uint8Array): ApartText {
    const last = this.#lastSkeleton;
    const skeleton = last?.open === open && last.proof === proof ? last.skeleton : skeletonOf(open, proof, texts);
    if (skeleton !== last?.skeleton) this.#lastSkeleton = { open, proof, skeleton };
    const length = own.length + proof.created.length + signature.length + 2;
    if (length > this.#own.length) this.#own = new Uint8Array(2 * length);
    const bytes = this.#own;
    bytes.set(own);
    let end = own.length;
    if (texts > 0) bytes[end++] = SEPARATOR;
    bytes.set(proof.created, end);
    end += proof.created.length;
    bytes[end++] = SEPARATOR;
    bytes.set(signature, end);
    return { skeleton, own: bytes.subarray(0, end + signature.length) };
  }

  /** The proof of a batch is the same for every certificate in it. */
  #proofOf(created: string): ProofText {
    if (this.#lastProof?.proof.created === created) return this.#lastProof;
    const proof: ProofConfig = {
      type: 'DataIntegrityProof',
      created,
      verificationMethod: this.#options.keyId,
      cryptosuite: 'eddsa-rdfc-2022',
      proofPurpose: 'assertionMethod',
    };
    const text = PROOF + JSON.stringify(proof).slice(0, -1) + PROOF_VALUE;
    this.#lastProof = { proof, text, bytes: encoder.encode(text), created: encoder.encode(created) };
    return this.#lastProof;
  }
}

/** A proof, and what stands in the JSON text between the credential's last member and the signature. */
interface ProofText {
  proof: ProofConfig;
  text: string;
  bytes: Uint8Array;
  /** When it was made. */
  created: Uint8Array;
}

/** @param texts how many the document has */
function skeletonOf(open: string, { text, proof: { created } }: ProofText, texts: number): string {
  const member = (value: string): string => `"created":"${value}"`;
  return open + text.replace(member(created), member(ownTextSign(texts))) + ownTextSign(texts + 1) + END;
}

function bytesOf(json: string): SignedBytes {
  const base58 = json.slice(json.lastIndexOf(PROOF_VALUE) + PROOF_VALUE.length, -END.length);
  return { json: encoder.encode(json), signature: decodeSignature(base58) ?? new Uint8Array(0) };
}
