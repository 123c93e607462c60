import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { decode, encode } from '@digitalbazaar/cborld';
import { util } from '@digitalbazaar/vpqr';
import { base32 } from '@scure/base';
import fc from 'fast-check';
import { fromCborLd, toCborLd } from '../../shared/carrier/cbor-ld.js';
import { KIND_IDS } from '../../shared/certificate/kind.js';
import { YizhengError } from '../../shared/errors.js';
import { createDocumentLoader } from '../../shared/proof/document-loader.js';
import { arbitraryCertificate } from './arbitrary-certificate.js';
import { sampleCertificate } from './sample-certificate.js';

const loader = createDocumentLoader();
const vp1 = (bytes: Uint8Array): string => `VP1-B${base32.encode(bytes).replaceAll('=', '')}`;
const bytesOf = (text: string): Uint8Array => {
  const digits = text.slice(5);
  return base32.decode(digits.padEnd(Math.ceil(digits.length / 8) * 8, '='));
};

describe('[CBOR-LD §3] CBOR-LD', () => {
  it('gives back exactly the signed JSON of every kind', async () => {
    for (const kind of KIND_IDS) {
      const certificate = sampleCertificate(kind);
      const text = await toCborLd(certificate, loader);
      assert.match(text, /^VP1-B[A-Z2-7]+$/);
      assert.equal(JSON.stringify(await fromCborLd(text, loader)), JSON.stringify(certificate));
    }
  });

  it('[INTEROP @digitalbazaar/vpqr] is what the library of other wallets reads, in base32 and in the base45 they write', async () => {
    const certificate = sampleCertificate('skill-level');
    const text = await toCborLd(certificate, loader);
    const { jsonldDocument } = await util.fromQrCode({ expectedHeader: 'VP1-', text, documentLoader: loader });
    assert.deepEqual(jsonldDocument, certificate);
    const { payload } = await util.toQrCode({ header: 'VP1-', cborldBytes: bytesOf(text), qrMultibaseEncoding: 'R' });
    assert.equal(JSON.stringify(await fromCborLd(payload, loader)), JSON.stringify(certificate));
  });

  it('gives back any certificate with any names', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCertificate, async (certificate) => {
        const text = await toCborLd(certificate, loader);
        assert.equal(JSON.stringify(await fromCborLd(text, loader)), JSON.stringify(certificate));
      }),
      { numRuns: 60 },
    );
  });

  it('refuses to write what would not read back: a context that is not bundled', async () => {
    const certificate = sampleCertificate('skill-level');
    const foreign = { ...certificate, '@context': [...certificate['@context'], 'https://evil.example/context'] };
    await assert.rejects(toCborLd(foreign, loader), { code: 'CBORLD_UNSUPPORTED' });
  });

  it('takes one spelling only, where the library alone takes several (F14)', async () => {
    const text = await toCborLd(sampleCertificate('skill-level'), loader);
    const bytes = bytesOf(text);
    const nonMinimal = Uint8Array.of(...bytes.subarray(0, 4), 0x18, 0x01, ...bytes.subarray(5));
    const trailing = Uint8Array.of(...bytes.subarray(0, 3), 0x83, ...bytes.subarray(4), 0x00);
    for (const [name, other] of Object.entries({ nonMinimal, trailing })) {
      const bare = await decode({ cborldBytes: other, documentLoader: loader }).then(
        () => 'accepted',
        () => 'refused',
      );
      if (name === 'nonMinimal') assert.equal(bare, 'accepted', 'the library alone accepts it');
      await assert.rejects(fromCborLd(vp1(other), loader), { code: 'CBORLD_UNREADABLE' }, name);
    }
  });

  it('takes no uncompressed JSON of registry entry 0, which the library alone accepts (F14)', async () => {
    const bytes = await encode({ jsonldDocument: { any: 'JSON' }, documentLoader: loader, registryEntryId: 0 });
    assert.deepEqual(await decode({ cborldBytes: bytes, documentLoader: loader }), { any: 'JSON' });
    await assert.rejects(fromCborLd(vp1(bytes), loader), { code: 'CBORLD_UNREADABLE' });
  });

  it('takes no object whose prototype came out of the code, which the library alone makes (F14)', async () => {
    const hostile = Uint8Array.of(
      ...[0xd9, 0xcb, 0x1d, 0x82, 0x00, 0xa1, 0x69],
      ...Buffer.from('__proto__'),
      ...[0xa1, 0x66],
      ...Buffer.from('issuer'),
      0x64,
      ...Buffer.from('evil'),
    );
    const bare = (await decode({ cborldBytes: hostile, documentLoader: loader })) as { issuer?: string };
    assert.equal(bare.issuer, 'evil', 'the library alone is fooled');
    await assert.rejects(fromCborLd(vp1(hostile), loader), YizhengError);
    hostile[4] = 0x01;
    await assert.rejects(fromCborLd(vp1(hostile), loader), YizhengError);
  });

  it('never reads a damaged code as the certificate (800 codes)', async () => {
    const certificate = sampleCertificate('skill-level');
    const bytes = bytesOf(await toCborLd(certificate, loader));
    const original = JSON.stringify(certificate);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, mask, cut) => {
          const damaged = cut ? bytes.subarray(0, at) : bytes.map((byte, i) => (i === at ? byte ^ mask : byte));
          const result = await fromCborLd(vp1(damaged), loader).then(JSON.stringify, (error: unknown) => {
            assert.ok(error instanceof YizhengError, `not a typed error: ${String(error)}`);
            return error.code;
          });
          assert.notEqual(result, original);
        },
      ),
      { numRuns: 800 },
    );
  });

  it('refuses text that is too long or of another form', async () => {
    await assert.rejects(fromCborLd(`VP1-B${'A'.repeat(7000)}`, loader), { code: 'QR_TOO_LARGE' });
    for (const text of ['', 'VP1-', 'VP1-Z23', 'VP1-Babc', 'VP1-B!', 'VP1-B2LFR3AQ', 'VP1-R::::'])
      await assert.rejects(fromCborLd(text, loader), { code: 'CBORLD_UNREADABLE' }, text);
  });

  it('takes none of the examples of RFC 8949 Appendix A for a credential', async function () {
    const file = '../shared/corpus/13-cbor-rfc8949-appendix-a.json';
    if (!existsSync(file)) return this.skip();
    const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: { input: { hex: string } }[] };
    assert.ok(cases.length > 50);
    for (const { input } of cases) {
      const body = Buffer.from(input.hex, 'hex');
      for (const bytes of [body, Buffer.concat([Buffer.from([0xd9, 0xcb, 0x1d, 0x82, 0x01]), body])])
        await assert.rejects(fromCborLd(vp1(bytes), loader), YizhengError, input.hex);
    }
  });
});
