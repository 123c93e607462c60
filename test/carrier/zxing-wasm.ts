import { readFileSync } from 'node:fs';

/** The WebAssembly file of the QR reader, as the installed package brings it. */
export function zxingWasm(): ArrayBuffer {
  return Uint8Array.from(readFileSync('node_modules/zxing-wasm/dist/reader/zxing_reader.wasm')).buffer;
}
