import { encodeQr } from '../../../shared/carrier/qr-text.js';
import { readRecord, type CertificateCredential } from '../../../shared/certificate/credential.js';
import { verifyWithSecondImplementation } from '../../../shared/proof/second-implementation.js';
import { createCarrierIo, type NodeCarrierIo } from '../../../server/carrier-io.js';
import { renderCertificatePdf } from '../certificate-pdf.js';
import { portrait, sealPicture } from '../pictures.js';
import { drawPage } from '../pdf/draw-page.js';
import { openPdf } from '../pdf/open-pdf.js';
import { PAGE } from '../pdf/page.js';
import { renderQrPng } from '../qr-png.js';
import { releaseGate } from '../release-gate.js';
import type { CertificateJob, PreviewJob, PrintedCertificate, PrintJob, Printed } from './messages.js';
import { printRun } from './print-run.js';
import { printSlips } from './print-slips.js';

let opened: NodeCarrierIo | undefined;
const carrierIo = (): NodeCarrierIo => (opened ??= createCarrierIo());

/**
 * Draws what is handed out. What holds a certificate is released only after its QR was read back from the drawn page and verified.
 * @throws YizhengError as `encodeQr`, `renderCertificatePdf`, `renderQrPng`, `releaseGate`, `printRun`, `printSlips`, `portrait` and `sealPicture`
 */
export async function doPrintJob(job: PrintJob): Promise<Printed> {
  switch (job.kind) {
    case 'certificate':
      return printCertificate(job);
    case 'run':
      return {
        pdf: await printRun(job, {
          ...carrierIo(),
          verify: (text, place) => isSigned(text, job.certificates[place]?.key),
        }),
      };
    case 'preview':
      return { png: await preview(job) };
    case 'slips':
      return { pdf: await printSlips(job) };
    case 'seal':
      return { png: await sealPicture(job.picture) };
  }
}

async function printCertificate(job: CertificateJob): Promise<Printed> {
  const { json, verifierUrl, key, pdf, png, layout, photo } = job;
  const credential = JSON.parse(json) as CertificateCredential;
  const { segments } = encodeQr(credential, { url: verifierUrl });
  const printed: Printed = {};
  if (png) printed.png = await renderQrPng(segments);
  if (pdf) {
    const record = readRecord(credential);
    const picture = photo && { photo: await portrait(photo) };
    printed.pdf = await renderCertificatePdf({ credential, record, qr: segments, verifierUrl, layout, ...picture });
    await releaseGate(printed.pdf, json, { ...carrierIo(), verify: (text) => isSigned(text, key) });
  }
  return printed;
}

async function preview({ face, certificateKind, layout, verifierUrl }: PreviewJob): Promise<Uint8Array> {
  const { document, finished } = openPdf({
    size: PAGE,
    title: face.titleZh,
    author: face.issuer,
    subject: 'Preview',
    at: new Date(0),
    isArchival: false,
  });
  drawPage(document, { face, kind: certificateKind, layout, verifierUrl });
  document.end();
  return carrierIo().renderPdfPage(await finished, 1);
}

async function isSigned(text: string, key: PrintedCertificate['key'] | undefined): Promise<boolean> {
  return key !== undefined && verifyWithSecondImplementation(JSON.parse(text) as object, key);
}
