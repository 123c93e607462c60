import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import type { RgbaImage } from '../../shared/carrier/read-qr-image.js';
import { loadAsset } from '../app/load-asset.js';

/** What a look at a picture gave: bytes of a code; or `broken`, a code that is there and cannot be read; or nothing. */
export type Look = { bytes: Uint8Array } | { broken: true } | undefined;

/** Reads QR codes in pixels. */
export interface QrDecoder {
  name: 'zxing-wasm' | 'qr';
  /** @param effort `quick`: what a camera frame is worth; `thorough`: also looks for broken codes and weak edges */
  look(image: RgbaImage, effort: 'quick' | 'thorough'): Promise<Look>;
}

/**
 * The best decoder this browser can run: zxing-cpp as WebAssembly, or where that is forbidden (iOS lockdown mode, some company
 * policies) one in plain JavaScript, which reads fewer of the bad pictures.
 */
export async function createQrDecoder(): Promise<QrDecoder> {
  if (!(await canRunWasm())) return plainDecoder();
  try {
    return await zxingDecoder(await loadAsset(wasmUrl));
  } catch {
    return plainDecoder();
  }
}

/** Whether WebAssembly may run here: an empty module is tried. */
export async function canRunWasm(): Promise<boolean> {
  try {
    await WebAssembly.compile(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    return true;
  } catch {
    return false;
  }
}

/** zxing-cpp. @param wasmBinary the file `zxing-wasm/reader/zxing_reader.wasm` */
export async function zxingDecoder(wasmBinary: ArrayBuffer): Promise<QrDecoder> {
  const { prepareZXingModule, readBarcodes } = await import('zxing-wasm/reader');
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  return {
    name: 'zxing-wasm',
    look: async (image, effort) => {
      const [found] = await readBarcodes(image as ImageData, {
        formats: ['QRCode'],
        maxNumberOfSymbols: 1,
        tryHarder: effort === 'thorough',
        returnErrors: effort === 'thorough',
        tryRotate: false,
        tryInvert: false,
        tryDownscale: false,
      });
      if (found === undefined) return undefined;
      return found.isValid ? { bytes: found.bytes } : { broken: true };
    },
  };
}

/** `qr`, in plain JavaScript. */
export async function plainDecoder(): Promise<QrDecoder> {
  const { decodeQR } = await import('qr/decode.js');
  const utf8 = new TextEncoder();
  return {
    name: 'qr',
    look: (image, effort) => {
      const timeLimit = effort === 'thorough' ? 150 : 30;
      try {
        return Promise.resolve({ bytes: utf8.encode(decodeQR(image, { timeLimit })) });
      } catch {
        return Promise.resolve(undefined);
      }
    },
  };
}
