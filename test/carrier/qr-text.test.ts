import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { KIND_IDS } from '../../shared/certificate/kind.js';
import { LEVEL_FRAMEWORKS } from '../../shared/certificate/level.js';
import { OCCUPATIONS } from '../../shared/certificate/occupation-data.js';
import { decodeCompact, encodeCompact } from '../../shared/carrier/compact-codec.js';
import { bytesToDecimal, decimalToBytes } from '../../shared/carrier/decimal.js';
import { decodeDictionary, encodeDictionary } from '../../shared/carrier/dictionary-codec.js';
import { DICTIONARY_TEXT } from '../../shared/carrier/dictionary-v1.js';
import { decodeQrText, encodeQr } from '../../shared/carrier/qr-text.js';
import { CHARACTER_RANGES, PRINTABLE_ASCII, SHORT_TOKENS, TOKENS, WORDS } from '../../shared/carrier/text-tokens-v1.js';
import { YizhengError } from '../../shared/errors.js';
import { arbitraryCertificate } from './arbitrary-certificate.js';
import { sampleCertificate } from './sample-certificate.js';

const URL_BASE = 'https://verify.example/';
const sha256 = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof YizhengError, `not a typed error: ${String(error)}`);
    return error.code;
  }
  return 'none';
}

/** What reading a hostile text gives: an error code, or the JSON. Anything but a typed error fails the test. */
function outcome(read: () => { json: string }): string {
  try {
    return read().json;
  } catch (error) {
    assert.ok(error instanceof YizhengError, `not a typed error: ${String(error)}`);
    return error.code;
  }
}

describe('QR text of a certificate', () => {
  it('gives back exactly the signed JSON, for every kind and any names', () => {
    fc.assert(
      fc.property(arbitraryCertificate, (certificate) => {
        const { form, text } = encodeQr(certificate, { url: URL_BASE });
        assert.equal(form, 'compact');
        const read = decodeQrText(text);
        assert.equal(read.json, JSON.stringify(certificate));
        assert.equal(read.host, 'verify.example');
      }),
      { numRuns: 1500 },
    );
  });

  it('reads the same without an address', () => {
    const certificate = sampleCertificate('skill-level');
    const { text, segments } = encodeQr(certificate);
    assert.match(text, /^YZ:[1-9]\d+$/);
    assert.deepEqual(
      segments.map(({ mode }) => mode),
      ['alphanumeric', 'numeric'],
    );
    const read = decodeQrText(text);
    assert.equal(read.json, JSON.stringify(certificate));
    assert.equal(read.host, undefined);
  });

  it('reports the host it was printed with and does not care which it is', () => {
    const { text } = encodeQr(sampleCertificate('skill-level'), { url: URL_BASE });
    const elsewhere = text.replace('verify.example', 'verify.examp1e.evil:8443');
    assert.equal(decodeQrText(elsewhere).json, decodeQrText(text).json);
    assert.equal(decodeQrText(elsewhere).host, 'verify.examp1e.evil:8443');
  });

  it('takes any other credential in the dictionary form', () => {
    const certificate = sampleCertificate('skill-level');
    const foreign = { ...certificate, name: 'Something else', proof: [certificate.proof, certificate.proof] };
    const { form, text } = encodeQr(foreign, { url: URL_BASE });
    assert.equal(form, 'dictionary');
    assert.equal(decodeQrText(text).json, JSON.stringify(foreign));
    const { proof, ...unsigned } = certificate;
    const reordered = { proof, ...unsigned };
    assert.equal(encodeQr(reordered).form, 'dictionary');
    assert.equal(decodeQrText(encodeQr(reordered).text).json, JSON.stringify(reordered));
  });

  it('refuses an address that could not stand in the code', () => {
    const certificate = sampleCertificate('skill-level');
    for (const url of [
      'http://verify.example/',
      'https://verify.example',
      'javascript:1',
      `https://a/${'x'.repeat(99)}`,
    ])
      assert.equal(
        codeOf(() => encodeQr(certificate, { url })),
        'QR_URL',
        url,
      );
    assert.match(encodeQr(certificate, { url: 'http://localhost:8703/' }).text, /^http:\/\/localhost:8703\/#\d+$/);
  });

  it('refuses a credential that no QR code holds', () => {
    const noise = Array.from({ length: 2000 }, (_, i) => sha256(i).slice(0, 8)).join('');
    assert.equal(
      codeOf(() => encodeQr({ noise })),
      'QR_TOO_LARGE',
    );
  });
});

describe('the frozen tables', () => {
  it('of the text code, version 1, never change', () => {
    const all = [...SHORT_TOKENS, ...TOKENS, ...WORDS, ...PRINTABLE_ASCII];
    assert.equal(new Set(all).size, all.length);
    assert.deepEqual([SHORT_TOKENS.length, TOKENS.length, WORDS.length], [32, 128, 1024]);
    assert.equal(
      sha256([SHORT_TOKENS, TOKENS, WORDS, PRINTABLE_ASCII, CHARACTER_RANGES]),
      '02445d3ac83286db7896b8984aedcb362e9209b54b26f9df2605e0362b783737',
    );
    assert.equal(sha256(DICTIONARY_TEXT), '27b698f3e7d0d840c77c87b064b1634085b2ca08c28fc5f29ae0402b2db5ce8c');
  });

  it('of kinds, levels and occupations only grow at their ends', () => {
    assert.equal(sha256(KIND_IDS.slice(0, 10)), 'eb1dfbd6b92054ee76f035092c35bc9c26c72325cc114b60dda2cb9067b46dc4');
    const levels = LEVEL_FRAMEWORKS.slice(0, 4).map(({ id, values }) => [id, values.map(({ value }) => value)]);
    assert.equal(sha256(levels), '9c59f08cee8970a39b82070deda7bcac69f6c274837a5b76b7e098fa1d86cb36');
    const rows = OCCUPATIONS.slice(0, 96).map(({ code, edition, name, aliases }) => [code, edition, name, aliases]);
    assert.equal(sha256(rows), '9d2ce98a2d615732cb31c354cc5e3a021064f3e989bbee39e2817b8f74750a48');
  });

  it('read every code printed so far, and still print the same one', () => {
    const printed = JSON.parse(readFileSync('test/carrier/frozen-codes.json', 'utf8')) as {
      text: string;
      json: string;
    }[];
    assert.equal(printed.length, 25);
    for (const { text, json } of printed) {
      const read = decodeQrText(text);
      assert.equal(read.json, json);
      if (read.form === 'compact') assert.equal(encodeQr(read.credential).text, text);
    }
    assert.equal(printed.filter(({ text }) => decodeQrText(text).form === 'dictionary').length, 1);
  });
});

describe('decimal digits', () => {
  it('stand for exactly one payload each', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), (bytes) => {
        fc.pre(bytes[0] !== 0);
        assert.deepEqual([...decimalToBytes(bytesToDecimal(bytes))], [...bytes]);
      }),
    );
    for (const digits of ['', '0', '012', '１２', '1 2', '1e5', '-1', '0x10'])
      assert.equal(
        codeOf(() => decimalToBytes(digits)),
        'QR_DIGITS',
        digits,
      );
    assert.equal(
      codeOf(() => decimalToBytes('9'.repeat(7090))),
      'QR_TOO_LARGE',
    );
  });
});

describe('a hostile or foreign QR text', () => {
  const certificate = sampleCertificate('skill-level');
  const original = JSON.stringify(certificate);
  const payload = encodeCompact(certificate)!;
  const dictionaryPayload = encodeDictionary(certificate);

  it('never reads as the certificate it was made from (10,000 corrupted codes)', () => {
    const { text } = encodeQr(certificate, { url: URL_BASE });
    const changed = fc.oneof(
      fc
        .tuple(fc.constantFrom(payload, dictionaryPayload), fc.nat(), fc.integer({ min: 1, max: 255 }))
        .map(([bytes, at, mask]) => bytes.map((byte, i) => (i === at % bytes.length ? byte ^ mask : byte)))
        .map(textOf),
      fc
        .tuple(fc.constantFrom(payload, dictionaryPayload), fc.nat())
        .map(([bytes, length]) => textOf(bytes.subarray(0, 1 + (length % (bytes.length - 1))))),
      fc
        .tuple(fc.constantFrom(payload, dictionaryPayload), fc.uint8Array({ minLength: 1, maxLength: 8 }))
        .map(([bytes, more]) => textOf(Uint8Array.of(...bytes, ...more))),
      fc
        .tuple(fc.nat(), fc.integer({ min: 0, max: 9 }))
        .map(([at, digit]) => replaceAt(text, URL_BASE.length + 1 + (at % (text.length - URL_BASE.length - 1)), digit))
        .filter((other) => other !== text),
      fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => textOf(Uint8Array.of(0x11, ...bytes))),
      fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => textOf(Uint8Array.of(0x21, ...bytes))),
      fc.stringMatching(/^YZ:[1-9][0-9]{1,600}$/),
    );
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(changed, (other) => {
        const result = outcome(() => decodeQrText(other));
        assert.notEqual(result, original);
        const kind = result.startsWith('{') ? 'another certificate' : result;
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }),
      { numRuns: 10_000 },
    );
    assert.ok((seen.get('another certificate') ?? 0) > 0, 'the signature is what refuses some of them');
    assert.ok((seen.get('QR_CORRUPT') ?? 0) > 1000);
  });

  it('has one spelling: padding, trailing bytes and longer forms of the same facts are refused', () => {
    const padded = Uint8Array.of(...payload, 0);
    assert.equal(
      codeOf(() => decodeCompact(padded)),
      'QR_CORRUPT',
    );
    let refused = 0;
    for (let bit = 0; bit < 8; bit++) {
      const last = payload.map((byte, i) => (i === payload.length - 1 ? byte ^ (1 << bit) : byte));
      if (codeOf(() => decodeCompact(last)) === 'QR_CORRUPT') refused++;
    }
    assert.ok(refused > 0, 'the last byte of the sample has padding bits');
  });

  it('of a newer version says so', () => {
    assert.equal(
      codeOf(() => decodeCompact(Uint8Array.of(0x1f, ...payload.subarray(1)))),
      'QR_VERSION',
    );
    assert.equal(
      codeOf(() => decodeDictionary(Uint8Array.of(0x2f, ...dictionaryPayload.subarray(1)))),
      'QR_VERSION',
    );
    assert.equal(
      codeOf(() => decodeQrText(textOf(Uint8Array.of(0x91, ...payload.subarray(1))))),
      'QR_VERSION',
    );
  });

  it('cannot make the program inflate more than 64 KiB', () => {
    const bomb = encodeDictionary({ x: 'a'.repeat(64_000) });
    assert.ok(bomb.length < 200, 'the compressor alone would allow it');
    assert.equal(decodeDictionary(bomb).json.length, 64_008);
    assert.equal(
      codeOf(() => encodeDictionary({ x: 'a'.repeat(65_536) })),
      'QR_TOO_LARGE',
    );
    const over = oversizedPayload();
    assert.equal(
      codeOf(() => decodeDictionary(over)),
      'QR_TOO_LARGE',
    );
  });

  it('that is not ours is named as such and never opened', () => {
    const foreign = [
      'https://verify.example/',
      'https://verify.example/#',
      'https://verify.example/#section-2',
      'https://verify.example/#12345',
      'https://user:pass@verify.example/#123456789',
      'https://www.osta.org.cn/query?id=123',
      'javascript:alert(1)',
      'data:text/html,<script>alert(1)</script>',
      'BEGIN:VCARD\nVERSION:3.0\nFN:张伟\nEND:VCARD',
      'WIFI:T:WPA;S:site;P:secret;;',
      'weixin://dl/business/?t=1',
      'https://qr.alipay.com/fkx00000',
      'HC1:6BFOXN%TSMAHN',
      'shc:/5676290952432060346029243740446031222959532654603460292540772804336028702864716745222809286145634535335353',
      '健康码|绿码|张伟',
      'VP1-B2LFR3AQ',
      '123456789012345678901234567890',
      'YZ:',
      'yz:123',
      'YZ:12a',
      '',
      ' ',
      '\u0000',
      '一'.repeat(3000),
    ];
    for (const text of foreign)
      assert.equal(
        codeOf(() => decodeQrText(text)),
        'QR_NOT_OURS',
        JSON.stringify(text.slice(0, 60)),
      );
    assert.equal(
      codeOf(() => decodeQrText('1'.repeat(100_000))),
      'QR_TOO_LARGE',
    );
  });

  it('from the public corpora gives a typed error', function () {
    const file = '../shared/corpus/11-blns.json';
    if (!existsSync(file)) return this.skip();
    const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: { input: unknown }[] };
    assert.ok(cases.length > 100);
    for (const { input } of cases)
      for (const text of [String(input), `YZ:${String(input)}`, `https://verify.example/#${String(input)}`])
        assert.match(
          outcome(() => decodeQrText(text)),
          /^QR_/,
        );
  });
});

function textOf(payload: Uint8Array): string {
  return `YZ:${payload[0] === 0 || payload.length === 0 ? '0' : bytesToDecimal(payload)}`;
}

function replaceAt(text: string, at: number, digit: number): string {
  return text.slice(0, at) + String(digit) + text.slice(at + 1);
}

/** A dictionary payload with a right checksum whose JSON has 70,000 bytes. */
function oversizedPayload(): Uint8Array {
  const body = deflateRawSync(`{"x":"${'a'.repeat(70_000)}"}`);
  const header = Buffer.alloc(5);
  header[0] = 0x21;
  header.writeUInt32BE(crc32(body), 1);
  return Uint8Array.of(...header, ...body);
}
