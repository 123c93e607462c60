import type { CertificateFace } from '../certificate-face.js';
import { artifact, drawText, type Placed } from './draw-text.js';
import { mm, PAGE, SOFT, TEXT_LEFT, TEXT_RIGHT } from './page.js';

/** Title and the sentence that says what is certified. */
export function drawHeading(
  document: PDFKit.PDFDocument,
  face: CertificateFace,
  { accent, ornament }: { accent: string; ornament: string },
): void {
  const width = TEXT_RIGHT - TEXT_LEFT;
  const place = (placed: Omit<Placed, 'x' | 'width' | 'align'>): void =>
    drawText(document, { ...placed, x: TEXT_LEFT, width, align: 'center' });
  place({
    field: 'title',
    text: face.titleZh,
    y: mm(27),
    height: mm(17),
    maxSize: 34,
    minSize: 18,
    weight: 'bold',
    colour: accent,
    tag: 'H1',
    spacing: 4,
  });
  place({ field: 'title', text: face.titleEn, y: mm(45), height: mm(7), maxSize: 13, colour: SOFT });
  artifact(document, () => {
    const [middle, y] = [PAGE.width / 2, mm(55.5)];
    document
      .lineWidth(0.6)
      .moveTo(middle - mm(48), y)
      .lineTo(middle - mm(3), y)
      .moveTo(middle + mm(3), y)
      .lineTo(middle + mm(48), y)
      .stroke(ornament);
    document
      .moveTo(middle, y - mm(1.4))
      .lineTo(middle + mm(1.4), y)
      .lineTo(middle, y + mm(1.4))
      .lineTo(middle - mm(1.4), y)
      .fill(accent);
  });
  drawText(document, {
    field: 'body',
    text: `\u3000\u3000${face.bodyZh}`,
    x: TEXT_LEFT,
    y: mm(60),
    width,
    height: mm(12.5),
    maxSize: 12.5,
  });
  drawText(document, {
    field: 'body',
    text: face.bodyEn,
    x: TEXT_LEFT,
    y: mm(73),
    width,
    height: mm(8.5),
    maxSize: 8.5,
    colour: SOFT,
  });
}
