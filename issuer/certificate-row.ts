import type { Knex } from 'knex';
import { readRecord, type CertificateCredential } from '../shared/certificate/credential.js';
import type { CertificateRecord } from '../shared/certificate/record.js';

/** What can be done to a certificate's status. A revocation is for ever. */
export type CertificateStatus = 'active' | 'suspended' | 'revoked';

/**
 * Certificates that wait for their signature, of all institutions. SQLite uses the small index of them only where a question says its
 * condition in so many words.
 */
export const IS_RESERVED = `certificates.state = 'reserved'`;

/** A certificate as the issuer stores it. Holds nothing of the holder but what the credential says. */
export interface CertificateRow {
  /** `id` of the credential. */
  id: string;
  institution: string;
  number: string;
  revision: number;
  kind: string;
  /** Status list and index, never freed. */
  list: number;
  list_index: number;
  /** JSON of the unsigned credential, exactly as it is signed; null where a batch stored the signed one at once. */
  unsigned: string | null;
  /** `proof.created`. */
  proof_created: string;
  key_id: string;
  /** `reserved` until the signature is stored; `void` when it can never be signed (its number is never used again). */
  state: 'reserved' | 'issued' | 'void';
  /** JSON of the signed credential. */
  credential: string | null;
  status: CertificateStatus;
  status_reason: string | null;
  status_at: string | null;
  /** HMAC of who was certified for what, so that one result is not issued twice. */
  duplicate_key: string | null;
  /** HMAC of the same as far as the certificate shows it, for credentials that clients write themselves. */
  result_key: string | null;
  /** HMAC of the holder's document type and number, so that a correction stays with the same person; null where not known. */
  holder_key: string | null;
  /** Id of the assessment it rests on, so that a whole session can be found. */
  assessment: string | null;
  /** QR text, where a batch made it; else it is made when asked for. */
  qr: string | null;
  supersedes: string | null;
  /** Where it is counted, see `certificate_cells`; null where that is not known. */
  cell: number | null;
  idempotency_key: string;
  actor: string;
  reserved_at: string;
  issued_at: string | null;
}

/** A certificate as the outside may see it: issued and stored. */
export interface IssuedCertificate {
  id: string;
  certificateNumber: string;
  revision: number;
  status: CertificateStatus;
  statusReason?: string;
  issuedAt: string;
  credential: CertificateCredential;
  /** The stored text of `credential`, byte for byte. */
  json: string;
}

/** Reads a certificate by credential id, or the newest revision by number. */
export async function findCertificate(
  knex: Knex,
  institution: string,
  idOrNumber: string,
): Promise<CertificateRow | undefined> {
  return knex<CertificateRow>('certificates')
    .where({ institution, id: idOrNumber })
    .orWhere({ institution, number: idOrNumber, state: 'issued' })
    .orderBy('revision', 'desc')
    .first();
}

/**
 * What a stored certificate says.
 * @param row at least `unsigned` and `credential`
 * @throws YizhengError as `readRecord`
 */
export function recordOfRow(row: Pick<CertificateRow, 'unsigned' | 'credential'>): CertificateRecord {
  return readRecord(JSON.parse(row.credential ?? row.unsigned ?? 'null'));
}

/** The outside view of a stored certificate; undefined while it is not issued. */
export function issuedCertificate(row: CertificateRow): IssuedCertificate | undefined {
  if (row.state !== 'issued' || row.credential === null) return undefined;
  return {
    id: row.id,
    certificateNumber: row.number,
    revision: row.revision,
    status: row.status,
    ...(row.status_reason === null ? {} : { statusReason: row.status_reason }),
    issuedAt: row.issued_at ?? row.reserved_at,
    credential: JSON.parse(row.credential) as CertificateCredential,
    json: row.credential,
  };
}
