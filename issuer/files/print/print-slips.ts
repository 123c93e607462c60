import { drawQrSymbol } from '../../../shared/carrier/qr-symbol.js';
import { localTime } from '../../../shared/verdict/verdict-text.js';
import { drawSymbol } from '../pdf/draw-symbol.js';
import { artifact, drawText, type Placed } from '../pdf/draw-text.js';
import { openPdf } from '../pdf/open-pdf.js';
import { mm, PAGE, SOFT } from '../pdf/page.js';
import type { Slip, SlipsJob } from './messages.js';

const ON_PAGE = 4;
const SLIP = { width: PAGE.width / 2, height: PAGE.height / 2 };
const EDGE = mm(9);
const INNER = SLIP.width - 2 * EDGE;
const QR_MM = 41;
const CODES_ON_PAGE = 40;

/**
 * Draws slips that hand certificates to wallets: A6, four on a page to be cut. A slip bears the links and never the code: where one person
 * may know both, the codes stand in a list at the end, to be kept apart; where a second person tells them, there is no list.
 * @throws YizhengError `FONT_GLYPH_MISSING`, `FACE_TEXT_TOO_LONG`, `QR_TOO_LARGE`
 */
export async function printSlips({ institution, at, slips }: SlipsJob): Promise<Uint8Array> {
  const { document, finished } = openPdf({
    size: PAGE,
    title: '领取单 Slips for wallets',
    author: institution,
    subject: 'Slips',
    at,
    isArchival: false,
  });
  const addPage = (): void => void document.addPage({ size: [PAGE.width, PAGE.height], margin: 0 });
  slips.forEach((slip, i) => {
    const place = i % ON_PAGE;
    if (place === 0) {
      if (i > 0) addPage();
      cutLines(document);
    }
    document.save().translate((place % 2) * SLIP.width, Math.floor(place / 2) * SLIP.height);
    drawSlip(document, institution, slip);
    document.restore();
  });
  const coded = slips.flatMap(({ txCode, ...slip }) => (txCode === undefined ? [] : [{ ...slip, txCode }]));
  for (let from = 0; from < coded.length; from += CODES_ON_PAGE) {
    addPage();
    drawCodes(document, coded.slice(from, from + CODES_ON_PAGE));
  }
  document.end();
  return finished;
}

function drawSlip(document: PDFKit.PDFDocument, institution: string, slip: Slip): void {
  const { holder, certificate, uri, walletLink, expiresAt, txCode } = slip;
  const line = (y: number, height: number, text: string, more: Partial<Placed> = {}): void =>
    drawText(document, {
      field: 'slip',
      text,
      x: EDGE,
      y: mm(y),
      width: INNER,
      height: mm(height),
      maxSize: 9,
      ...more,
    });
  line(8, 7, '把证书收进手机', { maxSize: 15, weight: 'bold', tag: 'H1' });
  line(15, 5, 'Take your certificate into your phone', { colour: SOFT });
  line(22, 6, holder, { field: 'name', maxSize: 13, weight: 'bold' });
  line(28.5, 5, certificate);
  line(33.5, 9, institution, { field: 'issuer', colour: SOFT });
  const codes = [
    ...(walletLink === undefined
      ? []
      : [{ text: walletLink, zh: '用手机相机扫', en: 'Scan with the camera of a phone' }]),
    walletLink === undefined
      ? { text: uri, zh: '用证书夹扫', en: 'Scan with any wallet' }
      : { text: uri, zh: '或用别的证书夹扫', en: 'or with another wallet' },
  ];
  const width = INNER / codes.length;
  codes.forEach(({ text, zh, en }, i) => {
    const symbol = drawQrSymbol([{ mode: 'byte', data: text }]);
    const module = mm(QR_MM) / (symbol.size + 8);
    const x = EDGE + i * width;
    drawSymbol(document, symbol, { x: x + (width - mm(QR_MM)) / 2, y: mm(44), module, alt: `${zh} ${en}` });
    const caption = { field: 'slip', x, width, align: 'center' } as const;
    drawText(document, { ...caption, text: zh, y: mm(86), height: mm(4.5), maxSize: 9 });
    drawText(document, { ...caption, text: en, y: mm(90.5), height: mm(4), maxSize: 7, colour: SOFT });
  });
  const until = localTime(expiresAt);
  line(98, 5, `有效至 ${until}（北京时间），只能领取一次。`);
  line(103, 4.5, `Valid until ${until} China Standard Time; it can be taken once.`, { maxSize: 7, colour: SOFT });
  const [zh, en] =
    txCode === undefined
      ? [
          '领取码：由另一位工作人员核对您的身份证件后告知。',
          'Code: told by a second member of staff who has checked your identity document.',
        ]
      : ['领取码：由工作人员另行告知。', 'Code: told separately by a member of staff.'];
  line(112, 5, zh);
  line(117, 4.5, en, { maxSize: 7, colour: SOFT });
  line(124, 9, '_ _ _ _ _ _', { maxSize: 18, align: 'center' });
  line(134, 4.5, '不要告诉别人。Tell nobody else.', { maxSize: 8, align: 'center' });
}

function drawCodes(document: PDFKit.PDFDocument, slips: readonly (Slip & { txCode: string })[]): void {
  const [left, width] = [mm(20), PAGE.width - 2 * mm(20)];
  const wide = { field: 'codes', x: left, width };
  drawText(document, { ...wide, text: '领取码', y: mm(14), height: mm(8), maxSize: 15, weight: 'bold', tag: 'H1' });
  const help =
    '与领取单分开保管；核对证件后告诉本人。Keep apart from the slips; tell a holder whose document you checked.';
  drawText(document, { ...wide, text: help, y: mm(22), height: mm(6), maxSize: 9, colour: SOFT });
  slips.forEach(({ holder, certificate, txCode }, i) => {
    const row = { field: 'codes', y: mm(31 + i * 6.3), height: mm(5.5), maxSize: 10, vertical: 'middle' } as const;
    drawText(document, { ...row, text: holder, x: left, width: width * 0.38 });
    drawText(document, { ...row, text: certificate, x: left + width * 0.4, width: width * 0.38 });
    drawText(document, { ...row, text: txCode, x: left + width * 0.8, width: width * 0.2, weight: 'bold' });
  });
}

function cutLines(document: PDFKit.PDFDocument): void {
  artifact(document, () => {
    document.save().lineWidth(0.4).dash(3, { space: 3 }).strokeColor(SOFT);
    document.moveTo(SLIP.width, 0).lineTo(SLIP.width, PAGE.height).stroke();
    document.moveTo(0, SLIP.height).lineTo(PAGE.width, SLIP.height).stroke();
    document.restore();
  });
}
