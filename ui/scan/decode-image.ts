import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import type { RgbaImage } from '../../shared/carrier/read-qr-image.js';
import { createQrImageReader, MAX_IMAGE_PIXELS } from '../../shared/carrier/read-qr-image.js';
import { YizhengError } from '../../shared/errors.js';
import { loadAsset } from '../app/load-asset.js';
import { enlargeMiddle } from './enlarge-middle.js';
import { canRunWasm, plainDecoder } from './qr-decoder.js';

type ImageReader = (image: RgbaImage) => Promise<string>;

let reader: Promise<ImageReader> | undefined;

/**
 * Text of the one QR code in a picture; for photos and rendered pages, in a worker. A picture in which nothing is found is looked at
 * again with its middle enlarged, and softened: people hold a code into the middle, often from too far.
 * @throws YizhengError `IMAGE_NO_QR`, `IMAGE_TOO_LARGE`
 */
export async function decodeImage(image: RgbaImage): Promise<string> {
  reader ??= createReader();
  const read = await reader;
  try {
    return await read(image);
  } catch (error) {
    if (!(error instanceof YizhengError && error.code === 'IMAGE_NO_QR')) throw error;
    return read(enlargeMiddle(image))
      .catch(() => read(enlargeMiddle(image, { soften: true })))
      .catch(() => Promise.reject(error));
  }
}

/** Loads the decoder, so that the first picture waits for nothing. */
export async function warmDecoder(): Promise<void> {
  reader ??= createReader();
  await reader;
}

async function createReader(): Promise<ImageReader> {
  return (await canRunWasm()) ? createQrImageReader(await loadAsset(wasmUrl)) : plainReader();
}

/** Where WebAssembly is forbidden. */
async function plainReader(): Promise<ImageReader> {
  const decoder = await plainDecoder();
  return async (image) => {
    if (image.width * image.height > MAX_IMAGE_PIXELS)
      throw new YizhengError('IMAGE_TOO_LARGE', 'The picture is larger than 64 million pixels.', { status: 413 });
    const look = await decoder.look(image, 'thorough');
    if (look && 'bytes' in look) return new TextDecoder().decode(look.bytes);
    throw new YizhengError('IMAGE_NO_QR', 'No QR code was found in the picture; take it closer, sharper and flat.', {
      status: 422,
    });
  };
}
