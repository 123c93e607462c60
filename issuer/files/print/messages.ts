import type { KeyInfo } from '../../../keys/custody.js';

/** What is printed for one certificate. */
export interface PrintJob {
  /** The stored text of the signed credential, byte for byte. */
  json: string;
  /** Address of the verifier that the QR code opens. */
  verifierUrl: string;
  /** Public key that signed, as custody lists it. */
  key: Pick<KeyInfo, 'id' | 'controller' | 'publicKeyMultibase'>;
  pdf: boolean;
  png: boolean;
}

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
