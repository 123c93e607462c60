import type { CertificateCredential } from '../../shared/certificate/credential.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { CERTIFICATE_ATTACHMENT } from '../../shared/carrier/pdf-attachment.js';
import type { QrSegment } from '../../shared/carrier/qr-symbol.js';
import { certificateFace } from './certificate-face.js';
import { drawPage } from './pdf/draw-page.js';
import { openPdf } from './pdf/open-pdf.js';
import { PAGE } from './pdf/page.js';
import { DEFAULT_LAYOUT, type PrintLayout } from './print-layout.js';

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
  /** {@link DEFAULT_LAYOUT} unless told. */
  layout?: PrintLayout;
  /** Photo of the holder, JPEG. */
  photo?: Uint8Array;
}

/**
 * Prints a certificate: A4 portrait, one page, Chinese with English beneath, PDF/A-3b with the signed credential attached. The same
 * input gives the same bytes.
 * @returns the finished file
 * @throws YizhengError as `drawPage`
 */
export async function renderCertificatePdf(input: CertificatePdfInput): Promise<Uint8Array> {
  const { credential, record, qr, verifierUrl, layout = DEFAULT_LAYOUT, photo } = input;
  const face = certificateFace(record);
  const signedAt = new Date(credential.proof.created);
  const { document, finished } = openPdf({
    size: PAGE,
    title: `${face.titleZh} ${record.certificateNumber}`,
    author: face.issuer,
    subject: face.titleEn,
    at: signedAt,
    isArchival: true,
  });
  drawPage(document, { face, kind: record.kind, layout, verifierUrl, qr, ...(photo && { photo }) });
  document.file(Buffer.from(JSON.stringify(credential)), {
    name: CERTIFICATE_ATTACHMENT.name,
    type: CERTIFICATE_ATTACHMENT.mediaType,
    description: CERTIFICATE_ATTACHMENT.description,
    relationship: CERTIFICATE_ATTACHMENT.relationship,
    creationDate: signedAt,
    modifiedDate: signedAt,
  });
  document.end();
  return finished;
}
