import { encodeQr } from '../../../shared/carrier/qr-text.js';
import { readRecord, type CertificateCredential } from '../../../shared/certificate/credential.js';
import { certificateFace } from '../certificate-face.js';
import { drawPage } from '../pdf/draw-page.js';
import { openPdf } from '../pdf/open-pdf.js';
import { PAGE } from '../pdf/page.js';
import { qrGate, type ReleaseGateIo } from '../release-gate.js';
import type { RunJob } from './messages.js';

/**
 * Draws the sheets of a print run: A4, or A3 with two certificates side by side to be cut in the middle (imposition). The file is for
 * paper and holds no credential; it is released only after each QR was read back from its sheet and verified.
 * @param io `verify` gets the text read back and the certificate's place
 * @throws YizhengError as `encodeQr`, `drawPage` and `qrGate`
 */
export async function printRun(
  { certificates, perSheet, layout, verifierUrl, title, at }: RunJob,
  io: Omit<ReleaseGateIo, 'verify'> & { verify: (json: string, certificate: number) => Promise<boolean> },
): Promise<Uint8Array> {
  const size = { width: PAGE.width * perSheet, height: PAGE.height };
  const pages = certificates.map(({ json, serial }) => {
    const credential = JSON.parse(json) as CertificateCredential;
    const record = readRecord(credential);
    const { segments: qr } = encodeQr(credential, { url: verifierUrl });
    const face = certificateFace(record);
    return { face, kind: record.kind, layout, verifierUrl, qr, ...(serial !== undefined && { serial }) };
  });
  const { document, finished } = openPdf({
    size,
    title,
    author: pages[0]?.face.issuer ?? '',
    subject: 'Print run',
    at,
    isArchival: false,
  });
  pages.forEach((page, place) => {
    const column = place % perSheet;
    if (place > 0 && column === 0) document.addPage({ size: [size.width, size.height], margin: 0 });
    document.save().translate(column * PAGE.width, 0);
    drawPage(document, page);
    document.restore();
  });
  document.end();
  const pdf = await finished;
  for (const [place, { json }] of certificates.entries()) {
    const part = { of: perSheet, column: place % perSheet };
    const page = Math.floor(place / perSheet) + 1;
    await qrGate(pdf, json, { ...io, verify: (text) => io.verify(text, place) }, { page, part });
  }
  return pdf;
}
