/** What the header of a picture says, read without decoding it. */
export interface ImageHeader {
  format: 'png' | 'jpeg';
  /** Pixels; undefined when the file ends before it says so. */
  width?: number;
  height?: number;
  /** True when the file ends before its format says it does. */
  truncated: boolean;
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The header of a PNG (W3C PNG §5) or JPEG (ITU-T T.81 Annex B) file; undefined for anything else. */
export function readImageHeader(bytes: Uint8Array): ImageHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (PNG_SIGNATURE.every((byte, i) => bytes[i] === byte)) return pngHeader(view);
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return jpegHeader(view);
  return undefined;
}

function pngHeader(view: DataView): ImageHeader {
  if (view.byteLength < 24) return { format: 'png', truncated: true };
  const header = { format: 'png' as const, width: view.getUint32(16), height: view.getUint32(20) };
  for (let at = 8; at + 12 <= view.byteLength; at += 12 + view.getUint32(at))
    if (view.getUint32(at + 4) === 0x49454e44) return { ...header, truncated: false };
  return { ...header, truncated: true };
}

function jpegHeader(view: DataView): ImageHeader {
  const last = view.byteLength - 1;
  let truncated = true;
  for (let at = last - 1; at >= 2 && truncated; at--) truncated = view.getUint16(at) !== 0xffd9;
  for (let at = 2; at + 9 <= view.byteLength && view.getUint8(at) === 0xff;) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (hasNoLength(marker)) break;
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (frame) return { format: 'jpeg', height: view.getUint16(at + 5), width: view.getUint16(at + 7), truncated };
    at += 2 + view.getUint16(at + 2);
  }
  return { format: 'jpeg', truncated };
}

/** Markers nothing follows, and stuffing: a decoder reads on behind them, so what stands there is not a length (none belongs before a frame). */
function hasNoLength(marker: number): boolean {
  return marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd9);
}
