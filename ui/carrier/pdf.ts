import { noCredential, readPdf } from '../../shared/carrier/pdf-attachment.js';
import { getDocument, type PDFDocumentProxy } from '../../shared/carrier/pdfjs.js';
import type { RgbaImage } from '../../shared/carrier/read-qr-image.js';
import { YizhengError } from '../../shared/errors.js';
import { CanvasFactory, NoFilters } from './pdf-canvas.js';

/** Most pages searched for a printed code. */
export const MAX_PAGES_LOOKED_AT = 20;
const SCAN_DPI = 200;
const MAX_PAGE_PIXELS = 16_000_000;

/** What a PDF held: the attached credential, else the text of the first code printed on a page. */
export type PdfFound = ({ attachment: string; text?: never } | { attachment?: never; text: string }) & {
  /** Given when the PDF has more pages than were looked at. */
  pages?: { looked: number; all: number };
};

/**
 * Takes the certificate out of a PDF: its attachment first, else the code on one of the first twenty pages.
 * @throws YizhengError `PDF_NO_CREDENTIAL`, `PDF_PAGES` (none on the pages looked at, and there are more), and the codes of `readPdf`
 */
export async function openPdf(pdf: Uint8Array, readCode: (page: RgbaImage) => Promise<string>): Promise<PdfFound> {
  const { attachment, pages: all } = await readPdf(pdf, { maxPages: Infinity });
  if (attachment !== undefined) return { attachment };
  const looked = Math.min(all, MAX_PAGES_LOOKED_AT);
  const text = await codeOnPages(pdf, looked, readCode);
  if (text !== undefined) return { text, ...(all > looked && { pages: { looked, all } }) };
  if (all > looked)
    throw new YizhengError('PDF_PAGES', `No certificate on the first ${looked} of ${all} pages.`, { at: String(all) });
  throw noCredential();
}

async function codeOnPages(
  pdf: Uint8Array,
  last: number,
  readCode: (page: RgbaImage) => Promise<string>,
): Promise<string | undefined> {
  const loading = getDocument({
    data: pdf.slice(),
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    enableXfa: false,
    maxImageSize: MAX_PAGE_PIXELS,
    CanvasFactory,
    FilterFactory: NoFilters,
    verbosity: 0,
  });
  try {
    const document = await loading.promise;
    for (let page = 1; page <= last; page++) {
      const text = await drawPage(document, page).then(readCode).catch(noneOnThisPage);
      if (text !== undefined) return text;
    }
    return undefined;
  } finally {
    await loading.destroy();
  }
}

async function drawPage(document: PDFDocumentProxy, number: number): Promise<RgbaImage> {
  const page = await document.getPage(number);
  const natural = page.getViewport({ scale: 1 });
  const scale = Math.min(SCAN_DPI / 72, Math.sqrt(MAX_PAGE_PIXELS / (natural.width * natural.height)));
  const viewport = page.getViewport({ scale });
  const [width, height] = [Math.max(1, Math.floor(viewport.width)), Math.max(1, Math.floor(viewport.height))];
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new YizhengError('PDF_UNREADABLE', 'This browser cannot draw the page.');
  await page.render({ canvas: canvas as unknown as HTMLCanvasElement, viewport, background: '#ffffff' }).promise;
  page.cleanup();
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}

function noneOnThisPage(error: unknown): undefined {
  if (!(error instanceof YizhengError && error.code === 'IMAGE_NO_QR')) throw error;
}
