import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createCanvas } from '@napi-rs/canvas';
import fc from 'fast-check';
import qrcode from 'qrcode';
import { toCborLd } from '../../shared/carrier/cbor-ld.js';
import { openCarrier } from '../../shared/carrier/open-carrier.js';
import { MAX_PDF_BYTES, readPdfAttachment } from '../../shared/carrier/pdf-attachment.js';
import { encodeQr } from '../../shared/carrier/qr-text.js';
import { createQrImageReader } from '../../shared/carrier/read-qr-image.js';
import { YizhengError } from '../../shared/errors.js';
import { createDocumentLoader } from '../../shared/proof/document-loader.js';
import { makePdf } from './make-pdf.js';
import { sampleCertificate } from './sample-certificate.js';
import { zxingWasm } from './zxing-wasm.js';

const certificate = sampleCertificate('skill-level');
const json = JSON.stringify(certificate);
const qr = encodeQr(certificate, { url: 'https://verify.example/' });
const io = { readQrImage: createQrImageReader(zxingWasm()), documentLoader: createDocumentLoader() };
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

async function qrPng(): Promise<Uint8Array> {
  const segments = qr.segments as qrcode.QRCodeSegment[];
  return new Uint8Array(await qrcode.toBuffer(segments, { errorCorrectionLevel: 'M', scale: 3 }));
}

function blankPng(): Uint8Array {
  return new Uint8Array(createCanvas(100, 100).toBuffer('image/png'));
}

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

describe('a certificate in any carrier', () => {
  it('comes out as the same JSON', async () => {
    const pdf = await makePdf([{ content: json }, { name: 'other.txt', content: 'x' }]);
    const carriers: [string, Uint8Array | string][] = [
      ['json', json],
      ['json', utf8(` \n${JSON.stringify(certificate, null, 2)}\n`)],
      ['qr', qr.text],
      ['qr', utf8(`${encodeQr(certificate).text}\r\n`)],
      ['cbor-ld', await toCborLd(certificate, io.documentLoader)],
      ['image', await qrPng()],
      ['pdf', pdf],
    ];
    for (const [carrier, input] of carriers) {
      const opened = await openCarrier(input, io);
      assert.equal(opened.carrier, carrier);
      assert.equal(opened.json, json);
      assert.deepEqual(opened.document, certificate);
    }
    const { form, host } = await openCarrier(qr.text);
    assert.deepEqual([form, host], ['compact', 'verify.example']);
  });

  it('keeps the order of members as it came', async () => {
    const { json: kept } = await openCarrier('{"b":1,"a":{"d":2,"c":3}}');
    assert.equal(kept, '{"b":1,"a":{"d":2,"c":3}}');
  });

  it('is refused where two readers could read it differently', async () => {
    await assert.rejects(openCarrier('{"a":1,"a":2}'), { code: 'JSON_DUPLICATE_KEY' });
    await assert.rejects(openCarrier(await makePdf([{ content: '{"a":1,"a":2}' }])), { code: 'JSON_DUPLICATE_KEY' });
    await assert.rejects(openCarrier(utf8('\ufeff{}')), { code: 'JSON_BOM' });
    await assert.rejects(openCarrier(`{"a":"${'x'.repeat(70_000)}"}`), { code: 'JSON_TOO_LARGE' });
    await assert.rejects(openCarrier('[]'), { code: 'JSON_NOT_OBJECT' });
    await assert.rejects(openCarrier(''), { code: 'JSON_SYNTAX' });
  });

  it('of another kind is refused by name', async () => {
    await assert.rejects(openCarrier('hello'), { code: 'QR_NOT_OURS' });
    await assert.rejects(openCarrier('javascript:alert(1)'), { code: 'QR_NOT_OURS' });
    await assert.rejects(openCarrier(Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0)), { code: 'CARRIER_UNKNOWN' });
    await assert.rejects(openCarrier(await qrPng()), { code: 'CARRIER_UNSUPPORTED' });
    await assert.rejects(openCarrier('VP1-B2LFR3AQ'), { code: 'CARRIER_UNSUPPORTED' });
  });

  it('from random or corpus bytes gives a typed error', async function () {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('', '%PDF-1.7\n', '\u0089PNG', '{'),
        async (bytes, start) => {
          const input = Uint8Array.of(...Buffer.from(start, 'latin1'), ...bytes);
          // Once in a while random bytes are a JSON object, and opening it is right.
          await openCarrier(input, io).then(
            ({ json }) => assert.equal(typeof JSON.parse(json), 'object'),
            (error: unknown) => assert.ok(error instanceof YizhengError, `not a typed error: ${String(error)}`),
          );
        },
      ),
      { numRuns: 300 },
    );
    const file = '../shared/corpus/10-jsontestsuite.json';
    if (!existsSync(file)) return this.skip();
    const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: { input: { rawB64: string } }[] };
    assert.ok(cases.length > 300);
    for (const { input } of cases) {
      const bytes = new Uint8Array(Buffer.from(input.rawB64, 'base64'));
      await openCarrier(bytes, io).catch((error: unknown) =>
        assert.ok(error instanceof YizhengError, `not a typed error: ${String(error)}`),
      );
    }
  });
});

describe('a PDF certificate', () => {
  it('without an attachment is refused, or read from its printed code when pages can be drawn', async () => {
    const pdf = await makePdf([], 3);
    await assert.rejects(openCarrier(pdf, io), { code: 'PDF_NO_CREDENTIAL' });
    await assert.rejects(openCarrier(await makePdf([{ name: 'invoice.json', content: json }]), io), {
      code: 'PDF_NO_CREDENTIAL',
    });
    const drawn: number[] = [];
    const renderPdfPage = (_: Uint8Array, page: number): Promise<Uint8Array> => {
      drawn.push(page);
      return page === 2 ? qrPng() : Promise.resolve(blankPng());
    };
    const opened = await openCarrier(pdf, { ...io, renderPdfPage });
    assert.deepEqual([opened.carrier, opened.json, opened.form], ['pdf', json, 'compact']);
    assert.deepEqual(drawn, [1, 2]);
    await assert.rejects(openCarrier(pdf, { ...io, renderPdfPage: () => Promise.resolve(blankPng()) }), {
      code: 'PDF_NO_CREDENTIAL',
    });
  });

  it('damaged, too large, too long or ambiguous is refused by name, and the input is left as it was', async () => {
    const pdf = await makePdf([{ content: json }]);
    const before = Buffer.from(pdf).toString('base64');
    assert.equal(await readPdfAttachment(pdf), json);
    assert.equal(Buffer.from(pdf).toString('base64'), before);
    await assert.rejects(readPdfAttachment(pdf.subarray(0, 100)), { code: 'PDF_UNREADABLE' });
    await assert.rejects(readPdfAttachment(utf8('%PDF-1.7\nnonsense')), { code: 'PDF_UNREADABLE' });
    await assert.rejects(readPdfAttachment(new Uint8Array(MAX_PDF_BYTES + 1)), { code: 'PDF_TOO_LARGE' });
    await assert.rejects(readPdfAttachment(await makePdf([], 51)), { code: 'PDF_TOO_LARGE' });
    await assert.rejects(readPdfAttachment(await makePdf([{ content: new Uint8Array(70_000) }])), {
      code: 'PDF_TOO_LARGE',
    });
    await assert.rejects(readPdfAttachment(await makePdf([{ content: Uint8Array.of(0xff, 0xfe) }])), {
      code: 'JSON_NOT_UTF8',
    });
    const two = Buffer.from(await makePdf([{ content: json }, { name: 'certificatX.json', content: '{}' }])).toString(
      'latin1',
    );
    const sameName = new Uint8Array(Buffer.from(two.replaceAll(/(F \(certificat)X/g, '$1e'), 'latin1'));
    await assert.rejects(readPdfAttachment(sameName), { code: 'PDF_AMBIGUOUS' });
  });

  it('that unpacks to far more than its size is refused before it is unpacked', async () => {
    const bomb = await makePdf([{ content: new Uint8Array(100 * 1024 * 1024) }]);
    assert.ok(bomb.length < 200_000);
    const before = process.memoryUsage.rss();
    await assert.rejects(readPdfAttachment(bomb), { code: 'PDF_TOO_LARGE', message: /unpacks to more than 64 MiB/ });
    assert.ok(process.memoryUsage.rss() - before < 200 * 1024 * 1024);
    const text = Buffer.from(bomb).toString('latin1');
    for (const filter of ['[/FlateDecode /FlateDecode]', '[/FlateDecode%\n/F#6cateDecode]', '99 0 R', '/LZWDecode'])
      await assert.rejects(readPdfAttachment(latin1(text.replace('/FlateDecode', filter))), { code: 'PDF_UNREADABLE' });
    await assert.rejects(readPdfAttachment(latin1(`${text}\n${'stream\nx\n'.repeat(6000)}`)), {
      code: 'PDF_TOO_LARGE',
    });
  });

  it('is given up when the caller says so', async () => {
    const pdf = await makePdf([{ content: json }]);
    await assert.rejects(readPdfAttachment(pdf, { signal: AbortSignal.abort() }), { code: 'ABORTED' });
    const controller = new AbortController();
    const reading = readPdfAttachment(pdf, { signal: controller.signal });
    controller.abort();
    await assert.rejects(reading, { code: 'ABORTED' });
  });
});
