import type { FaceField } from '../certificate-face.js';
import { artifact, drawText } from './draw-text.js';
import { mm, SOFT, TEXT_LEFT, TEXT_RIGHT } from './page.js';

const FIELDS_TOP = mm(86);
const FIELDS_BOTTOM = mm(206);
const PHOTO = { width: mm(25), height: mm(35) };
const LABEL_WIDTH = mm(41);
const ROWS_BESIDE_PHOTO = 3;

/** The facts, one below the other, the first beside the photo. @param photo JPEG or PNG of 25 × 35 mm; its place is left empty without */
export function drawFields(document: PDFKit.PDFDocument, fields: readonly FaceField[], photo?: Uint8Array): void {
  const rowHeight = Math.min(mm(12.6), (FIELDS_BOTTOM - FIELDS_TOP) / fields.length);
  const beside = Math.max(ROWS_BESIDE_PHOTO, Math.ceil((PHOTO.height + mm(2)) / rowHeight));
  fields.forEach((field, row) => {
    const y = FIELDS_TOP + row * rowHeight;
    const right = row < beside ? TEXT_RIGHT - PHOTO.width - mm(6) : TEXT_RIGHT;
    const valueLeft = TEXT_LEFT + LABEL_WIDTH;
    const half = rowHeight / 2;
    drawText(document, {
      field: field.id,
      text: field.labelZh,
      x: TEXT_LEFT,
      y: y + half - mm(4.6),
      width: LABEL_WIDTH - mm(3),
      height: mm(5.4),
      maxSize: 12,
    });
    drawText(document, {
      field: field.id,
      text: field.labelEn,
      x: TEXT_LEFT,
      y: y + half + mm(0.9),
      width: LABEL_WIDTH - mm(3),
      height: mm(3.6),
      maxSize: 8,
      colour: SOFT,
    });
    const noteHeight = field.note === undefined ? 0 : mm(3.8);
    drawText(document, {
      field: field.id,
      text: field.value,
      x: valueLeft,
      y: y + mm(0.5),
      width: right - valueLeft,
      height: rowHeight - mm(1.2) - noteHeight,
      maxSize: 14,
      weight: 'bold',
      vertical: 'middle',
    });
    if (field.note !== undefined)
      drawText(document, {
        field: field.id,
        text: field.note,
        x: valueLeft,
        y: y + rowHeight - noteHeight - mm(0.7),
        width: right - valueLeft,
        height: noteHeight,
        maxSize: 8,
        colour: SOFT,
      });
    artifact(document, () =>
      document
        .lineWidth(0.4)
        .moveTo(valueLeft - mm(1), y + rowHeight)
        .lineTo(right, y + rowHeight)
        .stroke('#cdbf9f'),
    );
  });
  drawPhoto(document, photo);
}

function drawPhoto(document: PDFKit.PDFDocument, photo: Uint8Array | undefined): void {
  const x = TEXT_RIGHT - PHOTO.width;
  const y = FIELDS_TOP + mm(0.6);
  artifact(document, () => {
    document.rect(x, y, PHOTO.width, PHOTO.height).fillAndStroke('#ffffff', '#b9ad93');
  });
  if (photo) {
    const alt = '持证人照片 Photo of the holder';
    document.addStructure(
      document.struct('Figure', { alt }, () => void document.image(Buffer.from(photo), x, y, PHOTO)),
    );
    return;
  }
  drawText(document, {
    field: 'photo',
    text: '照片',
    x,
    y: y + mm(12),
    width: PHOTO.width,
    height: mm(6),
    maxSize: 11,
    colour: '#8f8775',
    align: 'center',
  });
  drawText(document, {
    field: 'photo',
    text: 'Photo 25×35 mm',
    x,
    y: y + mm(18.5),
    width: PHOTO.width,
    height: mm(4),
    maxSize: 7,
    colour: '#8f8775',
    align: 'center',
  });
}
