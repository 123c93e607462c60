import type { KeyObject } from 'node:crypto';
import type { CertificateRecord } from '../../shared/certificate/record.js';

/** What a signing thread starts with. A key object crosses over as a handle: no key bytes are copied into a message. */
export interface SigningThreadData {
  keyId: string;
  privateKey: KeyObject;
}

/** A chunk to sign. */
export interface SigningRequest {
  chunk: number;
  records: readonly CertificateRecord[];
  created: string;
}

/** What became of a chunk: all of it or nothing. */
export type SigningAnswer =
  { chunk: number; texts: string[] } | { chunk: number; failed: { code: string; message: string; index: number } };
