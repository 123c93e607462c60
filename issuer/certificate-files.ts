import { encodeQr, type EncodedQr } from '../shared/carrier/qr-text.js';
import { YizhengError } from '../shared/errors.js';
import type { IssuedCertificate } from './certificate-row.js';
import type { IssuerEffects } from './effects.js';
import type { Printed } from './files/print/messages.js';
import { PrintPool } from './files/print/print-pool.js';

/** Carriers of an issued certificate. */
export class CertificateFiles {
  private readonly printers = new PrintPool();

  constructor(private readonly effects: Pick<IssuerEffects, 'keystore' | 'verifierUrl'>) {}

  /** How many certificates are printed at once; see {@link CertificateFiles.print}. */
  get printingWidth(): number {
    return this.printers.width;
  }

  /** The certificate as QR text that opens the verifier. @throws YizhengError as `encodeQr` */
  qr(certificate: IssuedCertificate): EncodedQr {
    return encodeQr(certificate.credential, { url: this.effects.verifierUrl });
  }

  /**
   * The printed certificate. It is released only after its own QR was read back from the drawn page and verified.
   * @throws YizhengError as {@link CertificateFiles.print}
   */
  async pdf(certificate: IssuedCertificate): Promise<Uint8Array> {
    const { pdf } = await this.print(certificate, { pdf: true, png: false });
    if (!pdf) throw new TypeError('the printer printed something else');
    return pdf;
  }

  /**
   * PDF and QR code as PNG, drawn in a thread: a page takes up to a second of CPU.
   * @throws YizhengError as `renderCertificatePdf` and `releaseGate`; `KEY_NOT_FOUND` (500); `PRINTER_LOST`, `PRINTER_CLOSED` (503)
   */
  async print(
    certificate: Pick<IssuedCertificate, 'json' | 'credential'>,
    wanted: { pdf: boolean; png: boolean },
  ): Promise<Printed> {
    const { verificationMethod } = certificate.credential.proof;
    const key = this.effects.keystore.list().find(({ id }) => id === verificationMethod);
    if (!key)
      throw new YizhengError('KEY_NOT_FOUND', 'The key of this certificate is not in custody.', { status: 500 });
    const { id, controller, publicKeyMultibase } = key;
    return this.printers.print({
      json: certificate.json,
      verifierUrl: this.effects.verifierUrl,
      key: { id, controller, publicKeyMultibase },
      ...wanted,
    });
  }

  /** Ends the printing threads. */
  close(): Promise<void> {
    return this.printers.close();
  }
}
