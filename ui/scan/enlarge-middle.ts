import type { RgbaImage } from '../../shared/carrier/read-qr-image.js';

/** Part of the shorter side that is looked at: where the frame on the screen is, and a little more. */
const MIDDLE = 0.8;
/** Most pixels of a side after enlarging; more only costs time. */
const SIDE_MAX = 1200;

/**
 * The middle of a picture, grey and twice as large (bilinear). A reader looks for the edges of modules at pixel borders, so a code
 * of two pixels a module is read more often when enlarged: of poor frames about half more (`npm run bench:scan`).
 * @param options `soften`: spreads each pixel over its neighbours first, which helps where the noise of a dim picture is worse than its blur
 */
export function enlargeMiddle(
  { data, width, height }: RgbaImage,
  { soften = false }: { soften?: boolean } = {},
): RgbaImage {
  const from = Math.floor(Math.min(width, height) * MIDDLE);
  const side = Math.min(2 * from, Math.max(from, SIDE_MAX));
  let grey = new Uint8Array(from * from);
  const left = (width - from) >> 1;
  const top = (height - from) >> 1;
  for (let y = 0, to = 0; y < from; y++)
    for (let x = 0, at = 4 * ((top + y) * width + left); x < from; x++, at += 4)
      grey[to++] = (77 * (data[at] ?? 0) + 150 * (data[at + 1] ?? 0) + 29 * (data[at + 2] ?? 0)) >> 8;

  if (soften) grey = softened(grey, from);
  const columns = places(side, from);
  const enlarged = new Uint32Array(side * side);
  for (let y = 0, to = 0; y < side; y++) {
    const { at: row, part: down } = columns[y] ?? NOWHERE;
    const upper = row * from;
    const lower = upper + from;
    for (let x = 0; x < side; x++) {
      const { at, part } = columns[x] ?? NOWHERE;
      const above = (grey[upper + at] ?? 0) * (256 - part) + (grey[upper + at + 1] ?? 0) * part;
      const below = (grey[lower + at] ?? 0) * (256 - part) + (grey[lower + at + 1] ?? 0) * part;
      enlarged[to++] = 0xff000000 | (((above * (256 - down) + below * down) >> 16) * 0x010101);
    }
  }
  return { data: new Uint8ClampedArray(enlarged.buffer), width: side, height: side };
}

/** Each pixel as the mean of 3 × 3, the nearer ones counting more (1 2 1). */
function softened(grey: Uint8Array, side: number): Uint8Array<ArrayBuffer> {
  const out = Uint8Array.from(grey);
  const at = (index: number): number => grey[index] ?? 0;
  for (let y = 1; y < side - 1; y++)
    for (let x = 1, i = y * side + 1; x < side - 1; x++, i++) {
      const corners = at(i - side - 1) + at(i - side + 1) + at(i + side - 1) + at(i + side + 1);
      const sides = at(i - side) + at(i + side) + at(i - 1) + at(i + 1);
      out[i] = (corners + 2 * sides + 4 * at(i)) >> 4;
    }
  return out;
}

interface Place {
  /** Index of the nearer pixel before. */
  at: number;
  /** 0 to 256: how far on the way to the next. */
  part: number;
}
const NOWHERE: Place = { at: 0, part: 0 };

function places(side: number, from: number): Place[] {
  return Array.from({ length: side }, (_, i) => {
    const exact = Math.min(from - 1.001, Math.max(0, ((i + 0.5) * from) / side - 0.5));
    const at = Math.floor(exact);
    return { at, part: Math.round(256 * (exact - at)) };
  });
}
