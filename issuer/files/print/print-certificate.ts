import { encodeQr } from '../../../shared/carrier/qr-text.js';
import { readRecord, type CertificateCredential } from '../../../shared/certificate/credential.js';
import { verifyWithSecondImplementation } from '../../../shared/proof/second-implementation.js';
import { createCarrierIo, type NodeCarrierIo } from '../../../server/carrier-io.js';
import { renderCertificatePdf } from '../certificate-pdf.js';
import { renderQrPng } from '../qr-png.js';
import { releaseGate } from '../release-gate.js';
import type { PrintJob, Printed } from './messages.js';

let io: NodeCarrierIo | undefined;

/**
 * Draws what is handed out for one certificate. The PDF is released only after its own QR was read back from the drawn page and
 * verified.
 * @throws YizhengError as `encodeQr`, `renderCertificatePdf`, `renderQrPng` and `releaseGate`
 */
export async function printCertificate({ json, verifierUrl, key, pdf, png }: PrintJob): Promise<Printed> {
  const credential = JSON.parse(json) as CertificateCredential;
  const { segments } = encodeQr(credential, { url: verifierUrl });
  const printed: Printed = {};
  if (png) printed.png = await renderQrPng(segments);
  if (pdf) {
    printed.pdf = await renderCertificatePdf({ credential, record: readRecord(credential), qr: segments, verifierUrl });
    io ??= createCarrierIo();
    await releaseGate(printed.pdf, json, {
      ...io,
      verify: (text) => verifyWithSecondImplementation(JSON.parse(text) as object, key),
    });
  }
  return printed;
}
