import { strict as assert } from 'node:assert';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { encodeQr } from '../../../shared/carrier/qr-text.js';
import { QUIET_ZONE } from '../../../shared/carrier/qr-symbol.js';
import { renderQrPng } from '../../../issuer/files/qr-png.js';
import { renderQrSvg } from '../../../issuer/files/qr-svg.js';
import { createCarrierIo } from '../../../server/carrier-io.js';
import { signedSample } from './signed-sample.js';

describe('QR as files', () => {
  it('draws a PNG that reads back as the same text, with a quiet zone of four light modules', async () => {
    const { credential } = await signedSample();
    const { segments, text, version } = encodeQr(credential, { url: 'https://verify.example/' });
    const png = await renderQrPng(segments, { modulePx: 3 });
    assert.equal(await createCarrierIo().readQrImage(png), text);
    const image = await loadImage(Buffer.from(png));
    assert.equal(image.width, 3 * (17 + 4 * version + 2 * QUIET_ZONE));
    const context = createCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    const edge = context.getImageData(0, 0, image.width, 3 * QUIET_ZONE).data;
    assert.ok(edge.every((value) => value === 255));
  });

  it('draws an SVG that reads back as the same text and holds nothing but shapes', async () => {
    const { credential } = await signedSample();
    const { segments, text } = encodeQr(credential, { url: 'https://verify.example/' });
    const svg = renderQrSvg(segments);
    assert.doesNotMatch(svg, /<(?:script|image|a|foreignObject|style)\b|href|on\w+=/);
    const image = await loadImage(Buffer.from(svg.replace('<svg ', '<svg width="600" height="600" ')));
    const canvas = createCanvas(600, 600);
    canvas.getContext('2d').drawImage(image, 0, 0, 600, 600);
    assert.equal(await createCarrierIo().readQrImage(new Uint8Array(await canvas.encode('png'))), text);
  });

  it('refuses more than a symbol can hold', async () => {
    const segments = [{ mode: 'numeric' as const, data: '7'.repeat(9000) }];
    await assert.rejects(renderQrPng(segments), { code: 'QR_TOO_LARGE' });
    assert.throws(() => renderQrSvg(segments), { code: 'QR_TOO_LARGE' });
  });
});
