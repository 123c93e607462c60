import { readPdfAttachment } from '../../shared/carrier/pdf-attachment.js';
import { decodeQrText } from '../../shared/carrier/qr-text.js';
import type { QrImageReader, RgbaImage } from '../../shared/carrier/read-qr-image.js';
import { YizhengError } from '../../shared/errors.js';

/** What the gate looks at a finished file with. */
export interface ReleaseGateIo {
  /** Draws a page (1 = first) as it will be printed; as `createCarrierIo` does. */
  renderPdfPixels(pdf: Uint8Array, page: number, options: { dpi: number }): Promise<RgbaImage>;
  /** Reads the QR symbol in a picture; as `createCarrierIo` does. */
  readQrImage: QrImageReader;
  /** Checks the proof of the credential that was read back, with another implementation than the one that signed. */
  verify(credentialJson: string): Promise<boolean>;
}

const PRINT_DPI = 300;

/**
 * Looks at a finished certificate as its readers will, before it leaves the house (issue 2): the symbol must be readable at
 * 300 dpi and blurred to 150 dpi, hold exactly this credential, and verify; the attachment must be this credential too.
 * @param pdf finished file
 * @param credentialJson the signed credential as it was stored, byte for byte
 * @throws YizhengError, status 500: `RELEASE_GATE_QR_UNREADABLE`, `RELEASE_GATE_QR_OTHER`, `RELEASE_GATE_PROOF`,
 *   `RELEASE_GATE_ATTACHMENT`
 */
export async function releaseGate(pdf: Uint8Array, credentialJson: string, io: ReleaseGateIo): Promise<void> {
  const attached = await attachment(pdf);
  if (attached !== credentialJson)
    throw refusal('ATTACHMENT', 'The file attached to the PDF is not the stored credential.');
  await qrGate(pdf, credentialJson, io, { page: 1 });
}

/**
 * Looks at the symbol of one certificate on a finished page; see {@link releaseGate}.
 * @param where `page` (1 = first); `part`: a column of a page with several certificates side by side (0 = left)
 * @throws YizhengError, status 500: `RELEASE_GATE_QR_UNREADABLE`, `RELEASE_GATE_QR_OTHER`, `RELEASE_GATE_PROOF`
 */
export async function qrGate(
  pdf: Uint8Array,
  credentialJson: string,
  io: ReleaseGateIo,
  { page, part = { of: 1, column: 0 } }: { page: number; part?: { of: number; column: number } },
): Promise<void> {
  const print = column(await io.renderPdfPixels(pdf, page, { dpi: PRINT_DPI }), part);
  for (const [picture, name] of [
    [print, 'at 300 dpi'],
    [halve(print), 'blurred to 150 dpi'],
  ] as const) {
    const text = await io.readQrImage(picture).catch((cause: unknown) => {
      throw refusal('QR_UNREADABLE', `The QR code cannot be read ${name}.`, cause);
    });
    if (credentialOf(text) !== credentialJson)
      throw refusal('QR_OTHER', `The QR code read ${name} does not hold the stored credential.`);
  }
  if (!(await io.verify(credentialJson)))
    throw refusal('PROOF', 'The credential read back from the PDF does not verify.');
}

/** One of several columns of equal width. */
function column({ width, height, data }: RgbaImage, part: { of: number; column: number }): RgbaImage {
  if (part.of === 1) return { width, height, data };
  const own = Math.floor(width / part.of);
  const cut = new Uint8ClampedArray(own * height * 4);
  for (let y = 0; y < height; y++) {
    const from = (y * width + part.column * own) * 4;
    cut.set(data.subarray(from, from + own * 4), y * own * 4);
  }
  return { width: own, height, data: cut };
}

async function attachment(pdf: Uint8Array): Promise<string> {
  try {
    return await readPdfAttachment(pdf);
  } catch (cause) {
    throw refusal('ATTACHMENT', 'The PDF has no attachment that can be read.', cause);
  }
}

function credentialOf(text: string): string | undefined {
  try {
    return decodeQrText(text).json;
  } catch (cause) {
    throw refusal('QR_OTHER', 'The QR code does not hold a certificate.', cause);
  }
}

/** Half the size, each pixel the mean of four: what a cheap camera sees. */
function halve({ width, height, data }: RgbaImage): RgbaImage {
  const [halfWidth, halfHeight] = [width >> 1, height >> 1];
  const half = new Uint8ClampedArray(halfWidth * halfHeight * 4);
  for (let y = 0; y < halfHeight; y++)
    for (let x = 0; x < halfWidth; x++)
      for (let channel = 0; channel < 4; channel++) {
        const from = (2 * y * width + 2 * x) * 4 + channel;
        const below = from + width * 4;
        half[(y * halfWidth + x) * 4 + channel] =
          ((data[from] ?? 0) + (data[from + 4] ?? 0) + (data[below] ?? 0) + (data[below + 4] ?? 0)) / 4;
      }
  return { width: halfWidth, height: halfHeight, data: half };
}

function refusal(code: string, message: string, cause?: unknown): YizhengError {
  return new YizhengError(`RELEASE_GATE_${code}`, `${message} It was not released.`, { status: 500, cause });
}
