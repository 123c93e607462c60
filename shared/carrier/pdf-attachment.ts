import { getDocument, type PDFDocumentProxy } from './pdfjs.js';
import { YizhengError } from '../errors.js';
import { CREDENTIAL_LIMITS } from '../json/parse-json.js';
import { refusePdfBomb } from './refuse-pdf-bomb.js';

/** How the signed credential is embedded in a PDF certificate (ISO 32000-2 §7.11.4, PDF/A-3). Writer and reader agree on this. */
export const CERTIFICATE_ATTACHMENT = {
  name: 'certificate.json',
  mediaType: 'application/vc',
  description: '已签名的证书原文 · The signed certificate itself',
  relationship: 'Source',
} as const;

/** Largest PDF, in bytes. */
export const MAX_PDF_BYTES = 20 * 1024 * 1024;
/** Most pages of a PDF. */
export const MAX_PDF_PAGES = 50;

/** What was found in a PDF. */
export interface PdfContent {
  /** Text of the attached credential, not parsed yet; absent when there is none. */
  attachment?: string;
  pages: number;
}

/**
 * Opens a PDF and looks for the attached credential. No script, font or network is used.
 *
 * Files that unpack to more than 64 MiB are refused first (`refusePdfBomb`). A service still runs this in a worker it can end.
 * @param options `signal`: gives up between steps; `maxPages`: 50 unless given
 * @throws YizhengError `PDF_TOO_LARGE` (413) over 20 MiB, too many pages or a 64 KiB attachment, `PDF_UNREADABLE`, `PDF_AMBIGUOUS` for two
 *   attachments of our name, `ABORTED`
 */
export async function readPdf(
  pdf: Uint8Array,
  options: { signal?: AbortSignal | undefined; maxPages?: number } = {},
): Promise<PdfContent> {
  if (pdf.length > MAX_PDF_BYTES) throw tooLarge('The PDF is larger than 20 MiB.');
  throwIfAborted(options.signal);
  await refusePdfBomb(pdf);
  throwIfAborted(options.signal);
  const task = getDocument({
    data: pdf.slice(),
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    enableXfa: false,
    stopAtErrors: true,
    verbosity: 0,
  });
  const stop = (): void => void task.destroy();
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    return await read(await task.promise, options.maxPages ?? MAX_PDF_PAGES);
  } catch (cause) {
    throwIfAborted(options.signal);
    if (cause instanceof YizhengError) throw cause;
    throw new YizhengError('PDF_UNREADABLE', 'The PDF cannot be read: it is damaged, encrypted or no PDF.', {
      status: 422,
      cause,
    });
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await task.destroy();
  }
}

/**
 * The credential attached to a PDF certificate, as the text that was embedded; not parsed yet.
 * @throws YizhengError `PDF_NO_CREDENTIAL`, and the codes of {@link readPdf}
 */
export async function readPdfAttachment(
  pdf: Uint8Array,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const { attachment } = await readPdf(pdf, options);
  if (attachment === undefined) throw noCredential();
  return attachment;
}

/** The error of a PDF that carries no certificate. */
export function noCredential(): YizhengError {
  return new YizhengError('PDF_NO_CREDENTIAL', 'The PDF holds neither an attached certificate nor its QR code.', {
    status: 422,
  });
}

async function read(document: PDFDocumentProxy, maxPages: number): Promise<PdfContent> {
  const pages = document.numPages;
  if (pages > maxPages) throw tooLarge(`The PDF has more than ${maxPages} pages.`);
  const found = (await document.getAttachments()) as Record<string, { filename?: unknown; content?: unknown }> | null;
  const ours = Object.values(found ?? {}).filter(({ filename }) => filename === CERTIFICATE_ATTACHMENT.name);
  if (ours.length > 1)
    throw new YizhengError('PDF_AMBIGUOUS', `The PDF has more than one ${CERTIFICATE_ATTACHMENT.name}.`, {
      status: 422,
    });
  const content = ours[0]?.content;
  if (!(content instanceof Uint8Array)) return { pages };
  if (content.length > CREDENTIAL_LIMITS.maxBytes) throw tooLarge('The attached certificate is larger than 64 KiB.');
  try {
    return { pages, attachment: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content) };
  } catch (cause) {
    throw new YizhengError('JSON_NOT_UTF8', 'The attached certificate is not valid UTF-8.', { cause });
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new YizhengError('ABORTED', 'Reading was given up.', { status: 503, cause: signal.reason as unknown });
}

function tooLarge(message: string): YizhengError {
  return new YizhengError('PDF_TOO_LARGE', message, { status: 413 });
}
