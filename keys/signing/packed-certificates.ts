import { hash } from 'node:crypto';
import { fillSkeleton, type ApartText } from '../../shared/certificate/credential-skeleton.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { YizhengError } from '../../shared/errors.js';
import { WHOLE, type ApartTexts, type MadeCertificates, type PackedTexts } from '../bulk-signer.js';
import type { PackerRoom } from './packer-room.js';

/** A certificate, its texts as UTF-8 that is good until the next one is made. */
export interface CertificateTexts {
  kind: CertificateRecord['kind'];
  /** The signed credential. */
  json: Uint8Array;
  qr: Uint8Array;
  /** The same apart from what others share with it. */
  apart?: ApartText | undefined;
}

/** Many certificates as a few blocks, whose bytes go from thread to thread without being copied. */
export interface PackedCertificates {
  json: ApartTexts;
  qr: PackedTexts;
  /** The kinds there are, and which of them each certificate has. */
  kinds: CertificateRecord['kind'][];
  kindOf: Uint8Array<ArrayBuffer>;
  /** SHA-256 of each JSON text, hex, one after the other. */
  digests: string;
}

/** Room for what is its own of the JSON text of a certificate, and for its QR text; more is made where it does not do. */
const USUAL_JSON_BYTES = 512;
const USUAL_QR_BYTES = 640;

/** Packs certificates as they are made. */
export class CertificatePacker {
  readonly #json: ApartPacker;
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
    this.#json = new ApartPacker(count, room?.json);
    this.#qr = new TextPacker(count, count * USUAL_QR_BYTES, room?.qr);
    this.#kindOf = new Uint8Array(count);
  }

  /** Adds the next one. */
  add({ kind, json, qr, apart }: CertificateTexts): void {
    this.#digests += hash('sha256', json);
    this.#json.add(json, apart);
    this.#qr.add(qr);
    const known = this.#kinds.indexOf(kind);
    this.#kindOf[this.#count++] = known === -1 ? this.#kinds.push(kind) - 1 : known;
  }

  /**
   * Everything added, the bytes of the last still being what they were; nothing can be added any more.
   * @throws YizhengError `SIGNATURE_REJECTED` (503) where a text would not be the same, put together again
   */
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

/** Skeletons of a hand-out, at most; further texts are kept whole. */
const MOST_SKELETONS = 16;

/** Packs JSON texts, apart from what they share where that is known. */
class ApartPacker {
  readonly #texts: TextPacker;
  readonly #skeletons: string[] = [];
  readonly #skeletonOf: Uint8Array<ArrayBuffer>;
  #count = 0;
  #last: { json: Uint8Array; apart: ApartText } | undefined;

  constructor(count: number, room?: ArrayBuffer) {
    this.#texts = new TextPacker(count, count * USUAL_JSON_BYTES, room);
    this.#skeletonOf = new Uint8Array(count);
  }

  add(json: Uint8Array, apart: ApartText | undefined): void {
    const at = apart ? this.#skeletonAt(json, apart) : WHOLE;
    this.#skeletonOf[this.#count++] = at;
    this.#texts.add(at === WHOLE || !apart ? json : apart.own);
    this.#last = apart && { json, apart };
  }

  finish(): ApartTexts {
    if (this.#last) refuseOther(this.#last.json, this.#last.apart);
    return { texts: this.#texts.finish(), skeletons: this.#skeletons, skeletonOf: this.#skeletonOf };
  }

  #skeletonAt(json: Uint8Array, apart: ApartText): number {
    const known = this.#skeletons.indexOf(apart.skeleton);
    if (known !== -1) return known;
    if (this.#skeletons.length === MOST_SKELETONS) return WHOLE;
    refuseOther(json, apart);
    return this.#skeletons.push(apart.skeleton) - 1;
  }
}

/** Asked of the first text of each skeleton and of the last of all: what is in between was made by the same means, one over the other. */
function refuseOther(json: Uint8Array, apart: ApartText): void {
  if (!isSame(json, apart))
    throw new YizhengError('SIGNATURE_REJECTED', 'A certificate cannot be put together again; nothing was issued.', {
      status: 503,
    });
}

function isSame(json: Uint8Array, { skeleton, own }: ApartText): boolean {
  try {
    return Buffer.from(fillSkeleton(skeleton, Buffer.from(own).toString())).equals(json);
  } catch {
    return false;
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
  const { texts, skeletonOf } = json;
  return [texts.bytes.buffer, texts.ends.buffer, skeletonOf.buffer, qr.bytes.buffer, qr.ends.buffer, kindOf.buffer];
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
