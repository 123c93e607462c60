import { hash } from 'node:crypto';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import type { MadeCertificates, PackedTexts } from '../bulk-signer.js';
import type { PackerRoom } from './packer-room.js';

/** A certificate, its texts as UTF-8 that is good until the next one is made. */
export interface CertificateTexts {
  kind: CertificateRecord['kind'];
  /** The signed credential. */
  json: Uint8Array;
  qr: Uint8Array;
}

/** Many certificates as a few blocks, whose bytes go from thread to thread without being copied. */
export interface PackedCertificates {
  json: PackedTexts;
  qr: PackedTexts;
  /** The kinds there are, and which of them each certificate has. */
  kinds: CertificateRecord['kind'][];
  kindOf: Uint8Array<ArrayBuffer>;
  /** SHA-256 of each JSON text, hex, one after the other. */
  digests: string;
}

/** Room for the JSON text of one certificate, and for its QR text; more is made where it does not do. */
const USUAL_JSON_BYTES = 2560;
const USUAL_QR_BYTES = 640;

/** Packs certificates as they are made. */
export class CertificatePacker {
  readonly #json: TextPacker;
  readonly #qr: TextPacker;
  readonly #kinds: CertificateRecord['kind'][] = [];
  readonly #kindOf: Uint8Array<ArrayBuffer>;
  #digests = '';
  #count = 0;

  /**
   * @param count how many there will be
   * @param room memory to pack them into, which nobody else looks at any more
   */
  constructor(count: number, room?: PackerRoom) {
    this.#json = new TextPacker(count, count * USUAL_JSON_BYTES, room?.json);
    this.#qr = new TextPacker(count, count * USUAL_QR_BYTES, room?.qr);
    this.#kindOf = new Uint8Array(count);
  }

  /** Adds the next one. */
  add({ kind, json, qr }: CertificateTexts): void {
    this.#digests += hash('sha256', json);
    this.#json.add(json);
    this.#qr.add(qr);
    const known = this.#kinds.indexOf(kind);
    this.#kindOf[this.#count++] = known === -1 ? this.#kinds.push(kind) - 1 : known;
  }

  /** Everything added; nothing can be added any more. */
  finish(): PackedCertificates {
    return {
      json: this.#json.finish(),
      qr: this.#qr.finish(),
      kinds: this.#kinds,
      kindOf: this.#kindOf,
      digests: this.#digests,
    };
  }
}

/** Puts texts one after the other. */
class TextPacker {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  #count = 0;
  readonly #ends: Uint32Array<ArrayBuffer>;

  constructor(count: number, usualBytes: number, room?: ArrayBuffer) {
    this.#bytes = new Uint8Array(room && room.byteLength >= usualBytes ? room : new ArrayBuffer(usualBytes));
    this.#ends = new Uint32Array(count);
  }

  add(text: Uint8Array): void {
    const end = this.#length + text.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(2 * end);
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(text, this.#length);
    this.#length = end;
    this.#ends[this.#count++] = end;
  }

  finish(): PackedTexts {
    return { bytes: this.#bytes.subarray(0, this.#length), ends: this.#ends };
  }
}

/** What of it changes hands with a message. */
export function transferable({ json, qr, kindOf }: PackedCertificates): ArrayBuffer[] {
  return [json.bytes.buffer, json.ends.buffer, qr.bytes.buffer, qr.ends.buffer, kindOf.buffer];
}

/** Puts together what {@link CertificatePacker}s packed; the bytes are shared, not copied. */
export function unpackCertificates(parts: readonly PackedCertificates[]): MadeCertificates {
  const kind: PackedCertificates['kinds'] = [];
  for (const { kinds, kindOf } of parts) for (const at of kindOf) kind.push(kindAt(kinds, at));
  return {
    kind,
    json: parts.map(({ json }) => json),
    qr: parts.map(({ qr }) => qr),
    sha256: parts.map(({ digests }) => digests).join(''),
  };
}

function kindAt(kinds: PackedCertificates['kinds'], at: number): CertificateRecord['kind'] {
  const kind = kinds[at];
  if (kind === undefined) throw new RangeError('A packed certificate has no kind.');
  return kind;
}
