import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { createCanvas } from '@napi-rs/canvas';
import qrcode from 'qrcode';
import {
  drawQrSymbol,
  QUIET_ZONE,
  qrToSvg,
  qrToTerminal,
  qrVersion,
  type QrSegment,
} from '../../shared/carrier/qr-symbol.js';
import { decodeQrText, encodeQr } from '../../shared/carrier/qr-text.js';
import { readImageHeader } from '../../shared/carrier/image-header.js';
import { createQrImageReader } from '../../shared/carrier/read-qr-image.js';
import { KIND_IDS } from '../../shared/certificate/kind.js';
import { sampleCertificate } from './sample-certificate.js';
import { zxingWasm } from './zxing-wasm.js';

const readQrImage = createQrImageReader(zxingWasm());

async function png(segments: QrSegment[], scale = 3): Promise<Uint8Array> {
  return new Uint8Array(
    await qrcode.toBuffer(segments as qrcode.QRCodeSegment[], { errorCorrectionLevel: 'M', margin: 4, scale }),
  );
}

function jpeg(segments: QrSegment[], { width = 900, tilt = 0 } = {}): Uint8Array {
  const symbol = drawQrSymbol(segments);
  const side = symbol.size + 2 * QUIET_ZONE;
  const canvas = createCanvas(width, width);
  const context = canvas.getContext('2d');
  context.fillStyle = '#d8d2c4';
  context.fillRect(0, 0, width, width);
  context.translate(width / 2, width / 2);
  context.rotate((tilt * Math.PI) / 180);
  const unit = (width * 0.6) / side;
  context.translate((-side * unit) / 2, (-side * unit) / 2);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, side * unit, side * unit);
  context.fillStyle = '#222';
  for (let row = 0; row < symbol.size; row++)
    for (let column = 0; column < symbol.size; column++)
      if (symbol.isDark(row, column))
        context.fillRect((column + QUIET_ZONE) * unit, (row + QUIET_ZONE) * unit, unit + 0.2, unit + 0.2);
  return new Uint8Array(canvas.toBuffer('image/jpeg', 80));
}

describe('QR symbol', () => {
  it('is computed to be as large as it is drawn, for every version', () => {
    for (let length = 1; length < 5500; length += 97) {
      const segments: QrSegment[] = [
        { mode: 'byte', data: 'https://verify.example/#' },
        { mode: 'numeric', data: '7'.repeat(length) },
      ];
      assert.equal(qrVersion(segments), drawQrSymbol(segments).version, `${String(length)} digits`);
    }
    for (const digits of [5591, 5592, 9000]) {
      const segments: QrSegment[] = [{ mode: 'numeric', data: '7'.repeat(digits) }];
      for (const action of [qrVersion, drawQrSymbol])
        if (digits > 5596) assert.throws(() => action(segments), { code: 'QR_TOO_LARGE' });
        else assert.doesNotThrow(() => action(segments));
    }
  });

  it('keeps the printed certificates of every kind within version 11', () => {
    for (const kind of KIND_IDS) {
      const { version, withinBudget } = encodeQr(sampleCertificate(kind), { url: 'https://verify.example/' });
      assert.ok(withinBudget && version <= 11, `${kind}: version ${String(version)}`);
    }
  });

  it('is drawn with its quiet zone as SVG and as terminal text', () => {
    const symbol = drawQrSymbol(encodeQr(sampleCertificate('skill-level')).segments);
    const side = symbol.size + 8;
    const svg = qrToSvg(symbol);
    assert.match(svg, new RegExp(`svg" viewBox="0 0 ${String(side)} ${String(side)}"`));
    const modules = [...svg.matchAll(/h(\d+)v1h-/g)].reduce((sum, [, run]) => sum + Number(run), 0);
    let dark = 0;
    for (let row = 0; row < symbol.size; row++)
      for (let column = 0; column < symbol.size; column++) if (symbol.isDark(row, column)) dark++;
    assert.equal(modules, dark);
    const lines = qrToTerminal(symbol).split('\n');
    assert.equal(lines.length, Math.ceil(side / 2));
    const drawn = [...lines.join('')].reduce((sum, cell) => sum + (cell === '█' ? 2 : '▀▄'.includes(cell) ? 1 : 0), 0);
    assert.equal(drawn, dark);
  });
});

describe('a picture of a QR code', () => {
  const certificate = sampleCertificate('skill-level');
  const { segments, text } = encodeQr(certificate, { url: 'https://verify.example/' });

  it('gives the certificate back, from a PNG and from a photo that is tilted and compressed', async () => {
    for (const picture of [
      await png(segments),
      jpeg(segments),
      jpeg(segments, { tilt: 17 }),
      jpeg(segments, { tilt: 180 }),
    ]) {
      const read = await readQrImage(picture);
      assert.equal(read, text);
      assert.equal(decodeQrText(read).json, JSON.stringify(certificate));
    }
  });

  it('gives it back from raw pixels too', async () => {
    const symbol = drawQrSymbol(segments);
    const side = (symbol.size + 2 * QUIET_ZONE) * 4;
    const data = new Uint8ClampedArray(side * side * 4).fill(255);
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const row = Math.floor(y / 4) - QUIET_ZONE;
        const column = Math.floor(x / 4) - QUIET_ZONE;
        if (row >= 0 && column >= 0 && row < symbol.size && column < symbol.size && symbol.isDark(row, column))
          data.fill(0, 4 * (y * side + x), 4 * (y * side + x) + 3);
      }
    assert.equal(await readQrImage({ data, width: side, height: side }), text);
    await assert.rejects(readQrImage({ data, width: side, height: side + 1 }), { code: 'IMAGE_UNREADABLE' });
  });

  it('of another code gives its text, which is then refused as not ours', async () => {
    const read = await readQrImage(await png([{ mode: 'byte', data: 'https://health.example/?c=绿码' }], 8));
    assert.equal(read, 'https://health.example/?c=绿码');
    assert.throws(() => decodeQrText(read), { code: 'QR_NOT_OURS' });
    const digits = await readQrImage(await png([{ mode: 'numeric', data: '31415926535897932384626433832795' }], 8));
    assert.throws(() => decodeQrText(digits), { code: 'QR_NOT_OURS' });
  });

  it('without a code, cut short, of another format or too large is refused by name', async () => {
    const whole = await png(segments);
    for (const part of [0.3, 0.6, 0.95])
      await assert.rejects(readQrImage(whole.subarray(0, whole.length * part)), { code: 'IMAGE_TRUNCATED' });
    await assert.rejects(readQrImage(whole.subarray(0, 12)), { code: 'IMAGE_TRUNCATED' });
    const photo = jpeg(segments);
    await assert.rejects(readQrImage(photo.subarray(0, photo.length * 0.3)), { code: 'IMAGE_TRUNCATED' });
    const blank = createCanvas(200, 200);
    await assert.rejects(readQrImage(new Uint8Array(blank.toBuffer('image/png'))), { code: 'IMAGE_NO_QR' });
    await assert.rejects(readQrImage(new Uint8Array(blank.toBuffer('image/webp'))), { code: 'IMAGE_UNREADABLE' });
    await assert.rejects(readQrImage(new Uint8Array()), { code: 'IMAGE_UNREADABLE' });
    await assert.rejects(readQrImage(new Uint8Array(20 * 1024 * 1024 + 1)), { code: 'IMAGE_TOO_LARGE' });
  });

  it('that claims billions of pixels is refused before it is decoded', async () => {
    const huge = Uint8Array.from(await png(segments));
    new DataView(huge.buffer).setUint32(16, 60_000);
    new DataView(huge.buffer).setUint32(20, 60_000);
    assert.deepEqual(readImageHeader(huge), { format: 'png', width: 60_000, height: 60_000, truncated: false });
    await assert.rejects(readQrImage(huge), { code: 'IMAGE_TOO_LARGE' });
  });

  it('that hides its size behind markers without length is not believed to be small', async () => {
    const whole = Buffer.from(jpeg(segments, { width: 900 }));
    const frame = Buffer.from('ffc00011080064006403011100021100031100', 'hex');
    const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, 2 + frame.length]), frame]);
    for (const marker of [0x00, 0x01, 0xd0]) {
      const behind = Buffer.from([0xff, marker, 0, 6]);
      const hidden = Buffer.concat([whole.subarray(0, 2), behind, comment, whole.subarray(2)]);
      assert.deepEqual(readImageHeader(hidden), { format: 'jpeg', truncated: false });
      await assert.rejects(readQrImage(hidden), { code: 'IMAGE_UNREADABLE' });
    }
  });

  it('that unpacks to far more than its pixels does no harm', async () => {
    const bomb = pngOf(64, 64, deflateSync(new Uint8Array(64 * 1024 * 1024)));
    assert.ok(bomb.length < 100_000);
    await assert.rejects(readQrImage(bomb), { code: /^IMAGE_(UNREADABLE|NO_QR)$/ });
    assert.equal(await readQrImage(await png(segments)), text);
  });

  it('with flipped bytes gives a typed error or a text, never a crash', async () => {
    const whole = await png(segments, 2);
    for (let round = 0; round < 150; round++) {
      const damaged = whole.map((byte, i) => (i % 150 === round ? byte ^ (1 << (round % 8)) : byte));
      const result = await readQrImage(damaged).catch((error: unknown) => (error as { code: string }).code);
      assert.match(result, /^(IMAGE_[A-Z_]+|https:\/\/verify\.example\/#\d+)$/);
    }
  });
});

const IEND = Buffer.from('0000000049454e44ae426082', 'hex');

function pngOf(width: number, height: number, idat: Uint8Array): Uint8Array {
  const reference = Buffer.from(createCanvas(width, height).toBuffer('image/png'));
  const at = reference.indexOf('IDAT') - 4;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(idat.length);
  return new Uint8Array(
    Buffer.concat([reference.subarray(0, at), length, Buffer.from('IDAT'), idat, Buffer.alloc(4), IEND]),
  );
}
