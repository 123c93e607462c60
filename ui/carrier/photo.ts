import type { RgbaImage } from '../../shared/carrier/read-qr-image.js';
import { YizhengError } from '../../shared/errors.js';

/** Pixels of the first look. */
const SMALL_PIXELS = 5_000_000;
/** Pixels of the second look; a canvas of this size works on cheap phones, too. */
const LARGE_PIXELS = 16_000_000;

/** Beginnings of picture files: PNG, JPEG, GIF, BMP, WebP, and ISO media (HEIC, AVIF). */
const BEGINNINGS = [
  /^\x89PNG/,
  /^\xff\xd8\xff/,
  /^GIF8/,
  /^BM.{4}\0\0\0\0/s,
  /^RIFF.{4}WEBP/s,
  /^.{4}ftyp(?:hei|mif|avi)/s,
];

/** Whether a file begins like a picture. */
export function isPicture(bytes: Uint8Array): boolean {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  return BEGINNINGS.some((beginning) => beginning.test(start));
}

/** A photo as pixels: at most five million at first; more of them on demand, when the photo has more. */
export interface Photo {
  small: RgbaImage;
  large?: () => Promise<RgbaImage>;
}

/**
 * Decodes a picture file with the browser's own decoder, made smaller while decoding where it is large.
 * @throws YizhengError `IMAGE_UNREADABLE`: damaged, or a kind this browser cannot draw
 */
export async function photoPixels(bytes: Uint8Array): Promise<Photo> {
  const file = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  const whole = await bitmap(file);
  const { width, height } = whole;
  const pixels = width * height;
  const small = await drawn(file, whole, Math.min(1, Math.sqrt(SMALL_PIXELS / pixels)));
  const largeScale = Math.min(1, Math.sqrt(LARGE_PIXELS / pixels));
  return pixels <= SMALL_PIXELS ? { small } : { small, large: async () => drawn(file, await bitmap(file), largeScale) };
}

/** Draws it at a scale and lets go of the bitmap. */
async function drawn(file: Blob, whole: ImageBitmap, scale: number): Promise<RgbaImage> {
  const [width, height] = [whole.width, whole.height].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ];
  if (scale === 1) return pixelsOf(whole);
  whole.close();
  return pixelsOf(await bitmap(file, { resizeWidth: width, resizeHeight: height, resizeQuality: 'medium' }));
}

function pixelsOf(image: ImageBitmap): RgbaImage {
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw unreadable();
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0);
  image.close();
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}

async function bitmap(file: Blob, options?: ImageBitmapOptions): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, options);
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause?: unknown): YizhengError {
  return new YizhengError('IMAGE_UNREADABLE', 'The picture cannot be read here; send a PNG or JPEG file.', { cause });
}
