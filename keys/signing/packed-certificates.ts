import { hash } from 'node:crypto';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import type { MadeCertificate } from '../bulk-signer.js';

/** A certificate, its texts as UTF-8 that is good until the next one is made. */
export interface CertificateTexts {
  id: string;
  kind: CertificateRecord['kind'];
  /** The signed credential. */
  json: Uint8Array;
  qr: Uint8Array;
}

/** Many certificates as one block of bytes, which goes from thread to thread without being copied. */
export interface PackedCertificates {
  /** UTF-8 of each certificate's JSON text and then of its QR text, one after the other. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Where each of these texts ends: two for a certificate. */
  ends: Uint32Array<ArrayBuffer>;
  ids: string[];
  kinds: CertificateRecord['kind'][];
  /** SHA-256 of each JSON text, hex. */
  digests: string[];
}

/** Room for one certificate with its QR text; more is made where it does not do. */
const USUAL_BYTES = 4096;

/** Packs certificates as they are made. */
export class CertificatePacker {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  readonly #ends: Uint32Array<ArrayBuffer>;
  readonly #ids: string[] = [];
  readonly #kinds: CertificateRecord['kind'][] = [];
  readonly #digests: string[] = [];

  /** @param count how many there will be */
  constructor(count: number) {
    this.#bytes = new Uint8Array(count * USUAL_BYTES);
    this.#ends = new Uint32Array(2 * count);
  }

  /** Adds the next one. */
  add({ id, kind, json, qr }: CertificateTexts): void {
    const place = 2 * this.#ids.length;
    const start = this.#length;
    this.#ends[place] = this.#append(json);
    this.#digests.push(hash('sha256', this.#bytes.subarray(start, this.#length)));
    this.#ends[place + 1] = this.#append(qr);
    this.#ids.push(id);
    this.#kinds.push(kind);
  }

  /** Everything added; nothing can be added any more. */
  finish(): PackedCertificates {
    return {
      bytes: this.#bytes.subarray(0, this.#length),
      ends: this.#ends,
      ids: this.#ids,
      kinds: this.#kinds,
      digests: this.#digests,
    };
  }

  #append(text: Uint8Array): number {
    const end = this.#length + text.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(2 * end);
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(text, this.#length);
    return (this.#length = end);
  }
}

/** What of it changes hands with a message. */
export function transferable({ bytes, ends }: PackedCertificates): ArrayBuffer[] {
  return [bytes.buffer, ends.buffer];
}

/** Takes apart what {@link CertificatePacker} packed; the bytes are shared, not copied. */
export function unpackCertificates({ bytes, ends, ids, kinds, digests }: PackedCertificates): MadeCertificate[] {
  return ids.flatMap((id, i) => {
    const [kind, sha256, middle, end] = [kinds[i], digests[i], ends[2 * i], ends[2 * i + 1]];
    if (kind === undefined || sha256 === undefined || middle === undefined) return [];
    const start = i === 0 ? 0 : ends[2 * i - 1];
    return [{ id, kind, json: bytes.subarray(start, middle), qr: bytes.subarray(middle, end), sha256 }];
  });
}
