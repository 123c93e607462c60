import type { CertificateRecord } from '../shared/certificate/record.js';
import { encodeQr, type EncodedQr } from '../shared/carrier/qr-text.js';
import { YizhengError } from '../shared/errors.js';
import type { IssuedCertificate } from './certificate-row.js';
import type { IssuerEffects } from './effects.js';
import { certificateFace } from './files/certificate-face.js';
import type { PrintedCertificate, Printed, SlipsJob } from './files/print/messages.js';
import { PrintPool } from './files/print/print-pool.js';
import { PrintLayouts } from './printing/print-layouts.js';
import type { RunCertificate } from './printing/print-runs.js';

/** Carriers of an issued certificate. */
export class CertificateFiles {
  private readonly printers = new PrintPool();
  private readonly layouts: PrintLayouts;

  constructor(private readonly effects: Pick<IssuerEffects, 'keystore' | 'verifierUrl' | 'database' | 'clock'>) {
    this.layouts = new PrintLayouts(effects);
  }

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
   * @param photo of the holder, PNG or JPEG; it is printed and kept nowhere
   * @throws YizhengError as {@link CertificateFiles.print}
   */
  async pdf(certificate: IssuedCertificate, photo?: Uint8Array): Promise<Uint8Array> {
    return printed((await this.print(certificate, { pdf: true, png: false, ...(photo && { photo }) })).pdf);
  }

  /**
   * PDF and QR code as PNG, drawn in a thread: a page takes up to a second of CPU.
   * @throws YizhengError as `renderCertificatePdf` and `releaseGate`; `KEY_NOT_FOUND` (500); `PRINTER_LOST`, `PRINTER_CLOSED` (503)
   */
  async print(
    certificate: Pick<IssuedCertificate, 'json' | 'credential'>,
    wanted: { pdf: boolean; png: boolean; photo?: Uint8Array },
  ): Promise<Printed> {
    return this.printers.print({
      kind: 'certificate',
      ...this.toPrint(certificate),
      verifierUrl: this.effects.verifierUrl,
      layout: await this.layouts.toPrint(certificate.credential.issuer.id),
      ...wanted,
    });
  }

  /**
   * One file of a print run, as `printRun` draws it.
   * @throws YizhengError as `printRun`; `KEY_NOT_FOUND` (500); `PRINTER_LOST`, `PRINTER_CLOSED` (503)
   */
  async runFile(
    issuer: string,
    run: { title: string; at: Date; perSheet: 1 | 2; certificates: readonly RunCertificate[] },
  ): Promise<Uint8Array> {
    const job = {
      kind: 'run' as const,
      ...run,
      certificates: run.certificates.map(({ certificate, serial }) => ({
        ...this.toPrint(certificate),
        ...(serial !== undefined && { serial }),
      })),
      verifierUrl: this.effects.verifierUrl,
      layout: await this.layouts.toPrint(issuer),
    };
    return printed((await this.printers.print(job)).pdf);
  }

  /**
   * How a certificate will print, as a PNG picture marked as preview and without QR.
   * @param record of a certificate that is not issued; what will be decided at issuance as it shall stand there
   * @throws YizhengError as `drawPage`; `PRINTER_LOST`, `PRINTER_CLOSED` (503)
   */
  async preview(record: CertificateRecord): Promise<Uint8Array> {
    const job = {
      kind: 'preview' as const,
      face: certificateFace(record),
      certificateKind: record.kind,
      verifierUrl: this.effects.verifierUrl,
      layout: await this.layouts.toPrint(record.issuer.id),
    };
    return printed((await this.printers.print(job)).png);
  }

  /** Slips that hand out offers to wallets, as `printSlips` draws them. @throws YizhengError as `printSlips`; `PRINTER_LOST`, `PRINTER_CLOSED` (503) */
  async slips(slips: Omit<SlipsJob, 'kind'>): Promise<Uint8Array> {
    return printed((await this.printers.print({ kind: 'slips', ...slips })).pdf);
  }

  /** A seal fit for print, as `sealPicture` makes it. @throws YizhengError `PICTURE_UNREADABLE`, `PICTURE_SIZE` (422) */
  async sealPicture(picture: Uint8Array): Promise<Uint8Array> {
    return printed((await this.printers.print({ kind: 'seal', picture })).png);
  }

  private toPrint(certificate: Pick<IssuedCertificate, 'json' | 'credential'>): PrintedCertificate {
    const { verificationMethod } = certificate.credential.proof;
    const key = this.effects.keystore.list().find(({ id }) => id === verificationMethod);
    if (!key)
      throw new YizhengError('KEY_NOT_FOUND', 'The key of this certificate is not in custody.', { status: 500 });
    const { id, controller, publicKeyMultibase } = key;
    return { json: certificate.json, key: { id, controller, publicKeyMultibase } };
  }

  /** Ends the printing threads. */
  close(): Promise<void> {
    return this.printers.close();
  }
}

function printed(file: Uint8Array | undefined): Uint8Array {
  if (!file) throw new TypeError('the printer printed something else');
  return file;
}
