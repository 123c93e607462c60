import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, readBarcodes, type ReaderOptions } from 'zxing-wasm/reader';
import type { Pixels } from './render-pdf-page.js';

const OPTIONS: ReaderOptions = { formats: ['QRCode'], maxNumberOfSymbols: 1, tryHarder: true };

let prepared = false;

/**
 * Text of the QR symbol in a picture, read by zxing-wasm; its wasm comes from the installed package, never from a network.
 * @param picture raw pixels, or the bytes of a PNG or JPEG file whose size was checked
 * @returns undefined when there is none that can be read
 */
export async function readQr(picture: Pixels | Uint8Array): Promise<string | undefined> {
  if (!prepared) {
    const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
    prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(wasm).buffer } });
    prepared = true;
  }
  const input = picture instanceof Uint8Array ? Uint8Array.from(picture) : { ...picture, colorSpace: 'srgb' as const };
  const [found] = await readBarcodes(input, OPTIONS);
  return found?.isValid === true ? found.text : undefined;
}
