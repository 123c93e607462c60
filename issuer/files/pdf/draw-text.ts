import { YizhengError } from '../../../shared/errors.js';
import { assertDrawable, type Weight } from '../certificate-fonts.js';
import { fitText } from '../fit-text.js';
import { INK } from './page.js';

type Align = 'left' | 'center' | 'right';
/** A text and the box it must stay in, in points. */
export interface Placed {
  /** Name of the field, for errors. */
  field: string;
  text: string;
  x: number;
  y: number;
  width: number;
  height: number;
  maxSize: number;
  minSize?: number;
  weight?: Weight;
  colour?: string;
  align?: Align;
  /** Where the lines stand in a box that is higher than they are. */
  vertical?: 'top' | 'middle';
  tag?: 'H1' | 'P';
  spacing?: number;
}

/** Draws what says nothing: lines and ornaments, which screen readers pass over. */
export function artifact(document: PDFKit.PDFDocument, draw: () => void): void {
  document.markContent('Artifact', { type: 'Layout' });
  draw();
  document.endMarkedContent();
}

/**
 * Draws a text at the largest size that fits its box.
 * @throws YizhengError `FONT_GLYPH_MISSING`, `FACE_TEXT_TOO_LONG` (422), with the field
 */
export function drawText(document: PDFKit.PDFDocument, placed: Placed): void {
  const weight = placed.weight ?? 'regular';
  const spacing = placed.spacing ?? 0;
  assertDrawable(placed.field, placed.text, weight);
  const measure = (text: string, size: number): number =>
    document.font(weight).fontSize(size).widthOfString(text, { characterSpacing: spacing });
  const fitted = fitText(
    placed.text,
    { width: placed.width, height: placed.height, maxSize: placed.maxSize, minSize: placed.minSize ?? 6 },
    measure,
  );
  if (!fitted)
    throw new YizhengError('FACE_TEXT_TOO_LONG', `The text of ${placed.field} does not fit its place.`, {
      at: placed.field,
      status: 422,
    });
  const used = fitted.lines.length * fitted.leading;
  const top = placed.y + (placed.vertical === 'middle' ? (placed.height - used) / 2 : 0);
  document.addStructure(
    document.struct(placed.tag ?? 'P', {}, () => {
      fitted.lines.forEach((line, row) => {
        const slack = placed.width - measure(line, fitted.size);
        const x = placed.x + (placed.align === 'center' ? slack / 2 : placed.align === 'right' ? slack : 0);
        document.fillColor(placed.colour ?? INK).text(line, x, top + row * fitted.leading + fitted.leading / 2, {
          lineBreak: false,
          baseline: 'middle',
          characterSpacing: spacing,
        });
      });
    }),
  );
}
