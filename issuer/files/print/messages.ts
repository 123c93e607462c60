import type { KeyInfo } from '../../../keys/custody.js';
import type { CertificateFace } from '../certificate-face.js';
import type { CertificatePage, PrintLayout } from '../print-layout.js';

/** A stored certificate as a thread gets it. */
export interface PrintedCertificate {
  /** The stored text of the signed credential, byte for byte. */
  json: string;
  /** Public key that signed, as custody lists it. */
  key: Pick<KeyInfo, 'id' | 'controller' | 'publicKeyMultibase'>;
}

/** What every page has in common. */
interface OnPaper {
  /** Address of the verifier that the QR code opens. */
  verifierUrl: string;
  layout: PrintLayout;
}

/** The files of one certificate. `photo`: any picture `portrait` takes. */
export interface CertificateJob extends PrintedCertificate, OnPaper {
  kind: 'certificate';
  pdf: boolean;
  png: boolean;
  photo?: Uint8Array;
}

/** Sheets of a print run; see `printRun`. */
export interface RunJob extends OnPaper {
  kind: 'run';
  title: string;
  /** Of the run; the file says nothing of when it was drawn. */
  at: Date;
  perSheet: 1 | 2;
  certificates: readonly (PrintedCertificate & { serial?: string })[];
}

/** A page of what is not issued yet, as a picture. */
export interface PreviewJob extends OnPaper {
  kind: 'preview';
  face: CertificateFace;
  certificateKind: CertificatePage['kind'];
}

/** One offer to a wallet as a slip shows it; its code never stands on the slip. */
export interface Slip {
  holder: string;
  /** Number of the certificate, or of the row in its batch where it is not issued yet. */
  certificate: string;
  /** Opened by wallets. */
  uri: string;
  /** Opened by the camera of any phone. */
  walletLink?: string;
  /** RFC 3339. */
  expiresAt: string;
  /** Code for the list that is kept apart from the slips; without it a second person tells it. */
  txCode?: string;
}

/** Most slips in one file. */
export const SLIPS_IN_FILE = 200;

/** Slips to hand out, four on a page, and the list of their codes; see `printSlips`. */
export interface SlipsJob {
  kind: 'slips';
  institution: string;
  at: Date;
  slips: readonly Slip[];
}

/** A picture somebody chose as seal, to be made fit for print; see `sealPicture`. */
export interface SealJob {
  kind: 'seal';
  picture: Uint8Array;
}

/** What a printing thread does. */
export type PrintJob = CertificateJob | RunJob | PreviewJob | SlipsJob | SealJob;

/** What was asked for. */
export interface Printed {
  pdf?: Uint8Array;
  png?: Uint8Array;
}

/** To a printing thread. */
export interface ToPrinter {
  id: number;
  job: PrintJob;
}

/** From a printing thread; `ready` once, when everything it needs is loaded. */
export type FromPrinter =
  | { type: 'ready' }
  | { type: 'done'; id: number; printed: Printed }
  | { type: 'failed'; id: number; error: { code: string; message: string; status: number; at?: string } };
