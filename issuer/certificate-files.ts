import { encodeQr, type EncodedQr } from '../shared/carrier/qr-text.js';
import { readRecord } from '../shared/certificate/credential.js';
import { YizhengError } from '../shared/errors.js';
import { verifyWithSecondImplementation } from '../shared/proof/second-implementation.js';
import type { NodeCarrierIo } from '../server/carrier-io.js';
import type { IssuedCertificate } from './certificate-row.js';
import type { IssuerEffects } from './effects.js';

/** Carriers of an issued certificate. */
export class CertificateFiles {
  private io: NodeCarrierIo | undefined;
  private printing: Promise<unknown> = Promise.resolve();

  constructor(private readonly effects: Pick<IssuerEffects, 'keystore' | 'verifierUrl'>) {}

  /** The certificate as QR text that opens the verifier. @throws YizhengError as `encodeQr` */
  qr(certificate: IssuedCertificate): EncodedQr {
    return encodeQr(certificate.credential, { url: this.effects.verifierUrl });
  }

  /**
   * The printed certificate. It is released only after its own QR was read back from the drawn page and verified.
   * One is printed at a time: a page takes about a second of CPU.
   * @throws YizhengError as `renderCertificatePdf` and `releaseGate`
   */
  async pdf(certificate: IssuedCertificate): Promise<Uint8Array> {
    const print = this.printing.then(() => this.print(certificate));
    this.printing = print.catch(() => undefined);
    return print;
  }

  private async print(certificate: IssuedCertificate): Promise<Uint8Array> {
    // Loaded with the first page: fonts, PDF and image readers would triple the time a service needs to start.
    const { renderCertificatePdf } = await import('./files/certificate-pdf.js');
    const { releaseGate } = await import('./files/release-gate.js');
    const { createCarrierIo } = await import('../server/carrier-io.js');
    const { verifierUrl } = this.effects;
    const pdf = await renderCertificatePdf({
      credential: certificate.credential,
      record: readRecord(certificate.credential),
      qr: this.qr(certificate).segments,
      verifierUrl,
    });
    this.io ??= createCarrierIo();
    await releaseGate(pdf, certificate.json, { ...this.io, verify: (json) => this.verify(json) });
    return pdf;
  }

  private async verify(json: string): Promise<boolean> {
    const signed = JSON.parse(json) as { proof?: { verificationMethod?: string } };
    const key = this.effects.keystore.list().find(({ id }) => id === signed.proof?.verificationMethod);
    if (!key)
      throw new YizhengError('KEY_NOT_FOUND', 'The key of this certificate is not in custody.', { status: 500 });
    return verifyWithSecondImplementation(signed, key);
  }
}
