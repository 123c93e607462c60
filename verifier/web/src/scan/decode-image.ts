import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { createQrImageReader, type QrImageReader, type RgbaImage } from '../../../../shared/carrier/read-qr-image.js';
import { loadAsset } from '../app/load-asset.js';

let reader: Promise<QrImageReader> | undefined;

/**
 * Text of the one QR code in a picture; for photos and rendered pages, in a worker.
 * @throws YizhengError `IMAGE_NO_QR`, `IMAGE_TOO_LARGE`
 */
export async function decodeImage(image: RgbaImage): Promise<string> {
  reader ??= loadAsset(wasmUrl).then(createQrImageReader);
  return (await reader)(image);
}

/** Loads the decoder, so that the first picture waits for nothing. */
export async function warmDecoder(): Promise<void> {
  reader ??= loadAsset(wasmUrl).then(createQrImageReader);
  await reader;
}
