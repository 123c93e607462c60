import PDFDocument from 'pdfkit';
import { CERTIFICATE_ATTACHMENT } from '../../shared/carrier/pdf-attachment.js';

/** A small PDF of `pages` pages with files attached, drawn with the library the issuer uses. */
export function makePdf(files: { name?: string; content: Uint8Array | string }[], pages = 1): Promise<Uint8Array> {
  const document = new PDFDocument({ autoFirstPage: false });
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
    document.on('error', reject);
    for (let page = 0; page < pages; page++) document.addPage();
    for (const { name = CERTIFICATE_ATTACHMENT.name, content } of files)
      document.file(Buffer.from(content), { name, type: CERTIFICATE_ATTACHMENT.mediaType });
    document.end();
  });
}
