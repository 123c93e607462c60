import { drawQrSymbol, QUIET_ZONE, type QrSegment } from '../../../shared/carrier/qr-symbol.js';
import { YizhengError } from '../../../shared/errors.js';
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
  const quiet = QUIET_ZONE * module;
  const [x, y] = [TEXT_LEFT + quiet, mm(213) + quiet];
  const side = mm(sideMm) + 2 * quiet;
  document.addStructure(
    document.struct('Figure', { alt: '证书二维码 QR code of the certificate' }, () => {
      document.rect(x - quiet, y - quiet, side, side).fill('#ffffff');
      for (let row = 0; row < symbol.size; row++)
        for (let column = 0; column < symbol.size; column++) {
          const start = column;
          while (column < symbol.size && symbol.isDark(row, column)) column++;
          if (column > start) document.rect(x + start * module, y + row * module, (column - start) * module, module);
        }
      document.fill('#000000');
    }),
  );
  drawText(document, {
    field: 'qr',
    text: '扫码核验 Scan to verify',
    x: x - quiet,
    y: y - quiet + side,
    width: side,
    height: mm(4.5),
    maxSize: 8,
    colour: SOFT,
    align: 'center',
  });
  return { right: x - quiet + side };
}
