import PDFDocument from 'pdfkit';
import type { CertificateCredential } from '../../shared/certificate/credential.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { CERTIFICATE_ATTACHMENT } from '../../shared/carrier/pdf-attachment.js';
import { drawQrSymbol, QUIET_ZONE, type QrSegment } from '../../shared/carrier/qr-symbol.js';
import { YizhengError } from '../../shared/errors.js';
import { certificateFace, type CertificateFace, type FaceField } from './certificate-face.js';
import { assertDrawable, fontBytes, type Weight } from './certificate-fonts.js';
import { fitText } from './fit-text.js';
import { bandWaves, rosette, type Point } from './ornament.js';

/** What a certificate is printed from. */
export interface CertificatePdfInput {
  /** The signed credential; embedded whole as an attachment, as `JSON.stringify` writes it. */
  credential: CertificateCredential;
  /** The record it was made of. */
  record: CertificateRecord;
  /** `segments` of `encodeQr`. */
  qr: readonly QrSegment[];
  /** Address of the verifier printed beside the QR, without fragment. */
  verifierUrl: string;
  /** Query site for certificates; for skill levels the ministry's unless told. */
  certificateQueryUrl?: string;
  /** Query site for institutions; for skill levels the ministry's unless told. */
  institutionQueryUrl?: string;
}

/** Ministry query sites that the face of a skill level certificate must name (DOMAIN §3). */
export const SKILL_LEVEL_QUERY_URLS = { certificate: 'jndj.osta.org.cn', institution: 'pjjg.osta.org.cn' } as const;

const mm = (value: number): number => (value * 72) / 25.4;
const PAGE = { width: mm(210), height: mm(297) };
const TEXT_LEFT = mm(27);
const TEXT_RIGHT = mm(183);
const INK = '#1f2430';
const SOFT = '#6b6559';
const RED = '#8e1f23';
const GOLD = '#b08a3e';
const PALE = '#f3ead6';
const MODULE_MIN_MM = 0.3;
const QR_MM = 36;
const QR_MAX_MM = 46;

type Align = 'left' | 'center' | 'right';
interface Placed {
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

/**
 * Prints a certificate: A4 portrait, one page, Chinese with English beneath, PDF/A-3b with the signed credential attached.
 *
 * The symbol is drawn as vectors, at least 30 mm wide, with modules of at least 0.30 mm and a quiet zone of 4 modules.
 * The same input gives the same bytes.
 * @returns the finished file
 * @throws YizhengError `FONT_GLYPH_MISSING` for a character the font cannot draw, `FACE_TEXT_TOO_LONG` for a text that does not
 *   fit its place, `QR_TOO_LARGE`, `QR_TOO_LARGE_FOR_PRINT`
 */
export async function renderCertificatePdf(input: CertificatePdfInput): Promise<Uint8Array> {
  const face = certificateFace(input.record);
  const signedAt = new Date(input.credential.proof.created);
  const document = new PDFDocument({
    size: [PAGE.width, PAGE.height],
    margin: 0,
    font: '',
    pdfVersion: '1.7',
    subset: 'PDF/A-3b',
    tagged: true,
    lang: 'zh-CN',
    displayTitle: true,
    info: {
      Title: `${face.titleZh} ${input.record.certificateNumber}`,
      Author: face.issuer,
      Subject: face.titleEn,
      Creator: 'Yizheng',
      Producer: 'Yizheng',
      CreationDate: signedAt,
      ModDate: signedAt,
    },
  });
  const chunks: Uint8Array[] = [];
  const finished = new Promise<void>((resolve, reject) => {
    document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    document.on('end', resolve);
    document.on('error', reject);
  });
  document.registerFont('regular', fontBytes('regular'));
  document.registerFont('bold', fontBytes('bold'));

  drawBackground(document, face.demo);
  drawHeading(document, face);
  drawFields(document, face.fields);
  drawFoot(document, face, input);
  const json = new TextEncoder().encode(JSON.stringify(input.credential));
  document.file(Buffer.from(json), {
    name: CERTIFICATE_ATTACHMENT.name,
    type: CERTIFICATE_ATTACHMENT.mediaType,
    description: CERTIFICATE_ATTACHMENT.description,
    relationship: CERTIFICATE_ATTACHMENT.relationship,
    creationDate: signedAt,
    modifiedDate: signedAt,
  });
  document.end();
  await finished;
  return new Uint8Array(Buffer.concat(chunks));
}

function drawBackground(document: PDFKit.PDFDocument, demo: boolean): void {
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
  document.lineWidth(0.35).strokeColor(GOLD);
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
    document.lineWidth(0.4).strokeColor(RED);
    for (const line of rosette(corner, { radius: mm(1.9), swing: mm(1.1), petals: 8, strands: 3 }))
      strokeLine(document, line, true);
  }
  frame(document, outer, 1.6, RED);
  frame(document, inner, 0.8, RED);
  frame(document, inner + mm(1.2), 0.3, GOLD);
  if (demo) watermark(document);
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

function watermark(document: PDFKit.PDFDocument): void {
  const text = '示例 DEMO';
  const [x, y] = [PAGE.width / 2, mm(160)];
  document.save().rotate(-32, { origin: [x, y] });
  document.font('bold').fontSize(62).fillColor('#efe9df');
  document.text(text, x - document.widthOfString(text) / 2, y, { lineBreak: false, baseline: 'middle' });
  document.restore();
}

function drawHeading(document: PDFKit.PDFDocument, face: CertificateFace): void {
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
    colour: RED,
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
      .stroke(GOLD);
    document
      .moveTo(middle, y - mm(1.4))
      .lineTo(middle + mm(1.4), y)
      .lineTo(middle, y + mm(1.4))
      .lineTo(middle - mm(1.4), y)
      .fill(RED);
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

const FIELDS_TOP = mm(86);
const FIELDS_BOTTOM = mm(206);
const PHOTO = { width: mm(25), height: mm(35) };
const LABEL_WIDTH = mm(41);
const ROWS_BESIDE_PHOTO = 3;

function drawFields(document: PDFKit.PDFDocument, fields: readonly FaceField[]): void {
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
  drawPhotoPlace(document);
}

function drawPhotoPlace(document: PDFKit.PDFDocument): void {
  const x = TEXT_RIGHT - PHOTO.width;
  const y = FIELDS_TOP + mm(0.6);
  artifact(document, () => {
    document.rect(x, y, PHOTO.width, PHOTO.height).fillAndStroke('#ffffff', '#b9ad93');
  });
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

function drawFoot(document: PDFKit.PDFDocument, face: CertificateFace, input: CertificatePdfInput): void {
  const qr = drawQr(document, input.qr);
  const left = qr.right + mm(5);
  const width = TEXT_RIGHT - left;
  const signature: [field: string, zh: string, en: string, value: string, note?: string][] = [
    ['issuer', '评价机构名称', 'Assessment Organization', face.issuer],
    ['issuedOn', '发证日期', 'Date of Issue', face.dateZh, face.dateEn],
  ];
  const labelWidth = mm(37);
  signature.forEach(([field, zh, en, value, note], row) => {
    const y = mm(214) + row * mm(12);
    drawText(document, { field, text: zh, x: left, y, width: labelWidth, height: mm(5.4), maxSize: 12 });
    drawText(document, {
      field,
      text: en,
      x: left,
      y: y + mm(5.5),
      width: labelWidth,
      height: mm(3.6),
      maxSize: 8,
      colour: SOFT,
    });
    const noteHeight = note === undefined ? 0 : mm(4);
    drawText(document, {
      field,
      text: value,
      x: left + labelWidth,
      y: y - mm(0.6),
      width: width - labelWidth,
      height: mm(11) - noteHeight,
      maxSize: 13,
      weight: 'bold',
      vertical: note === undefined ? 'middle' : 'top',
    });
    if (note !== undefined)
      drawText(document, {
        field,
        text: note,
        x: left + labelWidth,
        y: y + mm(5.5),
        width: width - labelWidth,
        height: noteHeight,
        maxSize: 8,
        colour: SOFT,
      });
  });
  queryLines(input).forEach(([zh, en, value], row) => {
    const y = mm(240.5) + row * mm(8.6);
    drawText(document, {
      field: 'query',
      text: `${zh} ${en}`,
      x: left,
      y,
      width,
      height: mm(3.8),
      maxSize: 7.5,
      colour: SOFT,
    });
    drawText(document, {
      field: 'query',
      text: value,
      x: left,
      y: y + mm(3.5),
      width,
      height: mm(4.4),
      maxSize: 9,
      minSize: 5,
    });
  });
  drawText(document, {
    field: 'note',
    text: '扫描二维码可离线核验本证书的真伪、签发资格与状态；证书以数字签名为准。 Scan the code to verify this certificate offline; what counts is its digital signature.',
    x: TEXT_LEFT,
    y: mm(270.5),
    width: TEXT_RIGHT - TEXT_LEFT,
    height: mm(4.2),
    maxSize: 7,
    minSize: 5,
    colour: SOFT,
    align: 'center',
  });
}

function queryLines(input: CertificatePdfInput): [zh: string, en: string, value: string][] {
  const known = input.record.kind === 'skill-level' ? SKILL_LEVEL_QUERY_URLS : undefined;
  const certificate = input.certificateQueryUrl ?? known?.certificate;
  const institution = input.institutionQueryUrl ?? known?.institution;
  return [
    ...(certificate === undefined
      ? []
      : [['证书信息查询网址', 'Certificate query', certificate] as [string, string, string]]),
    ...(institution === undefined
      ? []
      : [['机构信息查询网址', 'Institution query', institution] as [string, string, string]]),
    ['核验网址', 'Verification', input.verifierUrl],
  ];
}

function drawQr(document: PDFKit.PDFDocument, segments: readonly QrSegment[]): { right: number } {
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

function artifact(document: PDFKit.PDFDocument, draw: () => void): void {
  document.markContent('Artifact', { type: 'Layout' });
  draw();
  document.endMarkedContent();
}

function drawText(document: PDFKit.PDFDocument, placed: Placed): void {
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
