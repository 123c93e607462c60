import { fillSkeleton } from '../shared/certificate/credential-skeleton.js';
import { DIGEST_LENGTH, WHOLE, type ApartTexts, type MadeCertificates, type PackedTexts } from './bulk-signer.js';

/** Certificates of several jobs, one after the other; their bytes are shared, not copied. */
export function joinMade(all: readonly MadeCertificates[]): MadeCertificates {
  return {
    kind: all.flatMap(({ kind }) => kind),
    json: all.flatMap(({ json }) => json),
    qr: all.flatMap(({ qr }) => qr),
    sha256: all.map(({ sha256 }) => sha256).join(''),
  };
}

/** One of these certificates. @throws RangeError where there are fewer */
export function madeAt({ kind, json, qr, sha256 }: MadeCertificates, place: number): MadeCertificates {
  return {
    kind: kind.slice(place, place + 1),
    json: [apartAt(json, place)],
    qr: [packed(textAt(qr, place))],
    sha256: digestAt(sha256, place),
  };
}

/** One digest of {@link MadeCertificates.sha256}. */
export function digestAt(sha256: string, place: number): string {
  return sha256.slice(place * DIGEST_LENGTH, (place + 1) * DIGEST_LENGTH);
}

/** One text of parts. @throws RangeError where there are fewer */
export function textAt(parts: readonly PackedTexts[], place: number): Uint8Array<ArrayBuffer> {
  let before = 0;
  for (const { bytes, ends } of parts) {
    const i = place - before;
    if (i < ends.length) return bytes.subarray(i === 0 ? 0 : ends[i - 1], ends[i]);
    before += ends.length;
  }
  throw new RangeError(`There is no text ${place}.`);
}

/** The JSON text of one certificate. @throws RangeError where there are fewer; YizhengError `CERTIFICATE_DAMAGED` (500) */
export function jsonAt(parts: readonly ApartTexts[], place: number): string {
  const { texts, skeletons } = apartAt(parts, place);
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(texts.bytes);
  const [skeleton] = skeletons;
  return skeleton === undefined ? text : fillSkeleton(skeleton, text);
}

function apartAt(parts: readonly ApartTexts[], place: number): ApartTexts {
  let before = 0;
  for (const { texts, skeletons, skeletonOf } of parts) {
    const i = place - before;
    const at = skeletonOf[i];
    if (at !== undefined) {
      const text = packed(textAt([texts], i));
      if (at === WHOLE) return { texts: text, skeletons: [], skeletonOf: Uint8Array.of(WHOLE) };
      const skeleton = skeletons[at];
      if (skeleton === undefined) throw new RangeError(`Text ${place} has no skeleton.`);
      return { texts: text, skeletons: [skeleton], skeletonOf: Uint8Array.of(0) };
    }
    before += skeletonOf.length;
  }
  throw new RangeError(`There is no text ${place}.`);
}

function packed(bytes: Uint8Array<ArrayBuffer>): PackedTexts {
  return { bytes, ends: Uint32Array.of(bytes.length) };
}
