import { drawQrSymbol, qrToSvg, type QrSegment } from '../../shared/carrier/qr-symbol.js';

/**
 * Draws a QR symbol as SVG, one unit per module, black on white, error correction M, quiet zone of 4 modules.
 * @param segments `segments` of `encodeQr`
 * @throws YizhengError `QR_TOO_LARGE` (413)
 */
export function renderQrSvg(segments: readonly QrSegment[]): string {
  return qrToSvg(drawQrSymbol(segments));
}
