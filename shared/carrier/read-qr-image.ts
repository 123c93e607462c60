import { prepareZXingModule, readBarcodes, type ReaderOptions } from 'zxing-wasm/reader';
import { YizhengError } from '../errors.js';
import { readImageHeader } from './image-header.js';

/** Largest picture file, in bytes. */
export const MAX_IMAGE_BYTES = 20 * 1024 * 1024;
/** Most pixels of a picture. */
export const MAX_IMAGE_PIXELS = 64_000_000;

/** Pixels as a camera frame or canvas gives them. */
export interface RgbaImage {
  /** 4 bytes per pixel: red, green, blue, alpha. */
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/** Reads the one QR code in a picture: a PNG or JPEG file, or pixels. Resolves to the text in the code. */
export type QrImageReader = (image: Uint8Array | RgbaImage) => Promise<string>;

/** The options measured best for single frames (design/SCANNING.md), then a slow second look for photos. */
const ATTEMPTS: readonly ReaderOptions[] = [
  { tryHarder: false, tryRotate: false, tryInvert: false, tryDownscale: false },
  { tryHarder: true, tryRotate: true, tryInvert: true, tryDownscale: true },
].map((options) => ({ ...options, formats: ['QRCode'], maxNumberOfSymbols: 1 }));

/**
 * Makes a reader of QR codes in pictures (zxing-cpp as WebAssembly); in Node and in browsers, best in a worker.
 *
 * The reader rejects with YizhengError `IMAGE_TOO_LARGE` (413) over 20 MiB or 64 million pixels, `IMAGE_UNREADABLE` for what is
 * no PNG, JPEG or pixels, `IMAGE_TRUNCATED` for a file that ends too early, `IMAGE_NO_QR` when no code is found.
 * @param wasmBinary the file `zxing-wasm/reader/zxing_reader.wasm`; nothing is fetched
 */
export function createQrImageReader(wasmBinary: ArrayBuffer): QrImageReader {
  return async (image) => {
    const truncated = image instanceof Uint8Array ? checkFile(image) : checkPixels(image);
    await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
    for (const options of ATTEMPTS) {
      const [found] = await readBarcodes(image as Uint8Array<ArrayBuffer> | ImageData, options);
      if (found?.isValid) return new TextDecoder().decode(found.bytes);
      if (found?.error.includes('load image')) throw truncated ? cutShort() : unreadable();
    }
    if (truncated) throw cutShort();
    throw new YizhengError('IMAGE_NO_QR', 'No QR code was found in the picture; take it closer, sharper and flat.', {
      status: 422,
    });
  };
}

function checkFile(file: Uint8Array): boolean {
  if (file.length > MAX_IMAGE_BYTES) throw tooLarge();
  const header = readImageHeader(file);
  if (!header) throw unreadable();
  if (header.width === undefined || header.height === undefined) throw header.truncated ? cutShort() : unreadable();
  if (header.width * header.height > MAX_IMAGE_PIXELS) throw tooLarge();
  if (header.truncated && header.format === 'png') throw cutShort();
  return header.truncated;
}

function checkPixels({ data, width, height }: RgbaImage): boolean {
  if (width * height > MAX_IMAGE_PIXELS) throw tooLarge();
  if (!Number.isInteger(width) || !Number.isInteger(height) || data.length !== 4 * width * height || data.length === 0)
    throw unreadable();
  return false;
}

function tooLarge(): YizhengError {
  return new YizhengError('IMAGE_TOO_LARGE', 'The picture is larger than 20 MiB or 64 million pixels.', {
    status: 413,
  });
}

function unreadable(): YizhengError {
  return new YizhengError('IMAGE_UNREADABLE', 'The picture cannot be read; send a PNG or JPEG file.', { status: 422 });
}

function cutShort(): YizhengError {
  return new YizhengError('IMAGE_TRUNCATED', 'The picture file ends too early; send it again.', { status: 422 });
}
