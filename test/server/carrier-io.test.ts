import { strict as assert } from 'node:assert';
import { createCanvas } from '@napi-rs/canvas';
import PDFDocument from 'pdfkit';
import { openCarrier } from '../../shared/carrier/open-carrier.js';
import { drawQrSymbol } from '../../shared/carrier/qr-symbol.js';
import { encodeQr } from '../../shared/carrier/qr-text.js';
import { createCarrierIo } from '../../server/carrier-io.js';
import { renderPdfPage } from '../../server/render-pdf-page.js';
import { signedSample } from '../issuer/files/signed-sample.js';

const url = 'https://verify.example/';

async function printed(credential: object, options: PDFKit.PDFDocumentOptions = {}): Promise<Uint8Array> {
  const document = new PDFDocument({ size: 'A4', margin: 0, ...options });
  const chunks: Uint8Array[] = [];
  const done = new Promise((resolve) => {
    document.on('data', (chunk: Uint8Array) => chunks.push(chunk)).on('end', resolve);
  });
  document.addPage();
  const symbol = drawQrSymbol(encodeQr(credential, { url }).segments);
  for (let row = 0; row < symbol.size; row++)
    for (let column = 0; column < symbol.size; column++)
      if (symbol.isDark(row, column)) document.rect(80 + column * 2, 80 + row * 2, 2, 2);
  document.fill('#000').end();
  await done;
  return new Uint8Array(Buffer.concat(chunks));
}

describe('reading carriers in Node', () => {
  it('reads the printed code of a PDF without attachment, on whichever page it is', async () => {
    const { credential } = await signedSample();
    const opened = await openCarrier(await printed(credential), createCarrierIo());
    assert.equal(opened.carrier, 'pdf');
    assert.equal(opened.json, JSON.stringify(credential));
  });

  it('reads the code in a turned, scaled JPEG', async () => {
    const { credential } = await signedSample();
    const symbol = drawQrSymbol(encodeQr(credential, { url }).segments);
    const canvas = createCanvas(900, 900);
    const context = canvas.getContext('2d');
    context.fillStyle = '#f4f1ea';
    context.fillRect(0, 0, 900, 900);
    context.translate(450, 450);
    context.rotate(0.3);
    context.scale(8.3, 8.3);
    context.fillStyle = '#222';
    for (let row = 0; row < symbol.size; row++)
      for (let column = 0; column < symbol.size; column++)
        if (symbol.isDark(row, column)) context.fillRect(column - symbol.size / 2, row - symbol.size / 2, 1.02, 1.02);
    const opened = await openCarrier(new Uint8Array(await canvas.encode('jpeg', 70)), createCarrierIo());
    assert.equal(opened.carrier, 'image');
    assert.equal(opened.json, JSON.stringify(credential));
  });

  it('names what is wrong with a PDF: page, size, lock, damage', async () => {
    const { credential } = await signedSample();
    const pdf = await printed(credential);
    await assert.rejects(renderPdfPage(pdf, 3, { dpi: 72 }), { code: 'PDF_PAGE_MISSING' });
    await assert.rejects(renderPdfPage(pdf, 0, { dpi: 72 }), { code: 'PDF_PAGE_MISSING' });
    await assert.rejects(renderPdfPage(pdf, 1, { dpi: 1200 }), { code: 'PDF_PAGE_TOO_LARGE' });
    await assert.rejects(renderPdfPage(await printed(credential, { userPassword: 'x' }), 1, { dpi: 72 }), {
      code: 'PDF_ENCRYPTED',
    });
    await assert.rejects(renderPdfPage(pdf.subarray(0, pdf.length >> 2), 1, { dpi: 72 }), { code: 'PDF_UNREADABLE' });
  });

  it('gives up when told to', async () => {
    const { credential } = await signedSample();
    const pdf = await printed(credential);
    const control = new AbortController();
    const reading = createCarrierIo({ signal: control.signal }).renderPdfPage(pdf, 2);
    control.abort();
    await assert.rejects(reading, { code: 'ABORTED' });
  });
});
