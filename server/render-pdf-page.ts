import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { getDocument } from '../shared/carrier/pdfjs.js';
import type { RgbaImage } from '../shared/carrier/read-qr-image.js';
import { YizhengError } from '../shared/errors.js';

/** Most pixels a page may be rendered to: A4 at 600 dpi fits. */
export const PAGE_PIXELS_MAX = 40_000_000;

const assets = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
const assetUrl = (folder: string): string => `${pathToFileURL(join(assets, folder)).href}/`;

/**
 * Renders one page of a PDF with pdf.js, on white, without scripts, forms logic, system fonts or network.
 * @param pdf the file; not changed
 * @param pageNumber 1 for the first page
 * @param options `dpi` (72 = one pixel per point); `signal` gives up
 * @throws YizhengError `PDF_UNREADABLE`, `PDF_ENCRYPTED`, `PDF_PAGE_MISSING`, `PDF_PAGE_TOO_LARGE`; `ABORTED` (503)
 */
export async function renderPdfPage(
  pdf: Uint8Array,
  pageNumber: number,
  { dpi, signal }: { dpi: number; signal?: AbortSignal },
): Promise<RgbaImage> {
  throwIfAborted(signal);
  const loading = getDocument({
    data: Uint8Array.from(pdf),
    isEvalSupported: false,
    enableXfa: false,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    disableFontFace: true,
    maxImageSize: PAGE_PIXELS_MAX,
    cMapUrl: assetUrl('cmaps'),
    cMapPacked: true,
    standardFontDataUrl: assetUrl('standard_fonts'),
    verbosity: 0,
  });
  const abort = (): void => void loading.destroy();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const document = await loading.promise;
    if (pageNumber < 1 || pageNumber > document.numPages)
      throw new YizhengError('PDF_PAGE_MISSING', `The PDF has no page ${pageNumber}.`, { status: 422 });
    const page = await document.getPage(pageNumber);
    const viewport = page.getViewport({ scale: dpi / 72 });
    const [width, height] = [Math.ceil(viewport.width), Math.ceil(viewport.height)];
    if (!(width > 0 && height > 0 && width * height <= PAGE_PIXELS_MAX))
      throw new YizhengError('PDF_PAGE_TOO_LARGE', 'The page is too large to be rendered at this resolution.', {
        status: 422,
      });
    const canvas = createCanvas(width, height);
    const context = canvas.getContext('2d');
    await page.render({
      canvas: canvas as unknown as HTMLCanvasElement,
      viewport,
      background: '#ffffff',
    }).promise;
    throwIfAborted(signal);
    const { data } = context.getImageData(0, 0, width, height);
    return { width, height, data: new Uint8ClampedArray(data) };
  } catch (error) {
    throwIfAborted(signal);
    throw pdfError(error);
  } finally {
    signal?.removeEventListener('abort', abort);
    await loading.destroy();
  }
}

function pdfError(error: unknown): unknown {
  if (error instanceof YizhengError) return error;
  const name = error instanceof Error ? error.name : '';
  if (name === 'PasswordException')
    return new YizhengError('PDF_ENCRYPTED', 'The PDF is locked with a password.', { status: 422, cause: error });
  return new YizhengError('PDF_UNREADABLE', 'The file is not a PDF that can be read; it may be damaged.', {
    status: 422,
    cause: error,
  });
}

/** Writes pixels as a PNG file. */
export async function encodePng({ width, height, data }: RgbaImage): Promise<Uint8Array> {
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(new ImageData(data, width, height), 0, 0);
  return new Uint8Array(await canvas.encode('png'));
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true)
    throw new YizhengError('ABORTED', 'Reading was given up.', { status: 503, cause: signal.reason as unknown });
}
