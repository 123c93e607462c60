import { YizhengError } from '../../shared/errors.js';
import { openCarrier, type OpenedCarrier } from '../../shared/carrier/open-carrier.js';
import { createDocumentLoader } from '../../shared/proof/document-loader.js';
import { decodeImage, warmDecoder } from '../scan/decode-image.js';
import type { CheckInput, CheckResult } from '../verify/types.js';
import { isPicture, photoPixels } from './photo.js';

/** Largest file taken, in bytes. */
export const MAX_INPUT_BYTES = 64 * 1024 * 1024;

/** A certificate taken out of what was given; nothing about it is verified. */
export interface OpenedInput {
  opened: OpenedCarrier;
  pages?: NonNullable<CheckResult['pages']>;
}

/** Of a code that is not ours, as much as is needed to name it. */
const MAX_TOLD = 300;

const documentLoader = createDocumentLoader();

/**
 * Takes a certificate out of text, a picture of any kind the browser can draw, a PDF, or JSON.
 * @throws YizhengError `INPUT_EMPTY`, `CARRIER_TOO_LARGE`, and the codes of `openCarrier`, `photoPixels` and `openPdf`
 */
export async function openInput(input: CheckInput): Promise<OpenedInput> {
  if ('text' in input) return { opened: await openText(input.text) };
  const { bytes } = input;
  if (bytes.length === 0) throw new YizhengError('INPUT_EMPTY', 'The file is empty.');
  if (bytes.length > MAX_INPUT_BYTES) throw new YizhengError('CARRIER_TOO_LARGE', 'The file is larger than 64 MiB.');
  if (isPicture(bytes)) return { opened: { ...(await openCode(await readPicture(bytes))), carrier: 'image' } };
  if (isPdf(bytes)) {
    const { openPdf } = await import('./pdf.js');
    const { attachment, text, pages } = await openPdf(bytes, decodeImage);
    const opened = attachment === undefined ? await openCode(text) : await openCarrier(attachment);
    return { opened: { ...opened, carrier: 'pdf' }, ...(pages && { pages }) };
  }
  return { opened: await openCarrier(bytes, { documentLoader }) };
}

/** Loads what pictures need before the first comes. */
export async function warmReaders(): Promise<void> {
  await warmDecoder();
}

function openText(text: string): Promise<OpenedCarrier> {
  if (text.trim() === '') throw new YizhengError('INPUT_EMPTY', 'There is nothing in it.');
  return openCarrier(text, { documentLoader });
}

/** A code found in a picture. One that is not ours is handed on with its text in `at`, so that it can be named. */
async function openCode(text: string): Promise<OpenedCarrier> {
  try {
    return await openText(text);
  } catch (cause) {
    if (!(cause instanceof YizhengError && cause.code === 'QR_NOT_OURS')) throw cause;
    throw new YizhengError(cause.code, cause.message, { at: text.slice(0, MAX_TOLD), cause });
  }
}

/** Text of the code in a picture. A large photo is drawn smaller first, which is faster and often sharper, then as large as it may be. */
export async function readPicture(bytes: Uint8Array): Promise<string> {
  const { small, large } = await photoPixels(bytes);
  try {
    return await decodeImage(small);
  } catch (error) {
    const finer = error instanceof YizhengError && error.code === 'IMAGE_NO_QR' ? await large?.() : undefined;
    if (!finer) throw error;
    return decodeImage(finer);
  }
}

function isPdf(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 1024)).includes('%PDF-');
}
