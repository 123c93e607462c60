import type { CertificateRecord } from '../shared/certificate/record.js';
import type { Custody } from './custody.js';
import { Keystore } from './keystore.js';
import { OneByOneSigner } from './one-by-one-signer.js';
import { createSigningPool } from './signing-pool.js';

/** One certificate of a batch, with everything decided but its signature. */
export interface PlannedCertificate {
  /** JSON text of the record without number, revision, date of issue, parties and status. */
  draft: string;
  number: string;
  revision: number;
  /** Date of issue. */
  issuedOn: string;
  /** Place of its parties in {@link CertificateJob.under}. */
  under: number;
  /** Status list and index. */
  list: number;
  index: number;
}

/** Certificates to make, and what they have in common. */
export interface CertificateJob {
  /** `proof.created`, RFC 3339 UTC with whole seconds. */
  created: string;
  /** Address of the verifier that the QR text opens. */
  verifierUrl: string;
  under: readonly Pick<CertificateRecord, 'issuer' | 'authority' | 'accreditation'>[];
  certificates: readonly PlannedCertificate[];
}

/** A certificate, signed and checked, ready to be stored. Its texts are bytes, which nobody has to take apart to store them. */
export interface MadeCertificate {
  id: string;
  kind: CertificateRecord['kind'];
  /** UTF-8 of the signed credential as JSON text. */
  json: Uint8Array;
  /** UTF-8 of the QR text as `encodeQr` writes it. */
  qr: Uint8Array;
  /** SHA-256 of `json`, hex. */
  sha256: string;
}

/** Makes many certificates with one key. The same job gives the same bytes, today and after a crash. */
export interface BulkSigner {
  /**
   * @returns the certificates, in order
   * @throws YizhengError `KEY_NOT_ACTIVE` (409), `SIGNATURE_REJECTED`, `SIGNER_FAILED`, `SIGNING_THREAD_LOST`,
   *   `SIGNING_POOL_CLOSED`, `TOKEN_*` (503), and codes of the proof suite with the place; nothing of the job is returned then
   */
  make(job: CertificateJob): Promise<MadeCertificate[]>;
  /** Ends it after what was asked before. */
  close(): Promise<void>;
}

/**
 * The fastest way to sign many certificates with a key in custody: threads where the key lies in a keystore file, else through
 * {@link Custody.signer}, a few at a time.
 * @param options `threads`: as many as there are processors unless given
 * @throws YizhengError `KEY_NOT_FOUND` (404), `KEY_NOT_ACTIVE` (409)
 */
export function createBulkSigner(options: { custody: Custody; keyId: string; threads?: number }): BulkSigner {
  const { custody, ...rest } = options;
  const key = custody.list().find(({ id }) => id === options.keyId);
  return custody instanceof Keystore && key?.token === undefined
    ? createSigningPool({ keystore: custody, ...rest })
    : new OneByOneSigner(custody, options.keyId);
}
