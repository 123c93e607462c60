import type { CertificatePage } from '../print-layout.js';
import { drawQr } from './draw-qr.js';
import { artifact, drawText } from './draw-text.js';
import { mm, SOFT, TEXT_LEFT, TEXT_RIGHT } from './page.js';

/** Ministry query sites that the face of a skill level certificate must name (DOMAIN §3). */
const SKILL_LEVEL_QUERY_URLS = { certificate: 'jndj.osta.org.cn', institution: 'pjjg.osta.org.cn' } as const;

/**
 * Symbol, issuer, date, seal, query sites and, on a numbered sheet, its serial.
 * @throws YizhengError as `drawQr`
 */
export function drawFoot(document: PDFKit.PDFDocument, page: CertificatePage): void {
  const { face } = page;
  drawSeal(document, page.layout.seal);
  const qr = page.qr ? drawQr(document, page.qr) : drawPreviewBox(document);
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
  queryLines(page).forEach(([zh, en, value], row) => {
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
  if (page.serial !== undefined)
    drawText(document, {
      field: 'serial',
      text: `印制流水码 Print serial ${page.serial}`,
      x: TEXT_LEFT,
      y: mm(275),
      width: TEXT_RIGHT - TEXT_LEFT,
      height: mm(4.2),
      maxSize: 7.5,
      align: 'right',
    });
}

const SEAL = mm(38);

/** Beneath the text, as a seal stands on name and date; nothing that is read lies under it. */
function drawSeal(document: PDFKit.PDFDocument, seal: Uint8Array | undefined): void {
  if (!seal) return;
  const [x, y] = [TEXT_RIGHT - mm(2) - SEAL, mm(228) - SEAL / 2];
  document.addStructure(
    document.struct('Figure', { alt: '机构印章图像 Picture of the organisation’s seal' }, () => {
      document.save().opacity(0.75);
      document.image(Buffer.from(seal), x, y, { fit: [SEAL, SEAL], align: 'center', valign: 'center' });
      document.restore();
    }),
  );
}

/** Where the symbol will stand. */
function drawPreviewBox(document: PDFKit.PDFDocument): { right: number } {
  const [x, y, side] = [TEXT_LEFT, mm(213), mm(40)];
  artifact(document, () => {
    document.lineWidth(0.6).dash(3, { space: 2 }).rect(x, y, side, side).stroke(SOFT).undash();
  });
  drawText(document, {
    field: 'qr',
    text: '签发后此处为二维码 QR code once issued',
    x: x + mm(4),
    y: y + mm(12),
    width: side - mm(8),
    height: mm(16),
    maxSize: 10,
    colour: SOFT,
    align: 'center',
  });
  return { right: x + side };
}

function queryLines({ kind, layout, verifierUrl }: CertificatePage): [zh: string, en: string, value: string][] {
  const known = kind === 'skill-level' ? SKILL_LEVEL_QUERY_URLS : undefined;
  const certificate = layout.certificateQueryUrl ?? known?.certificate;
  const institution = layout.institutionQueryUrl ?? known?.institution;
  return [
    ...(certificate === undefined
      ? []
      : [['证书信息查询网址', 'Certificate query', certificate] as [string, string, string]]),
    ...(institution === undefined
      ? []
      : [['机构信息查询网址', 'Institution query', institution] as [string, string, string]]),
    ['核验网址', 'Verification', verifierUrl],
  ];
}
