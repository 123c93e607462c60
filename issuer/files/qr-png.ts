import qrcode, { type QRCodeSegment } from 'qrcode';
import { drawQrSymbol, QUIET_ZONE, type QrSegment } from '../../shared/carrier/qr-symbol.js';

/**
 * Draws a QR symbol as PNG: black on white, error correction M, quiet zone of 4 modules.
 * @param segments `segments` of `encodeQr`
 * @param options `modulePx`: pixels per module; 8 unless told
 * @throws YizhengError `QR_TOO_LARGE` (413)
 */
export async function renderQrPng(
  segments: readonly QrSegment[],
  { modulePx = 8 }: { modulePx?: number } = {},
): Promise<Uint8Array> {
  drawQrSymbol(segments);
  const png = await qrcode.toBuffer(segments as QRCodeSegment[], {
    errorCorrectionLevel: 'M',
    margin: QUIET_ZONE,
    scale: modulePx,
  });
  return new Uint8Array(png);
}
