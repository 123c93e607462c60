import type { CertificateRecord } from '../shared/certificate/record.js';
import type { Custody } from './custody.js';
import { Keystore } from './keystore.js';
import { OneByOneSigner } from './one-by-one-signer.js';
import { createSigningPool } from './signing-pool.js';

/** A record without number, revision, date of issue, parties and status. */
export type DraftRecord = Partial<CertificateRecord>;

/** One certificate of a batch, with everything decided but its signature. */
export interface PlannedCertificate<Draft = DraftRecord> {
  draft: Draft;
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

/** Texts in one piece of memory, in UTF-8: text `i` lies from `starts[i]` to `ends[i]`. */
export interface TextRanges {
  bytes: Uint8Array;
  starts: Uint32Array;
  ends: Uint32Array;
}

/** {@link PlannedCertificate}s member by member, with drafts as JSON text: a few lists cost less than an object for each. */
export type PlannedCertificates = { draft: TextRanges } & {
  readonly [Member in Exclude<keyof PlannedCertificate, 'draft'>]: readonly PlannedCertificate[Member][];
};

/** Certificates to make, and what they have in common. */
export interface CertificateJob {
  /** `proof.created`, RFC 3339 UTC with whole seconds. */
  created: string;
  /** Address of the verifier that the QR text opens. */
  verifierUrl: string;
  under: readonly Pick<CertificateRecord, 'issuer' | 'authority' | 'accreditation'>[];
  certificates: PlannedCertificates;
}

/** Texts in one piece of memory, in UTF-8: text `i` lies between `ends[i - 1]` (0 for the first) and `ends[i]`. */
export interface PackedTexts {
  bytes: Uint8Array<ArrayBuffer>;
  ends: Uint32Array<ArrayBuffer>;
}

/** JSON texts of certificates, some of them apart from what they share: see `shared/certificate/credential-skeleton.ts`. */
export interface ApartTexts {
  /** Each whole, or the texts that are its own. */
  texts: PackedTexts;
  /** What certificates share. */
  skeletons: readonly string[];
  /** Which of them each has; {@link WHOLE} for a text that is whole. */
  skeletonOf: Uint8Array<ArrayBuffer>;
}

/** In {@link ApartTexts.skeletonOf}, of a text that is whole. */
export const WHOLE = 255;

/** Certificates, signed and checked, ready to be stored, member by member. Their texts are bytes, which nobody has to take apart to store them. */
export interface MadeCertificates {
  kind: CertificateRecord['kind'][];
  /** The signed credentials as JSON text, in parts one after the other. */
  json: ApartTexts[];
  /** The QR texts as `encodeQr` writes them, likewise. */
  qr: PackedTexts[];
  /** SHA-256 of each credential, {@link DIGEST_LENGTH} characters of hex each. */
  sha256: string;
}

/** Characters of one digest in {@link MadeCertificates.sha256}. */
export const DIGEST_LENGTH = 64;

/** Makes many certificates with one key. The same job gives the same bytes, today and after a crash. */
export interface BulkSigner {
  /**
   * @returns the certificates, in order
   * @throws YizhengError `KEY_NOT_ACTIVE` (409), `SIGNATURE_REJECTED`, `SIGNER_FAILED`, `SIGNING_THREAD_LOST`,
   *   `SIGNING_POOL_CLOSED`, `TOKEN_*` (503), and codes of the proof suite with the place; nothing of the job is returned then
   */
  make(job: CertificateJob): Promise<MadeCertificates>;
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
