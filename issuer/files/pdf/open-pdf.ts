import PDFDocument from 'pdfkit';
import { fontBytes } from '../certificate-fonts.js';

/** What a file says of itself. */
export interface PdfFacts {
  /** Of its pages, points. */
  size: { width: number; height: number };
  title: string;
  author: string;
  subject: string;
  /** Creation and change; the file says nothing of when it was drawn, so that the same input gives the same bytes. */
  at: Date;
  /** PDF/A-3b, for files that are kept. */
  isArchival: boolean;
}

/** Begins a file of Chinese text with its first page. `finished` is the file once `document.end()` was called. */
export function openPdf({ size, title, author, subject, at, isArchival }: PdfFacts): {
  document: PDFKit.PDFDocument;
  finished: Promise<Uint8Array>;
} {
  const document = new PDFDocument({
    size: [size.width, size.height],
    margin: 0,
    font: '',
    pdfVersion: '1.7',
    ...(isArchival && { subset: 'PDF/A-3b' as const }),
    tagged: true,
    lang: 'zh-CN',
    displayTitle: true,
    info: {
      Title: title,
      Author: author,
      Subject: subject,
      Creator: 'Yizheng',
      Producer: 'Yizheng',
      CreationDate: at,
      ModDate: at,
    },
  });
  const chunks: Uint8Array[] = [];
  const finished = new Promise<Uint8Array>((resolve, reject) => {
    document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    document.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
    document.on('error', reject);
  });
  document.registerFont('regular', fontBytes('regular'));
  document.registerFont('bold', fontBytes('bold'));
  return { document, finished };
}
