import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IssuedCertificate } from '../../issuer/index.js';
import { renderQrPng } from '../../issuer/files/qr-png.js';
import { parseExamResult } from '../../issuer/index.js';
import type { EncodedQr } from '../../shared/carrier/qr-text.js';
import { drawQrSymbol, qrToSvg } from '../../shared/carrier/qr-symbol.js';
import { EXAM_RESULT, INSTITUTIONS } from './alliance.js';
import type { OpenAlliance } from './open-alliance.js';

/** The demo's certificate with everything handed out for it. */
export interface SampleCertificate {
  certificate: IssuedCertificate;
  qr: EncodedQr;
  pdf: Uint8Array;
  /** Folder the files lie in. */
  folder: string;
}

/**
 * Issues the demo's certificate through the ordinary write path (once: a second run gets the same one) and writes
 * `credential.json`, `qr.txt`, `qr.svg`, `qr.png` and `certificate.pdf`.
 * @param directory where certificates are kept
 * @throws YizhengError as issuing and printing
 */
export async function issueSample({ issuer }: OpenAlliance, directory: string): Promise<SampleCertificate> {
  const code = INSTITUTIONS[0]?.code ?? '';
  const { service } = issuer;
  const certificate = await service.issuing.issueExamResult(
    { institution: await service.institutions.get(code), actor: 'demo', idempotencyKey: 'demo-certificate-1' },
    parseExamResult(EXAM_RESULT),
  );
  const qr = service.files.qr(certificate);
  const pdf = await service.files.pdf(certificate);
  const folder = join(directory, certificate.certificateNumber);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'credential.json'), certificate.json);
  await writeFile(join(folder, 'qr.txt'), qr.text);
  await writeFile(join(folder, 'qr.svg'), qrToSvg(drawQrSymbol(qr.segments)));
  await writeFile(join(folder, 'qr.png'), await renderQrPng(qr.segments));
  await writeFile(join(folder, 'certificate.pdf'), pdf);
  return { certificate, qr, pdf, folder };
}
