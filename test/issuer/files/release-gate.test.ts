import { strict as assert } from 'node:assert';
import PDFDocument from 'pdfkit';
import { encodeQr } from '../../../shared/carrier/qr-text.js';
import { verifyWithSecondImplementation } from '../../../shared/proof/second-implementation.js';
import { renderCertificatePdf } from '../../../issuer/files/certificate-pdf.js';
import { releaseGate, type ReleaseGateIo } from '../../../issuer/files/release-gate.js';
import { createCarrierIo } from '../../../server/carrier-io.js';
import { drawQrSymbol } from '../../../shared/carrier/qr-symbol.js';
import { issuerKey, signedSample } from './signed-sample.js';

const io: ReleaseGateIo = {
  ...createCarrierIo(),
  verify: (json) => verifyWithSecondImplementation(JSON.parse(json) as object, issuerKey.key),
};
const url = 'https://verify.example/';

/** A page with a QR and an attachment, each of which may be another certificate's or none. */
async function forged(parts: { qr?: object; attached?: object; covered?: boolean }): Promise<Uint8Array> {
  const document = new PDFDocument({ size: 'A4', margin: 0 });
  const chunks: Uint8Array[] = [];
  const done = new Promise((resolve) =>
    document.on('data', (chunk: Uint8Array) => chunks.push(chunk)).on('end', resolve),
  );
  if (parts.qr) {
    const symbol = drawQrSymbol(encodeQr(parts.qr, { url }).segments);
    for (let row = 0; row < symbol.size; row++)
      for (let column = 0; column < symbol.size; column++)
        if (symbol.isDark(row, column)) document.rect(100 + column * 2, 100 + row * 2, 2, 2);
    document.fill('#000');
  }
  if (parts.covered === true) document.rect(105, 105, 60, 60).fill('#fff');
  if (parts.attached)
    document.file(Buffer.from(JSON.stringify(parts.attached)), { name: 'certificate.json', relationship: 'Source' });
  document.end();
  await done;
  return new Uint8Array(Buffer.concat(chunks));
}

describe('release gate', () => {
  it('lets a certificate go whose QR and attachment are the stored credential', async () => {
    const { credential, record } = await signedSample();
    const pdf = await renderCertificatePdf({
      credential,
      record,
      qr: encodeQr(credential, { url }).segments,
      verifierUrl: url,
    });
    await releaseGate(pdf, JSON.stringify(credential), io);
  });

  it('lets the same parts go when they are put together by hand, so that the refusals below are the gate’s', async () => {
    const { credential } = await signedSample();
    await releaseGate(await forged({ qr: credential, attached: credential }), JSON.stringify(credential), io);
  });

  it('refuses the QR of another certificate', async () => {
    const { credential } = await signedSample();
    const other = (await signedSample('skill-level', { certificateNumber: 'S000051000123263000046' })).credential;
    await assert.rejects(
      releaseGate(await forged({ qr: other, attached: credential }), JSON.stringify(credential), io),
      { code: 'RELEASE_GATE_QR_OTHER' },
    );
  });

  it('refuses a covered QR, and a page without one', async () => {
    const { credential } = await signedSample();
    const json = JSON.stringify(credential);
    await assert.rejects(releaseGate(await forged({ qr: credential, attached: credential, covered: true }), json, io), {
      code: 'RELEASE_GATE_QR_UNREADABLE',
    });
    await assert.rejects(releaseGate(await forged({ attached: credential }), json, io), {
      code: 'RELEASE_GATE_QR_UNREADABLE',
    });
  });

  it('refuses a missing attachment and one of another certificate', async () => {
    const { credential } = await signedSample();
    const other = (await signedSample('skill-level', { certificateNumber: 'S000051000123263000046' })).credential;
    const json = JSON.stringify(credential);
    await assert.rejects(releaseGate(await forged({ qr: credential }), json, io), { code: 'RELEASE_GATE_ATTACHMENT' });
    await assert.rejects(releaseGate(await forged({ qr: credential, attached: other }), json, io), {
      code: 'RELEASE_GATE_ATTACHMENT',
    });
  });

  it('refuses a certificate whose proof does not verify', async () => {
    const { credential } = await signedSample();
    const changed = { ...credential, proof: { ...credential.proof, created: '2026-11-20T08:00:01Z' } };
    await assert.rejects(releaseGate(await forged({ qr: changed, attached: changed }), JSON.stringify(changed), io), {
      code: 'RELEASE_GATE_PROOF',
    });
  });
});
