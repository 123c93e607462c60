import { renderCertificatePdf } from '../../../issuer/files/certificate-pdf.js';
import { renderPdfPage } from '../../../server/render-pdf-page.js';
import {
  drawQrSymbol,
  QUIET_ZONE,
  qrVersion,
  type QrSegment,
  type QrSymbol,
} from '../../../shared/carrier/qr-symbol.js';
import { encodeQr } from '../../../shared/carrier/qr-text.js';
import type { CertificateCredential } from '../../../shared/certificate/credential.js';
import type { CertificateRecord } from '../../../shared/certificate/record.js';
import { greyOf, type GreyImage } from './grey-image.js';
import type { PrintedPage } from './photograph.js';

const DPI = 300;
const PIXELS_PER_MM = DPI / 25.4;
/** Where `issuer/files/certificate-pdf` puts the symbol, and how wide it prints it. */
const QR = { left: 27, top: 213, side: 36 };

/** A certificate as the issuer prints it: its PDF, drawn at 300 dpi. */
export async function printedCertificate(
  sample: { credential: CertificateCredential; record: CertificateRecord },
  url = 'https://verify.example/',
): Promise<PrintedPage & { text: string; version: number; pdf: Uint8Array }> {
  const { segments, text, version } = encodeQr(sample.credential, { url });
  const pdf = await renderCertificatePdf({ ...sample, qr: segments, verifierUrl: url });
  const picture = greyOf(await renderPdfPage(pdf, 1, { dpi: DPI }));
  const half = QR.side / 2 + (QUIET_ZONE * QR.side) / drawQrSymbol(segments).size;
  return {
    picture,
    pixelsPerMm: PIXELS_PER_MM,
    target: { x: QR.left + half, y: QR.top + half },
    text,
    version,
    pdf,
  };
}

/** The same page with another symbol in the place of its own, equally wide. */
export function withSymbol(page: PrintedPage, symbol: QrSymbol): PrintedPage {
  const picture: GreyImage = { ...page.picture, data: page.picture.data.slice() };
  const module = (QR.side / symbol.size) * page.pixelsPerMm;
  const side = (symbol.size + 2 * QUIET_ZONE) * module;
  const left = page.target.x * page.pixelsPerMm - side / 2;
  const top = page.target.y * page.pixelsPerMm - side / 2;
  for (let y = Math.floor(top); y < top + side; y++)
    for (let x = Math.floor(left); x < left + side; x++) {
      const row = Math.floor((y - top) / module) - QUIET_ZONE;
      const column = Math.floor((x - left) / module) - QUIET_ZONE;
      const inside = row >= 0 && column >= 0 && row < symbol.size && column < symbol.size;
      picture.data[y * picture.width + x] = inside && symbol.isDark(row, column) ? 0 : 255;
    }
  return { ...page, picture };
}

/** A symbol of a version at level M, as full of digits as it can be; digits like those of a certificate. */
export function symbolOfVersion(version: number): { symbol: QrSymbol; text: string } {
  const beginning: QrSegment = { mode: 'byte', data: 'https://verify.example/#' };
  let digits = '';
  for (let next = '7'; ; next = String((Number(next) * 7 + 3) % 10)) {
    const segments: QrSegment[] = [beginning, { mode: 'numeric', data: digits + next }];
    if (qrVersion(segments) > version) break;
    digits += next;
  }
  const segments: QrSegment[] = [beginning, { mode: 'numeric', data: digits }];
  return { symbol: drawQrSymbol(segments), text: beginning.data + digits };
}
