import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { CarrierIo } from '../shared/carrier/open-carrier.js';
import { createQrImageReader, type QrImageReader, type RgbaImage } from '../shared/carrier/read-qr-image.js';
import { createDocumentLoader } from '../shared/proof/document-loader.js';
import { encodePng, renderPdfPage } from './render-pdf-page.js';

/** The helpers of `openCarrier` in Node, and what the issuer's release gate looks with. */
export interface NodeCarrierIo extends CarrierIo {
  /** Text of the QR code in a PNG or JPEG file, or in pixels. */
  readQrImage: QrImageReader;
  /** Draws one page (1 = first) of a PDF as a PNG file at 200 dpi. */
  renderPdfPage: (pdf: Uint8Array, page: number) => Promise<Uint8Array>;
  /** Draws one page (1 = first) of a PDF as pixels. */
  renderPdfPixels: (pdf: Uint8Array, page: number, options: { dpi: number }) => Promise<RgbaImage>;
  documentLoader: NonNullable<CarrierIo['documentLoader']>;
}

const SCAN_DPI = 200;

/**
 * Makes the helpers that take certificates out of pictures and PDFs in Node. Everything they need comes from the installed
 * packages; nothing is fetched.
 * @param options `signal`: gives up reading a PDF
 */
export function createCarrierIo({ signal }: { signal?: AbortSignal } = {}): NodeCarrierIo {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  const limits = signal === undefined ? {} : { signal };
  return {
    readQrImage: createQrImageReader(Uint8Array.from(wasm).buffer),
    renderPdfPage: async (pdf, page) => encodePng(await renderPdfPage(pdf, page, { dpi: SCAN_DPI, ...limits })),
    renderPdfPixels: (pdf, page, { dpi }) => renderPdfPage(pdf, page, { dpi, ...limits }),
    documentLoader: createDocumentLoader(),
    ...limits,
  };
}
