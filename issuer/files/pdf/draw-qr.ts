import { drawQrSymbol, QUIET_ZONE, type QrSegment } from '../../../shared/carrier/qr-symbol.js';
import { YizhengError } from '../../../shared/errors.js';
import { drawSymbol } from './draw-symbol.js';
import { drawText } from './draw-text.js';
import { mm, SOFT, TEXT_LEFT } from './page.js';

const MODULE_MIN_MM = 0.3;
const QR_MM = 36;
const QR_MAX_MM = 46;

/**
 * Draws the symbol as vectors.
 * @returns `right`: where its quiet zone ends
 * @throws YizhengError `QR_TOO_LARGE`, `QR_TOO_LARGE_FOR_PRINT` (422)
 */
export function drawQr(document: PDFKit.PDFDocument, segments: readonly QrSegment[]): { right: number } {
  const symbol = drawQrSymbol(segments);
  const sideMm = Math.max(QR_MM, symbol.size * MODULE_MIN_MM);
  if (sideMm > QR_MAX_MM)
    throw new YizhengError(
      'QR_TOO_LARGE_FOR_PRINT',
      `A version ${symbol.version} symbol with modules of ${MODULE_MIN_MM} mm is wider than its place on the certificate.`,
      { status: 422 },
    );
  const module = mm(sideMm) / symbol.size;
  const [left, top] = [TEXT_LEFT, mm(213)];
  const side = mm(sideMm) + 2 * QUIET_ZONE * module;
  drawSymbol(document, symbol, { x: left, y: top, module, alt: '证书二维码 QR code of the certificate' });
  drawText(document, {
    field: 'qr',
    text: '扫码核验 Scan to verify',
    x: left,
    y: top + side,
    width: side,
    height: mm(4.5),
    maxSize: 8,
    colour: SOFT,
    align: 'center',
  });
  return { right: left + side };
}
