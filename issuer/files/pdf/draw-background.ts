import { bandWaves, rosette, type Point } from '../ornament.js';
import { mm, PAGE, PALE } from './page.js';

/** Frame, ornaments and the watermark, if there is one. */
export function drawBackground(
  document: PDFKit.PDFDocument,
  { watermark, accent, ornament }: { watermark: string | undefined; accent: string; ornament: string },
): void {
  document.markContent('Artifact', { type: 'Layout' });
  const outer = mm(9);
  const inner = mm(15);
  const middle = (outer + inner) / 2;
  const [right, bottom] = [PAGE.width - middle, PAGE.height - middle];
  const wave = { amplitude: mm(2), length: mm(7), strands: 4 };
  const bands: [Point, Point][] = [
    [
      [middle, middle],
      [right, middle],
    ],
    [
      [middle, bottom],
      [right, bottom],
    ],
    [
      [middle, middle],
      [middle, bottom],
    ],
    [
      [right, middle],
      [right, bottom],
    ],
  ];
  document.lineWidth(0.35).strokeColor(ornament);
  for (const [from, to] of bands) for (const line of bandWaves(from, to, wave)) strokeLine(document, line, false);
  const centre: Point = [PAGE.width / 2, mm(150)];
  document.lineWidth(0.4).strokeColor(PALE);
  for (const [radius, swing, petals] of [
    [mm(52), mm(9), 24],
    [mm(36), mm(8), 18],
    [mm(20), mm(7), 12],
  ] as const)
    for (const line of rosette(centre, { radius, swing, petals, strands: 6 })) strokeLine(document, line, true);
  for (const corner of [
    [middle, middle],
    [right, middle],
    [middle, bottom],
    [right, bottom],
  ] as const) {
    const half = mm(3.6);
    document.rect(corner[0] - half, corner[1] - half, 2 * half, 2 * half).fill('#ffffff');
    document.lineWidth(0.4).strokeColor(accent);
    for (const line of rosette(corner, { radius: mm(1.9), swing: mm(1.1), petals: 8, strands: 3 }))
      strokeLine(document, line, true);
  }
  frame(document, outer, 1.6, accent);
  frame(document, inner, 0.8, accent);
  frame(document, inner + mm(1.2), 0.3, ornament);
  if (watermark !== undefined) drawWatermark(document, watermark);
  document.endMarkedContent();
}

function frame(document: PDFKit.PDFDocument, inset: number, width: number, colour: string): void {
  document
    .lineWidth(width)
    .rect(inset, inset, PAGE.width - 2 * inset, PAGE.height - 2 * inset)
    .stroke(colour);
}

function strokeLine(document: PDFKit.PDFDocument, points: readonly Point[], closed: boolean): void {
  const [first, ...rest] = points;
  if (!first) return;
  document.moveTo(first[0], first[1]);
  for (const point of rest) document.lineTo(point[0], point[1]);
  if (closed) document.closePath();
  document.stroke();
}

function drawWatermark(document: PDFKit.PDFDocument, text: string): void {
  const [x, y] = [PAGE.width / 2, mm(160)];
  document.save().rotate(-32, { origin: [x, y] });
  document.font('bold').fontSize(62).fillColor('#efe9df');
  document.text(text, x - document.widthOfString(text) / 2, y, { lineBreak: false, baseline: 'middle' });
  document.restore();
}
