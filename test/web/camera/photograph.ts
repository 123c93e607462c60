import type { GreyImage } from './grey-image.js';
import { halved } from './grey-image.js';
import { normalTable, seededRandom } from './seeded-random.js';

/** A printed page: its picture and its scale, with the point a person aims at. */
export interface PrintedPage {
  picture: GreyImage;
  pixelsPerMm: number;
  /** Middle of the code, in millimetres from the upper left corner. */
  target: { x: number; y: number };
}

/** How a photo is taken. */
export interface Shot {
  /** Pixels of the frame. */
  width: number;
  height: number;
  /** Millimetres from the lens to the middle of the code. */
  distance: number;
  /** Degrees: up-down, left-right, and around the axis. */
  pitch: number;
  yaw: number;
  roll: number;
  /** Millimetres by which the target is beside the middle of the frame. */
  off: { x: number; y: number };
  /** Millimetres by which the paper bends up 40 mm from the target. */
  curl: number;
  /** Standard deviation of the blur of a lens out of focus, in pixels of a frame 1280 wide. */
  blur: number;
  /** Length and direction (degrees) of the shake during exposure, in pixels of a frame 1280 wide. */
  motion: { length: number; angle: number };
  /** Brightness of white paper (0 to 1) at its brightest, and what is left of that at the other side of the frame. */
  light: { brightest: number; falloff: number; angle: number };
  /** A shine on laminated paper: strength 0 to 1, place in parts of the frame. */
  glare?: { strength: number; x: number; y: number; size: number };
  /** Standard deviation of the sensor's noise, of 255. */
  noise: number;
  seed: number;
}

/** Focal length in frame widths of a phone's main camera, about 66° wide. */
const FOCAL_WIDTHS = 0.77;
const TABLE_BRIGHTNESS = 0.35;
const BLACK = 0.06;

/** Takes a picture of a printed page as a phone would: perspective, bent paper, blur, shake, uneven light, shine, noise. */
export function photograph(page: PrintedPage, shot: Shot): GreyImage {
  const { width, height } = shot;
  const scale = width / 1280;
  const seen = project(page, shot);
  const soft = blurred(seen, width, shot.blur * scale);
  const moved = shaken(soft, width, shot.motion.length * scale, shot.motion.angle);
  return { data: exposed(moved, shot), width, height };
}

/** Reflectance (0 to 1) of what each pixel sees; the page is made coarser first, so that one ray a pixel is enough. */
function project(page: PrintedPage, shot: Shot): Float32Array {
  const { width, height } = shot;
  const focal = FOCAL_WIDTHS * width;
  const turn = rotation(shot);
  const [lensX, lensY, lensZ] = transposedTimes(turn, [-shot.off.x, -shot.off.y, -shot.distance]);
  let { data, width: pageWidth, height: pageHeight } = page.picture;
  let pixelsPerMm = page.pixelsPerMm;
  while (pixelsPerMm > (1.6 * focal) / shot.distance) {
    ({ data, width: pageWidth, height: pageHeight } = halved({ data, width: pageWidth, height: pageHeight }));
    pixelsPerMm /= 2;
  }
  const bend = shot.curl / 1600 / Math.abs(lensZ);
  const seen = new Float32Array(width * height).fill(TABLE_BRIGHTNESS);
  for (let y = 0, to = 0; y < height; y++) {
    const v = (y + 0.5 - height / 2) / focal;
    for (let x = 0; x < width; x++, to++) {
      const u = (x + 0.5 - width / 2) / focal;
      const reach = -lensZ / (turn[2] * u + turn[5] * v + turn[8]);
      const flatX = lensX + reach * (turn[0] * u + turn[3] * v + turn[6]);
      const flatY = lensY + reach * (turn[1] * u + turn[4] * v + turn[7]);
      const raised = bend * flatX * flatX;
      const px = (flatX + (lensX - flatX) * raised + page.target.x) * pixelsPerMm - 0.5;
      const py = (flatY + (lensY - flatY) * raised + page.target.y) * pixelsPerMm - 0.5;
      if (!(px >= 0 && py >= 0 && px < pageWidth - 1 && py < pageHeight - 1)) continue;
      const [left, top] = [px | 0, py | 0];
      const [fx, fy] = [px - left, py - top];
      const at = top * pageWidth + left;
      const upper = data[at]! * (1 - fx) + data[at + 1]! * fx;
      const lower = data[at + pageWidth]! * (1 - fx) + data[at + pageWidth + 1]! * fx;
      seen[to] = (upper * (1 - fy) + lower * fy) / 255;
    }
  }
  return seen;
}

type Vector = [number, number, number];
type Matrix = [number, number, number, number, number, number, number, number, number];

/** Turns page directions into camera directions; row by row. */
function rotation({ pitch, yaw, roll }: Shot): Matrix {
  const [a, b, c] = [pitch, yaw, roll].map((degrees) => (degrees * Math.PI) / 180) as Vector;
  const [sa, ca, sb, cb, sc, cc] = [
    Math.sin(a),
    Math.cos(a),
    Math.sin(b),
    Math.cos(b),
    Math.sin(c),
    Math.cos(c),
  ] as const;
  return [
    cc * cb,
    cc * sb * sa - sc * ca,
    cc * sb * ca + sc * sa,
    sc * cb,
    sc * sb * sa + cc * ca,
    sc * sb * ca - cc * sa,
    -sb,
    cb * sa,
    cb * ca,
  ];
}

function transposedTimes(m: Matrix, [x, y, z]: Vector): Vector {
  return [m[0] * x + m[3] * y + m[6] * z, m[1] * x + m[4] * y + m[7] * z, m[2] * x + m[5] * y + m[8] * z];
}

function blurred(values: Float32Array, width: number, sigma: number): Float32Array {
  if (sigma < 0.2) return values;
  const radius = Math.ceil(2.5 * sigma);
  const taps = Array.from({ length: 2 * radius + 1 }, (_, i) => ({
    by: i - radius,
    weight: Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  }));
  const across = convolved(
    values,
    width,
    taps.map(({ by, weight }) => ({ x: by, y: 0, weight })),
  );
  return convolved(
    across,
    width,
    taps.map(({ by, weight }) => ({ x: 0, y: by, weight })),
  );
}

function shaken(values: Float32Array, width: number, length: number, angle: number): Float32Array {
  const steps = Math.ceil(length);
  if (steps < 1) return values;
  const radians = (angle * Math.PI) / 180;
  const taps = Array.from({ length: steps + 1 }, (_, i) => {
    const by = length * (i / steps - 0.5);
    return { x: Math.round(by * Math.cos(radians)), y: Math.round(by * Math.sin(radians)), weight: 1 };
  });
  return convolved(values, width, taps);
}

/** The weighted mean of neighbours; rows of the same neighbour are added at once, which is many times faster than pixel by pixel. */
function convolved(
  values: Float32Array,
  width: number,
  taps: readonly { x: number; y: number; weight: number }[],
): Float32Array {
  const total = taps.reduce((sum, { weight }) => sum + weight, 0);
  const out = new Float32Array(values.length);
  for (const { x, y, weight } of taps) {
    const part = weight / total;
    const by = y * width + x;
    const from = Math.max(0, -by);
    const to = Math.min(values.length, values.length - by);
    for (let at = from; at < to; at++) out[at]! += part * values[at + by]!;
    for (let at = 0; at < from; at++) out[at]! += part * values[at]!;
    for (let at = to; at < values.length; at++) out[at]! += part * values[at]!;
  }
  return out;
}

function exposed(values: Float32Array, shot: Shot): Uint8ClampedArray {
  const { width, height, light, glare } = shot;
  const random = seededRandom(shot.seed);
  const table = normalTable(random);
  const radians = (light.angle * Math.PI) / 180;
  const [lx, ly] = [Math.cos(radians) / width, Math.sin(radians) / height];
  const reach = Math.abs(Math.cos(radians)) + Math.abs(Math.sin(radians));
  const out = new Uint8ClampedArray(values.length);
  for (let y = 0, at = 0; y < height; y++) {
    const start = Math.floor(random() * 65_536);
    for (let x = 0; x < width; x++, at++) {
      const side = ((x - width / 2) * lx + (y - height / 2) * ly) / reach + 0.5;
      let value = light.brightest * (1 - side * (1 - light.falloff)) * (BLACK + (1 - BLACK) * values[at]!);
      if (glare) {
        const [gx, gy] = [(x / width - glare.x) / glare.size, ((y - glare.y * height) / width / glare.size) * 1.6];
        value += glare.strength * Math.exp(-(gx * gx + gy * gy));
      }
      out[at] = 255 * value + shot.noise * Math.sqrt(0.3 + Math.min(1, value)) * table[(start + x * 7) & 65_535]!;
    }
  }
  return out;
}
