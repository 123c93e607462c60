import { QUIET_ZONE, type QrSymbol } from '../../../shared/carrier/qr-symbol.js';

/**
 * Draws a QR symbol as vectors with its quiet zone, dark on white, marked as a figure.
 * @param place upper left corner of the quiet zone and width of a module, in points; `alt`: what it is, for a screen reader
 */
export function drawSymbol(
  document: PDFKit.PDFDocument,
  symbol: QrSymbol,
  place: { x: number; y: number; module: number; alt: string },
): void {
  const { module } = place;
  const quiet = QUIET_ZONE * module;
  const side = symbol.size * module + 2 * quiet;
  const [x, y] = [place.x + quiet, place.y + quiet];
  document.addStructure(
    document.struct('Figure', { alt: place.alt }, () => {
      document.rect(place.x, place.y, side, side).fill('#ffffff');
      for (let row = 0; row < symbol.size; row++)
        for (let column = 0; column < symbol.size; column++) {
          const start = column;
          while (column < symbol.size && symbol.isDark(row, column)) column++;
          if (column > start) document.rect(x + start * module, y + row * module, (column - start) * module, module);
        }
      document.fill('#000000');
    }),
  );
}
