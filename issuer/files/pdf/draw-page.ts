import type { CertificatePage } from '../print-layout.js';
import { drawBackground } from './draw-background.js';
import { drawFields } from './draw-fields.js';
import { drawFoot } from './draw-foot.js';
import { drawHeading } from './draw-heading.js';

/**
 * Draws one certificate on the current page, from its upper left corner.
 *
 * The symbol is drawn as vectors, at least 30 mm wide, with modules of at least 0.30 mm and a quiet zone of 4 modules.
 * @throws YizhengError `FONT_GLYPH_MISSING` for a character the font cannot draw, `FACE_TEXT_TOO_LONG` for a text that does not fit its
 *   place, `QR_TOO_LARGE`, `QR_TOO_LARGE_FOR_PRINT`
 */
export function drawPage(document: PDFKit.PDFDocument, page: CertificatePage): void {
  const { face, layout, photo } = page;
  const watermark = page.qr ? (face.demo ? '示例 DEMO' : undefined) : '预览 PREVIEW';
  drawBackground(document, { ...layout, watermark });
  drawHeading(document, face, layout);
  drawFields(document, face.fields, photo);
  drawFoot(document, page);
}
